// A few centers straight from the rows, the coordinates in the lanes: few and quick_distances.
#pragma once

#include "pack.inl.hpp"

#include <limits>

namespace {

using kmosaic::group_width;

// ---- few ---------------------------------------------------------------------------------------------------

template <class T>
void few(const T* const* rows, int count, int64_t d, const Real<T>* shift, Real<T> scale, const float* centers,
         const float* half_norms, int k, float* scores, float* squared_norms) {
    for (int r = 0; r < count; ++r) {
        float* score = scores + r * group_width;
        float norm = 0;
        for (int c = 0; c < group_width; ++c) score[c] = std::numeric_limits<float>::infinity();
        for (int c = 0; c < k; ++c) score[c] = half_norms[c];
        for (int64_t from = 0; from < d; from += kmosaic::chunk_terms) {
            const int64_t to = from + kmosaic::chunk_terms < d ? from + kmosaic::chunk_terms : d;
            float part[group_width] = {};
            for (int64_t j = from; j < to; ++j) {
                const float x = static_cast<float>((static_cast<Real<T>>(rows[r][j]) - shift[j]) * scale);
                norm += x * x;
                for (int c = 0; c < k; ++c) part[c] += x * centers[c * d + j];
            }
            for (int c = 0; c < k; ++c) score[c] -= part[c];
        }
        squared_norms[r] = norm;
    }
}

// ---- best_of_few -------------------------------------------------------------------------------------------

void best_of_few(const float* scores, int count, float* best, float* second, int32_t* index) {
    for (int r = 0; r < count; ++r) {
        const float* score = scores + r * group_width;
        best[r] = second[r] = std::numeric_limits<float>::infinity();
        index[r] = 0;
        for (int c = 0; c < group_width; ++c) {
            if (score[c] < best[r]) {
                second[r] = best[r];
                best[r] = score[c];
                index[r] = c;
            } else if (score[c] < second[r]) {
                second[r] = score[c];
            }
        }
    }
}

// ---- quick_distances ---------------------------------------------------------------------------------------

static inline VecF gap(const float* x, const float* c) { return load<VecF>(x) - load<VecF>(c); }
static inline VecF gap(const uint8_t* x, const float* c) { return floats(load<FloatBytes>(x)) - load<VecF>(c); }
static inline VecF gap(const double* x, const double* c) {
    const HalfF low = narrow(load<VecD>(x) - load<VecD>(c));
    const HalfF high = narrow(load<VecD>(x + double_lanes) - load<VecD>(c + double_lanes));
    VecF both;
    std::memcpy(&both, &low, sizeof low);
    std::memcpy(reinterpret_cast<char*>(&both) + sizeof low, &high, sizeof high);
    return both;
}

template <class T>
void quick_distances(const T* x, int64_t d, const Real<T>* centers, const int32_t* which, int count, float* squared) {
    for (int i = 0; i < count; ++i) {
        const Real<T>* c = centers + which[i] * d;
        VecF sums = {};
        int64_t j = 0;
        for (; j + float_lanes <= d; j += float_lanes) {
            const VecF v = gap(x + j, c + j);
            sums = fma(v, v, sums);
        }
        float sum = 0;
        for (; j < d; ++j) {
            const auto v = static_cast<float>(static_cast<Real<T>>(x[j]) - c[j]);
            sum += v * v;
        }
        squared[i] = sum + sum_of(sums);
    }
}

} // namespace
