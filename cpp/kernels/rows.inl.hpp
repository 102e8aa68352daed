// Kernels that read single rows in full precision: range, squared_distance, known_distance,
// accumulate.
#pragma once

#include "kernels.hpp"
#include "simd.hpp"

namespace {

// ---- range -------------------------------------------------------------------------------------------------

template <class T>
bool range(const T* x, int64_t d, T* low, T* high) {
    typedef T V __attribute__((vector_size(register_bytes)));
    constexpr int lanes = register_bytes / static_cast<int>(sizeof(T));
    V poison = {}; // x - x is zero for finite x, NaN otherwise, and NaN stays
    int64_t j = 0;
    for (; j + lanes <= d; j += lanes) {
        const V v = load<V>(x + j), l = load<V>(low + j), h = load<V>(high + j);
        poison += v - v;
        store(low + j, v < l ? v : l);
        store(high + j, v > h ? v : h);
    }
    T rest = 0;
    for (; j < d; ++j) {
        rest += x[j] - x[j];
        if (x[j] < low[j]) low[j] = x[j];
        if (x[j] > high[j]) high[j] = x[j];
    }
    for (int i = 0; i < lanes; ++i) rest += poison[i];
    return rest == 0;
}

// ---- squared_distance --------------------------------------------------------------------------------------

static inline VecD load_wide(const double* x) { return load<VecD>(x); }
static inline VecD load_wide(const float* x) { return widen(load<HalfF>(x)); }
static inline VecD load_wide(const uint8_t* x) { return doubles(load<DoubleBytes>(x)); }

// What is known of a gap: 0 in place of NaN.
static inline VecD known(VecD gap) { return (VecD)((VecL)gap & (VecL)(gap == gap)); }

// Built without contraction into fused multiply-adds: the bits must be those of reference.cpp everywhere.
template <class T, bool all_known>
double distance_of(const T* x, const double* c, int64_t d) {
    constexpr int vectors = 16 / double_lanes;
    alignas(64) double part[16] = {};
    int64_t j = 0;
    if (d >= 16) {
        VecD sum[vectors] = {};
        for (; j + 16 <= d; j += 16) {
#pragma GCC unroll 8
            for (int i = 0; i < vectors; ++i) {
                VecD gap = load_wide(x + j + i * double_lanes) - load<VecD>(c + j + i * double_lanes);
                if constexpr (!all_known) gap = known(gap);
                sum[i] += gap * gap;
            }
        }
        for (int i = 0; i < vectors; ++i) store(part + i * double_lanes, sum[i]);
    }
    for (int i = 0; j < d; ++j, ++i) {
        const double gap = static_cast<double>(x[j]) - c[j];
        if (all_known || gap == gap) part[i] += gap * gap;
    }
    // Adding a zero changes nothing, so short rows may leave the empty half of the tree out.
    if (d > 8)
        for (int i = 0; i < 8; ++i) part[i] += part[i + 8];
    if (d > 4)
        for (int i = 0; i < 4; ++i) part[i] += part[i + 4];
    return (part[0] + part[2]) + (part[1] + part[3]);
}

template <class T>
double squared_distance(const T* x, const double* c, int64_t d) {
    return distance_of<T, true>(x, c, d);
}

template <class T>
double known_distance(const T* x, const double* c, int64_t d) {
    return distance_of<T, false>(x, c, d);
}

// ---- accumulate --------------------------------------------------------------------------------------------

template <class T>
void accumulate(const T* x, int64_t d, const kmosaic::Real<T>* shift, const double* grid, int sign, int64_t* sums) {
    // v + 1.5 * 2^52 has the rounded integer v in its low bits, for |v| < 2^51: one addition rounds and converts.
    const double magic = 0x1.8p52;
    const VecD magics = splat(magic);
    const VecL offset = (VecL)magics, flip = VecL{} - (sign < 0);
    int64_t j = 0;
    for (; j + double_lanes <= d; j += double_lanes) {
        const VecD v = (load_wide(x + j) - load_wide(shift + j)) * load<VecD>(grid + j);
        const VecL q = (VecL)(v + magics) - offset;
        store(sums + j, load<VecL>(sums + j) + ((q ^ flip) - flip));
    }
    for (; j < d; ++j) {
        const double v = (static_cast<double>(x[j]) - static_cast<double>(shift[j])) * grid[j] + magic;
        int64_t bits, zero;
        std::memcpy(&bits, &v, sizeof bits);
        std::memcpy(&zero, &magic, sizeof zero);
        sums[j] += sign * (bits - zero);
    }
}

} // namespace
