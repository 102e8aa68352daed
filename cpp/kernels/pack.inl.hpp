// Rows into float32: pack (a tile, columns outermost) and level (one row).
#pragma once

#include "across.inl.hpp"
#include "kernels.hpp"
#include "simd.hpp"

namespace {

using kmosaic::Real;

// Accumulators of the fused kernel: row_vectors x panel_centers registers, plus the rows' and one for the center.
#if defined(__AVX512F__) || defined(__aarch64__)
constexpr int row_vectors = 4, panel_centers = 5; // 32 registers
#else
constexpr int row_vectors = 3, panel_centers = 4; // 16 registers
#endif
constexpr int tile_rows = row_vectors * float_lanes;
static_assert(tile_rows <= kmosaic::max_tile_rows);

// ---- pack --------------------------------------------------------------------------------------------------

template <int... I>
static inline VecF zip_low(VecF a, VecF b, std::integer_sequence<int, I...>) {
    return __builtin_shufflevector(a, b, (I % 2 ? float_lanes + I / 2 : I / 2)...);
}

template <int... I>
static inline VecF zip_high(VecF a, VecF b, std::integer_sequence<int, I...>) {
    return __builtin_shufflevector(a, b, (float_lanes / 2 + (I % 2 ? float_lanes + I / 2 : I / 2))...);
}

// Rows become columns. One round of zips rotates the bits of (vector, lane) by one place; as many rounds as a lane
// number has bits exchange the two.
static inline void transpose(VecF (&v)[float_lanes]) {
    constexpr std::make_integer_sequence<int, float_lanes> lanes{};
    constexpr int half = float_lanes / 2;
#pragma GCC unroll 4
    for (int round = 1; round < float_lanes; round *= 2) {
        VecF out[float_lanes];
#pragma GCC unroll 16
        for (int i = 0; i < half; ++i) {
            out[2 * i] = zip_low(v[i], v[i + half], lanes);
            out[2 * i + 1] = zip_high(v[i], v[i + half], lanes);
        }
#pragma GCC unroll 16
        for (int i = 0; i < float_lanes; ++i) v[i] = out[i];
    }
}

static inline VecF load_shifted(const float* x, const float* shift, float scale) {
    return (load<VecF>(x) - load<VecF>(shift)) * scale;
}

static inline VecF load_shifted(const uint8_t* x, const float* shift, float scale) {
    return (floats(load<FloatBytes>(x)) - load<VecF>(shift)) * scale;
}

static inline VecF load_shifted(const double* x, const double* shift, double scale) {
    const HalfF low = narrow((load<VecD>(x) - load<VecD>(shift)) * scale);
    const HalfF high = narrow((load<VecD>(x + double_lanes) - load<VecD>(shift + double_lanes)) * scale);
    return joined(low, high);
}

// The first `count` of float_lanes; zeros behind.
static inline VecF load_first_shifted(const float* x, const float* shift, float scale, int count) {
    return (load_first(x, count) - load_first(shift, count)) * scale;
}

static inline VecF load_first_shifted(const uint8_t* x, const float* shift, float scale, int count) {
    return (floats(load_first(x, count)) - load_first(shift, count)) * scale;
}

static inline VecF load_first_shifted(const double* x, const double* shift, double scale, int count) {
    const int low = count < double_lanes ? count : double_lanes;
    return joined(narrow((load_first(x, low) - load_first(shift, low)) * scale),
                  narrow((load_first(x + low, count - low) - load_first(shift + low, count - low)) * scale));
}

// ---- narrow rows that lie one behind the other

// Lane i of column j of D columns, the numbers of 3 vectors counted through: from the first two, then from the third.
template <int J, int... I>
static inline VecF third(VecF a, VecF b, VecF c, std::integer_sequence<int, I...>) {
    const VecF ab = __builtin_shufflevector(a, b, (3 * I + J < 2 * float_lanes ? 3 * I + J : 0)...);
    return __builtin_shufflevector(ab, c, (3 * I + J < 2 * float_lanes ? I : 3 * I + J - float_lanes)...);
}

template <int J, int... I>
static inline VecF half(VecF a, VecF b, std::integer_sequence<int, I...>) {
    return __builtin_shufflevector(a, b, (2 * I + J)...);
}

// D vectors of rows of D numbers become D columns. For a power of two each round rotates the bits of (vector, lane)
// the other way round than transpose() does.
template <int D>
static inline void columns(VecF (&v)[D]) {
    constexpr std::make_integer_sequence<int, float_lanes> lanes{};
    if constexpr (D == 3) {
        const VecF a = v[0], b = v[1], c = v[2];
        v[0] = third<0>(a, b, c, lanes);
        v[1] = third<1>(a, b, c, lanes);
        v[2] = third<2>(a, b, c, lanes);
    } else {
#pragma GCC unroll 4
        for (int round = 1; round < D; round *= 2) {
            VecF out[D];
#pragma GCC unroll 8
            for (int i = 0; i < D / 2; ++i) {
                out[i] = half<0>(v[2 * i], v[2 * i + 1], lanes);
                out[i + D / 2] = half<1>(v[2 * i], v[2 * i + 1], lanes);
            }
#pragma GCC unroll 8
            for (int i = 0; i < D; ++i) v[i] = out[i];
        }
    }
}

template <int D, class T>
static inline void pack_narrow(const T* x, const Real<T>* shift, Real<T> scale, float* tile, float* squared_norms) {
    constexpr int period = D == 3 ? 3 : 1; // vectors until the shifts come again
    Real<T> shifts[period * float_lanes];
#pragma GCC unroll 48
    for (int i = 0; i < period * float_lanes; ++i) shifts[i] = shift[i % D];
    for (int first = 0; first < tile_rows; first += float_lanes) {
        VecF v[D], sum = {};
#pragma GCC unroll 8
        for (int i = 0; i < D; ++i)
            v[i] = load_shifted(x + first * D + i * float_lanes, shifts + i % period * float_lanes, scale);
        columns<D>(v);
#pragma GCC unroll 8
        for (int j = 0; j < D; ++j) {
            sum = fma(v[j], v[j], sum);
            store(tile + j * tile_rows + first, v[j]);
        }
        store(squared_norms + first, sum);
    }
}

template <class T>
static inline bool one_behind_the_other(const T* const* rows, int64_t d) {
    bool all = true;
    for (int r = 1; r < tile_rows; ++r) all &= rows[r] == rows[0] + r * d;
    return all;
}

template <class T>
void pack(const T* const* rows, int count, int64_t d, const Real<T>* shift, Real<T> scale, float* tile,
          float* squared_norms) {
    if (d <= 8 && count == tile_rows && one_behind_the_other(rows, d)) {
        switch (d) {
        case 1: return pack_narrow<1>(rows[0], shift, scale, tile, squared_norms);
        case 2: return pack_narrow<2>(rows[0], shift, scale, tile, squared_norms);
        case 3: return pack_narrow<3>(rows[0], shift, scale, tile, squared_norms);
        case 4: return pack_narrow<4>(rows[0], shift, scale, tile, squared_norms);
        case 8:
            if constexpr (float_lanes >= 8) return pack_narrow<8>(rows[0], shift, scale, tile, squared_norms);
            break;
        default: break;
        }
    }
    for (int first = 0; first < tile_rows; first += float_lanes) {
        const T* row[float_lanes];
        for (int i = 0; i < float_lanes; ++i) row[i] = rows[first + i < count ? first + i : count - 1];
        VecF sum = {};
        int64_t j = 0;
        for (; j + float_lanes <= d; j += float_lanes) {
            VecF v[float_lanes];
#pragma GCC unroll 16
            for (int i = 0; i < float_lanes; ++i) v[i] = load_shifted(row[i] + j, shift + j, scale);
            transpose(v);
#pragma GCC unroll 16
            for (int i = 0; i < float_lanes; ++i) {
                sum = fma(v[i], v[i], sum);
                store(tile + (j + i) * tile_rows + first, v[i]);
            }
        }
        if (const auto left = static_cast<int>(d - j); left > float_lanes / 2) { // else one by one is quicker
            VecF v[float_lanes];
#pragma GCC unroll 16
            for (int i = 0; i < float_lanes; ++i) v[i] = load_first_shifted(row[i] + j, shift + j, scale, left);
            transpose(v);
            for (int i = 0; j < d; ++i, ++j) {
                sum = fma(v[i], v[i], sum);
                store(tile + j * tile_rows + first, v[i]);
            }
        }
        for (; j < d; ++j) {
            float column[float_lanes];
            for (int i = 0; i < float_lanes; ++i)
                column[i] = static_cast<float>((static_cast<Real<T>>(row[i][j]) - shift[j]) * scale);
            const VecF v = load<VecF>(column);
            sum = fma(v, v, sum);
            store(tile + j * tile_rows + first, v);
        }
        store(squared_norms + first, sum);
    }
}

// ---- level -------------------------------------------------------------------------------------------------

template <class T>
float level(const T* x, int64_t d, const Real<T>* shift, Real<T> scale, float* out) {
    VecF sums = {}, more = {}; // in turns, so that additions need not wait for each other
    int64_t j = 0;
    for (; j + 2 * float_lanes <= d; j += 2 * float_lanes) {
        const VecF v = load_shifted(x + j, shift + j, scale);
        const VecF w = load_shifted(x + j + float_lanes, shift + j + float_lanes, scale);
        sums = fma(v, v, sums);
        more = fma(w, w, more);
        store(out + j, v);
        store(out + j + float_lanes, w);
    }
    if (j + float_lanes <= d) {
        const VecF v = load_shifted(x + j, shift + j, scale);
        sums = fma(v, v, sums);
        store(out + j, v);
        j += float_lanes;
    }
    if (j < d) {
        const auto count = static_cast<int>(d - j);
        const VecF v = load_first_shifted(x + j, shift + j, scale, count);
        more = fma(v, v, more);
        store_first(out + j, v, count);
    }
    const VecF all = sums + more;
    return fold<Plus>(all, all, all, all)[0];
}

} // namespace
