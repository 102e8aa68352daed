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

// Differences: in lanes of float, or, where the rows are double, in lanes of double: more exact than was asked for,
// and quicker than narrowing them.
static inline VecF gap(const float* x, const float* c) { return load<VecF>(x) - load<VecF>(c); }
static inline VecF gap(const uint8_t* x, const float* c) { return floats(load<FloatBytes>(x)) - load<VecF>(c); }
static inline VecD gap(const double* x, const double* c) { return load<VecD>(x) - load<VecD>(c); }

static inline VecF first_gap(const float* x, const float* c, int count) {
    return load_first(x, count) - load_first(c, count);
}
static inline VecF first_gap(const uint8_t* x, const float* c, int count) {
    return floats(load_first(x, count)) - load_first(c, count);
}
static inline VecD first_gap(const double* x, const double* c, int count) {
    return load_first(x, count) - load_first(c, count);
}

static inline VecF together(VecF a, VecF b) { return a + b; }
static inline VecF together(VecD a, VecD b) { return joined(narrow(a), narrow(b)); }

// C <= 4 centers, so that a coordinate of the row is read once for all of them; their sums in turns of two (four for
// one center), because an addition takes four times as long as it keeps the adder busy.
//
// Additions that a term passes, with L lanes and t turns: d / (L t) + t - 1 in its lane (what is left over goes to the
// first turn), then log2 t + log2 L: at most d / 4 + 4 for L >= 4, as quick_error() has it. (From d = 4 t on; below, the
// other turns are zeros, whose addition is exact.)
template <int C, class T>
static inline void add_distances(const T* x, int64_t d, const Real<T>* centers, const int32_t* which, float* squared) {
    using V = decltype(gap(x, centers));
    constexpr int lanes = sizeof(V) / sizeof(V{}[0]), turns = C == 1 ? 4 : 2;
    const Real<T>* c[C];
#pragma GCC unroll 4
    for (int i = 0; i < C; ++i) c[i] = centers + which[i] * d;
    V sum[4][4] = {};
    int64_t j = 0;
    for (; j + turns * lanes <= d; j += turns * lanes)
#pragma GCC unroll 4
        for (int turn = 0; turn < turns; ++turn)
#pragma GCC unroll 4
            for (int i = 0; i < C; ++i) {
                const V v = gap(x + j + turn * lanes, c[i] + j + turn * lanes);
                sum[turn][i] = fma(v, v, sum[turn][i]);
            }
    for (; j + lanes <= d; j += lanes)
#pragma GCC unroll 4
        for (int i = 0; i < C; ++i) {
            const V v = gap(x + j, c[i] + j);
            sum[0][i] = fma(v, v, sum[0][i]);
        }
    if (j < d)
#pragma GCC unroll 4
        for (int i = 0; i < C; ++i) {
            const V v = first_gap(x + j, c[i] + j, static_cast<int>(d - j));
            sum[0][i] = fma(v, v, sum[0][i]);
        }
    VecF all[4] = {};
#pragma GCC unroll 4
    for (int i = 0; i < C; ++i)
        all[i] = turns == 4 ? together(sum[0][i] + sum[2][i], sum[1][i] + sum[3][i]) : together(sum[0][i], sum[1][i]);
    const Quad four = fold<Plus>(all[0], all[1], all[2], all[3]);
    std::memcpy(squared, &four, C * sizeof(float));
}

template <class T>
void quick_distances(const T* x, int64_t d, const Real<T>* centers, const int32_t* which, int count, float* squared) {
    int i = 0;
    for (; i + 4 <= count; i += 4) add_distances<4>(x, d, centers, which + i, squared + i);
    switch (count - i) {
    case 3: return add_distances<3>(x, d, centers, which + i, squared + i);
    case 2: return add_distances<2>(x, d, centers, which + i, squared + i);
    case 1: return add_distances<1>(x, d, centers, which + i, squared + i);
    default: return;
    }
}

} // namespace
