// One sparse row against many columns of a matrix that lie side by side: each value that is not zero is read once, and
// meets a few whole registers.
#pragma once

#include "kernels.hpp"
#include "simd.hpp"

namespace {

// Two sums for each column, of every other value, so that additions need not wait for each other.
template <int vectors, class T>
void sparse_scores_of(const T* values, const int32_t* columns, int64_t count, T scale, const float* panel, float* sums) {
    constexpr int64_t width = vectors * float_lanes;
    VecF even[vectors] = {}, odd[vectors] = {};
    int64_t p = 0;
    for (; p + 2 <= count; p += 2) {
        const VecF first = splat(static_cast<float>(values[p] * scale)), next = splat(static_cast<float>(values[p + 1] * scale));
        const float *at = panel + columns[p] * width, *then = panel + columns[p + 1] * width;
#pragma GCC unroll 4
        for (int i = 0; i < vectors; ++i) {
            even[i] = fma(first, load<VecF>(at + i * float_lanes), even[i]);
            odd[i] = fma(next, load<VecF>(then + i * float_lanes), odd[i]);
        }
    }
    if (p < count) {
        const VecF last = splat(static_cast<float>(values[p] * scale));
#pragma GCC unroll 4
        for (int i = 0; i < vectors; ++i) even[i] = fma(last, load<VecF>(panel + columns[p] * width + i * float_lanes), even[i]);
    }
    for (int i = 0; i < vectors; ++i) store(sums + i * float_lanes, even[i] + odd[i]);
}

// Registers are few where vectors are short: then wide panels are taken in several passes.
template <int vectors, class T>
void sparse_scores_wide(const T* values, const int32_t* columns, int64_t count, T scale, const float* panel, float* sums) {
    constexpr int at_once = vectors % 4 ? 3 : 4; // AVX2 has six vectors in a panel of 48
    constexpr int64_t width = vectors * float_lanes;
    for (int first = 0; first < vectors; first += at_once) {
        VecF sum[at_once] = {};
        for (int64_t p = 0; p < count; ++p) {
            const VecF value = splat(static_cast<float>(values[p] * scale));
            const float* at = panel + columns[p] * width + first * float_lanes;
#pragma GCC unroll 4
            for (int i = 0; i < at_once; ++i) sum[i] = fma(value, load<VecF>(at + i * float_lanes), sum[i]);
        }
        for (int i = 0; i < at_once; ++i) store(sums + (first + i) * float_lanes, sum[i]);
    }
}

template <int groups, class T>
void sparse_scores_by(const T* values, const int32_t* columns, int64_t count, T scale, const float* panel, float* sums) {
    constexpr int vectors = groups * kmosaic::group_width / float_lanes;
    if constexpr (vectors <= 4) sparse_scores_of<vectors>(values, columns, count, scale, panel, sums);
    else sparse_scores_wide<vectors>(values, columns, count, scale, panel, sums);
}

template <class T>
void sparse_scores(const T* values, const int32_t* columns, int64_t count, T scale, const float* panel, int width,
                   float* sums) {
    switch (width / kmosaic::group_width) {
    case 1: return sparse_scores_by<1>(values, columns, count, scale, panel, sums);
    case 2: return sparse_scores_by<2>(values, columns, count, scale, panel, sums);
    case 3: return sparse_scores_by<3>(values, columns, count, scale, panel, sums);
    default: return sparse_scores_by<4>(values, columns, count, scale, panel, sums);
    }
}

// No fused multiply-add: the bits must be those of reference.cpp everywhere.
template <class T>
void sparse_dots(const T* values, const int32_t* columns, int64_t count, const double* panel, double* dots) {
    constexpr int vectors = kmosaic::dots_width / double_lanes;
    VecD even[vectors] = {}, odd[vectors] = {};
    int64_t p = 0;
    for (; p + 2 <= count; p += 2) {
        const VecD first = splat(static_cast<double>(values[p])), next = splat(static_cast<double>(values[p + 1]));
        const double *at = panel + static_cast<int64_t>(columns[p]) * kmosaic::dots_width;
        const double *then = panel + static_cast<int64_t>(columns[p + 1]) * kmosaic::dots_width;
#pragma GCC unroll 4
        for (int i = 0; i < vectors; ++i) {
            even[i] += first * load<VecD>(at + i * double_lanes);
            odd[i] += next * load<VecD>(then + i * double_lanes);
        }
    }
    if (p < count) {
        const VecD last = splat(static_cast<double>(values[p]));
        const double* at = panel + static_cast<int64_t>(columns[p]) * kmosaic::dots_width;
        for (int i = 0; i < vectors; ++i) even[i] += last * load<VecD>(at + i * double_lanes);
    }
    for (int i = 0; i < vectors; ++i) store(dots + i * double_lanes, even[i] + odd[i]);
}

template <class T>
constexpr kmosaic::SparseKernels<T> sparse_kernels() {
    return {sparse_scores<T>, sparse_dots<T>};
}

} // namespace
