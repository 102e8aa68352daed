// Sixteen rows of few columns, the rows in the lanes, all in float64: leaf_nearest, leaf_sum.
#pragma once

#include "kernels.hpp"
#include "rows.inl.hpp"
#include "simd.hpp"

#include <limits>

namespace {

typedef int32_t HalfI __attribute__((vector_size(register_bytes / 2))); // as many integers as VecD has doubles

static inline VecL splat(int64_t s) { return s - VecL{}; }

// Masked by all ones: the plain intrinsics of gcc 12 warn of their own undefined operand.
static inline VecD smaller(VecD a, VecD b) {
#if defined(__AVX512F__)
    return (VecD)_mm512_maskz_min_pd(0xff, (__m512d)a, (__m512d)b);
#else
    return a < b ? a : b;
#endif
}

static inline VecD larger(VecD a, VecD b) {
#if defined(__AVX512F__)
    return (VecD)_mm512_maskz_max_pd(0xff, (__m512d)a, (__m512d)b);
#else
    return a > b ? a : b;
#endif
}

// a where x < y, else b.
static inline VecL where_less(VecD x, VecD y, VecL a, VecL b) {
#if defined(__AVX512F__)
    const __mmask8 less = _mm512_cmp_pd_mask((__m512d)x, (__m512d)y, _CMP_LT_OQ);
    return (VecL)_mm512_mask_mov_epi64((__m512i)b, less, (__m512i)a);
#else
    return x < y ? a : b;
#endif
}

static inline double smallest_lane(VecD v) {
    double lane[double_lanes];
    store(lane, v);
    for (int width = double_lanes / 2; width >= 1; width /= 2)
        for (int i = 0; i < width; ++i) lane[i] = lane[i + width] < lane[i] ? lane[i + width] : lane[i];
    return lane[0];
}

static inline uint32_t different(const int32_t* a, const int32_t* b) {
    uint32_t mask = 0;
    for (int first = 0; first < kmosaic::leaf_rows; first += float_lanes) {
        const VecI x = load<VecI>(a + first), y = load<VecI>(b + first);
#if defined(__AVX512F__)
        mask |= static_cast<uint32_t>(_mm512_cmpneq_epi32_mask((__m512i)x, (__m512i)y)) << first;
#elif defined(__AVX2__)
        mask |= static_cast<uint32_t>(_mm256_movemask_ps((__m256)(x != y))) << first;
#else
        for (int i = 0; i < float_lanes; ++i) mask |= static_cast<uint32_t>(x[i] != y[i]) << (first + i);
#endif
    }
    return mask;
}

// The order of operations of squared_distance(), its zeros left out.
template <int d>
static inline VecD sum_of_squares(const VecD* x, const double* c) {
    VecD part[4];
#pragma GCC unroll 8
    for (int j = 0; j < d; ++j) {
        const VecD gap = x[j] - splat(c[j]);
        part[j % 4] = j < 4 ? gap * gap : part[j % 4] + gap * gap;
    }
    if constexpr (d == 1) return part[0];
    if constexpr (d == 2) return part[0] + part[1];
    if constexpr (d == 3) return (part[0] + part[2]) + part[1];
    return (part[0] + part[2]) + (part[1] + part[3]);
}

template <class T, int d>
kmosaic::LeafFound leaf_nearest_in(const T* leaf, const double* centers, const int32_t* ids, int count,
                                   const int32_t* before, int32_t* labels) {
    constexpr int vectors = kmosaic::leaf_rows / double_lanes;
    constexpr int together = 2; // so that one sum need not wait for the other
    const VecD infinity = splat(std::numeric_limits<double>::infinity());
    VecD ratio = infinity, widest = {};
    for (int v = 0; v < vectors; v += together) {
        VecD x[together][d], best[together], second[together];
        VecL label[together];
#pragma GCC unroll 2
        for (int i = 0; i < together; ++i) {
#pragma GCC unroll 8
            for (int j = 0; j < d; ++j) x[i][j] = load_wide(leaf + j * kmosaic::leaf_rows + (v + i) * double_lanes);
            best[i] = second[i] = infinity;
            label[i] = splat(static_cast<int64_t>(ids[0]));
        }
        for (int c = 0; c < count; ++c) {
            const VecL id = splat(static_cast<int64_t>(ids[c]));
#pragma GCC unroll 2
            for (int i = 0; i < together; ++i) {
                const VecD squared = sum_of_squares<d>(x[i], centers + c * d);
                label[i] = where_less(squared, best[i], id, label[i]);
                second[i] = smaller(second[i], larger(best[i], squared));
                best[i] = smaller(best[i], squared);
            }
        }
#pragma GCC unroll 2
        for (int i = 0; i < together; ++i) {
            store(labels + (v + i) * double_lanes, __builtin_convertvector(label[i], HalfI));
            const VecD gap = second[i] - best[i];
            ratio = smaller(ratio, gap / larger(second[i], splat(0x1p-1000)) * gap);
            widest = larger(widest, second[i]);
        }
    }
    return {different(before, labels), smallest_lane(ratio), -smallest_lane(-widest)};
}

template <class T>
kmosaic::LeafFound leaf_nearest(const T* leaf, int64_t d, const double* centers, const int32_t* ids, int count,
                                const int32_t* before, int32_t* labels) {
    static constexpr decltype(&leaf_nearest_in<T, 1>) by_columns[] = {
        leaf_nearest_in<T, 1>, leaf_nearest_in<T, 2>, leaf_nearest_in<T, 3>, leaf_nearest_in<T, 4>,
        leaf_nearest_in<T, 5>, leaf_nearest_in<T, 6>, leaf_nearest_in<T, 7>, leaf_nearest_in<T, 8>};
    return by_columns[d - 1](leaf, centers, ids, count, before, labels);
}

template <class T>
void leaf_sum(const T* leaf, int64_t d, const kmosaic::Real<T>* shift, const double* grid, uint32_t rows,
              int64_t* sums) {
    constexpr int vectors = kmosaic::leaf_rows / double_lanes;
    const VecD magics = splat(0x1.8p52); // see accumulate()
    VecL chosen[vectors];
    for (int r = 0; r < kmosaic::leaf_rows; ++r) chosen[r / double_lanes][r % double_lanes] = -int64_t(rows >> r & 1);
    for (int64_t j = 0; j < d; ++j) {
        const VecD middle = splat(static_cast<double>(shift[j])), factor = splat(grid[j]);
        VecL sum = {};
        for (int v = 0; v < vectors; ++v) {
            const VecD value = (load_wide(leaf + j * kmosaic::leaf_rows + v * double_lanes) - middle) * factor;
            sum += ((VecL)(value + magics) - (VecL)magics) & chosen[v];
        }
        sums[j] = 0;
        for (int i = 0; i < double_lanes; ++i) sums[j] += sum[i];
    }
}

} // namespace
