// Across the lanes of a vector: comparisons as one bit a lane, sums and minima of all lanes, loads of a few lanes.
#pragma once

#include "kernels.hpp"
#include "simd.hpp"

#include <limits>
#include <utility>

namespace {

using kmosaic::group_width;

// Keeps a vector that is used several times in a register: compilers may read it from memory again for each use.
static inline VecF in_register(VecF v) {
#if defined(__AVX512F__)
    asm("" : "+v"(v));
#elif defined(__AVX2__)
    asm("" : "+x"(v));
#endif
    return v;
}

// ---- comparisons -------------------------------------------------------------------------------------------

#if defined(__AVX512F__)
typedef __mmask16 Lanes;
static inline Lanes greater(VecF a, VecF b) { return _mm512_cmp_ps_mask((__m512)a, (__m512)b, _CMP_GT_OQ); }
static inline Lanes less(VecF a, VecF b) { return _mm512_cmp_ps_mask((__m512)a, (__m512)b, _CMP_LT_OQ); }
static inline Lanes equal(VecF a, VecF b) { return _mm512_cmp_ps_mask((__m512)a, (__m512)b, _CMP_EQ_OQ); }
static inline Lanes differing(VecI a, VecI b) { return _mm512_cmpneq_epi32_mask((__m512i)a, (__m512i)b); }
static inline Lanes both(Lanes a, Lanes b) { return _kand_mask16(a, b); }
static inline Lanes without(Lanes a, Lanes b) { return _kandn_mask16(b, a); }
static inline VecF where(Lanes lanes, VecF a, VecF b) {
    return (VecF)_mm512_mask_mov_ps((__m512)b, lanes, (__m512)a);
}
static inline uint32_t bits_of(Lanes lanes) { return lanes; }
#else
typedef VecI Lanes;
static inline Lanes greater(VecF a, VecF b) { return a > b; }
static inline Lanes less(VecF a, VecF b) { return a < b; }
static inline Lanes equal(VecF a, VecF b) { return a == b; }
static inline Lanes differing(VecI a, VecI b) { return a != b; }
static inline Lanes both(Lanes a, Lanes b) { return a & b; }
static inline Lanes without(Lanes a, Lanes b) { return a & ~b; }
static inline VecF where(Lanes lanes, VecF a, VecF b) { return (VecF)((lanes & (VecI)a) | (~lanes & (VecI)b)); }
static inline uint32_t bits_of(Lanes lanes) {
#if defined(__AVX2__)
    return static_cast<uint32_t>(_mm256_movemask_ps((__m256)lanes));
#elif defined(__SSE2__)
    return static_cast<uint32_t>(_mm_movemask_ps((__m128)lanes));
#else
    const VecI weighed = lanes & VecI{1, 2, 4, 8};
    return static_cast<uint32_t>(weighed[0] | weighed[1] | weighed[2] | weighed[3]);
#endif
}
#endif

template <int... I>
static inline VecI counted(std::integer_sequence<int, I...>) {
    return VecI{I...};
}

// 0, 1, 2, ...
static inline VecI lane_numbers() { return counted(std::make_integer_sequence<int, float_lanes>{}); }

// ---- all lanes into one ------------------------------------------------------------------------------------

typedef float Quad __attribute__((vector_size(16)));

struct Plus {
    static VecF of(VecF a, VecF b) { return a + b; }
};
struct Least {
    static VecF of(VecF a, VecF b) { return smaller(a, b); }
};

template <int First, int... I>
static inline VecF singles(VecF a, VecF b, std::integer_sequence<int, I...>) { // a0 b0 a1 b1 of every four
    return __builtin_shufflevector(a, b, (I / 4 * 4 + First + I % 4 / 2 + I % 2 * float_lanes)...);
}

template <int First, int... I>
static inline VecF pairs(VecF a, VecF b, std::integer_sequence<int, I...>) { // a0 a1 b0 b1 of every four
    return __builtin_shufflevector(a, b, (I / 4 * 4 + First + I % 2 + I % 4 / 2 * float_lanes)...);
}

template <int By, int... I>
static inline VecF turned(VecF v, std::integer_sequence<int, I...>) {
    return __builtin_shufflevector(v, v, ((I + By) % float_lanes)...);
}

// (all lanes of a, of b, of c, of d), by a tree of log2(float_lanes) levels; four at once share most of their steps.
template <class By>
static inline Quad fold(VecF a, VecF b, VecF c, VecF d) {
    constexpr std::make_integer_sequence<int, float_lanes> lanes{};
    const VecF ab = By::of(singles<0>(a, b, lanes), singles<2>(a, b, lanes));
    const VecF cd = By::of(singles<0>(c, d, lanes), singles<2>(c, d, lanes));
    VecF all = By::of(pairs<0>(ab, cd, lanes), pairs<2>(ab, cd, lanes));
    if constexpr (float_lanes > 8) all = By::of(all, turned<8>(all, lanes));
    if constexpr (float_lanes > 4) all = By::of(all, turned<4>(all, lanes));
    Quad four;
    std::memcpy(&four, &all, sizeof four);
    return four;
}

// ---- the first few lanes -----------------------------------------------------------------------------------

// from[0 .. count - 1], count <= the lanes of V, zeros behind; nothing else is read.
template <class V, class T>
static inline V load_one_by_one(const T* from, int count) {
    T values[sizeof(V) / sizeof(T)] = {};
    for (int i = 0; i < count; ++i) values[i] = from[i];
    return load<V>(values);
}

#if defined(__AVX512F__)
static inline unsigned first(int count) { return (1u << count) - 1; }
static inline VecF load_first(const float* from, int count) {
    return (VecF)_mm512_maskz_loadu_ps(static_cast<__mmask16>(first(count)), from);
}
static inline VecD load_first(const double* from, int count) {
    return (VecD)_mm512_maskz_loadu_pd(static_cast<__mmask8>(first(count)), from);
}
static inline FloatBytes load_first(const uint8_t* from, int count) {
    return (FloatBytes)_mm_maskz_loadu_epi8(static_cast<__mmask16>(first(count)), from);
}
static inline void store_first(float* to, VecF v, int count) {
    _mm512_mask_storeu_ps(to, static_cast<__mmask16>(first(count)), (__m512)v);
}
#elif defined(__AVX2__)
static inline VecI first(int count) { return lane_numbers() < VecI{} + count; }
static inline VecF load_first(const float* from, int count) {
    return (VecF)_mm256_maskload_ps(from, (__m256i)first(count));
}
static inline VecD load_first(const double* from, int count) {
    return (VecD)_mm256_maskload_pd(from, (__m256i)(VecL{0, 1, 2, 3} < VecL{} + count));
}
static inline FloatBytes load_first(const uint8_t* from, int count) { return load_one_by_one<FloatBytes>(from, count); }
static inline void store_first(float* to, VecF v, int count) {
    _mm256_maskstore_ps(to, (__m256i)first(count), (__m256)v);
}
#else
static inline VecF load_first(const float* from, int count) { return load_one_by_one<VecF>(from, count); }
static inline VecD load_first(const double* from, int count) { return load_one_by_one<VecD>(from, count); }
static inline FloatBytes load_first(const uint8_t* from, int count) { return load_one_by_one<FloatBytes>(from, count); }
static inline void store_first(float* to, VecF v, int count) {
    for (int i = 0; i < count; ++i) to[i] = v[i];
}
#endif

} // namespace
