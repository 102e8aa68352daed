// Vec<T>: one register of one instruction set, by GCC/Clang vector extensions.
//
// Included once per instruction set, inside an anonymous namespace's translation unit: nothing here may be an inline
// function with external linkage, or the linker could pick the AVX-512 copy for a processor that has none.
#pragma once

#include <cstdint>
#include <cstring>

#if defined(__SSE2__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

namespace {

#if defined(__AVX512F__)
constexpr int register_bytes = 64;
#elif defined(__AVX2__)
constexpr int register_bytes = 32;
#else
constexpr int register_bytes = 16;
#endif

constexpr int float_lanes = register_bytes / 4;
constexpr int double_lanes = register_bytes / 8;

typedef float VecF __attribute__((vector_size(register_bytes)));
typedef int32_t VecI __attribute__((vector_size(register_bytes)));
typedef uint32_t VecU __attribute__((vector_size(register_bytes)));
typedef double VecD __attribute__((vector_size(register_bytes)));
typedef int64_t VecL __attribute__((vector_size(register_bytes)));
typedef float HalfF __attribute__((vector_size(register_bytes / 2))); // as many floats as VecD has doubles
typedef uint8_t FloatBytes __attribute__((vector_size(float_lanes)));   // as many bytes as VecF has floats
typedef uint8_t DoubleBytes __attribute__((vector_size(double_lanes))); // as many bytes as VecD has doubles

template <class V, class T>
static inline V load(const T* from) {
    V v;
    std::memcpy(&v, from, sizeof(V));
    return v;
}

template <class V, class T>
static inline void store(T* to, V v) {
    std::memcpy(to, &v, sizeof(V));
}

// A splat by arithmetic: filling the vector in a loop makes gcc 12 spill and costs six times the time. It is a
// subtraction because s - 0 is s for every s, which compilers know, while 0 + s is not (-0) and costs an addition.
static inline VecF splat(float s) { return s - VecF{}; }
static inline VecD splat(double s) { return s - VecD{}; }

static inline VecF fma(VecF a, VecF b, VecF c) {
#if defined(__AVX512F__)
    return (VecF)_mm512_fmadd_ps((__m512)a, (__m512)b, (__m512)c);
#elif defined(__AVX2__)
    return (VecF)_mm256_fmadd_ps((__m256)a, (__m256)b, (__m256)c);
#elif defined(__aarch64__)
    return (VecF)vfmaq_f32((float32x4_t)c, (float32x4_t)a, (float32x4_t)b);
#else
    return a * b + c;
#endif
}

static inline VecD fma(VecD a, VecD b, VecD c) {
#if defined(__AVX512F__)
    return (VecD)_mm512_fmadd_pd((__m512d)a, (__m512d)b, (__m512d)c);
#elif defined(__AVX2__)
    return (VecD)_mm256_fmadd_pd((__m256d)a, (__m256d)b, (__m256d)c);
#elif defined(__aarch64__)
    return (VecD)vfmaq_f64((float64x2_t)c, (float64x2_t)a, (float64x2_t)b);
#else
    return a * b + c;
#endif
}

// c - a * b
static inline VecF less_product(VecF a, VecF b, VecF c) {
#if defined(__AVX512F__)
    return (VecF)_mm512_fnmadd_ps((__m512)a, (__m512)b, (__m512)c);
#elif defined(__AVX2__)
    return (VecF)_mm256_fnmadd_ps((__m256)a, (__m256)b, (__m256)c);
#elif defined(__aarch64__)
    return (VecF)vfmsq_f32((float32x4_t)c, (float32x4_t)a, (float32x4_t)b);
#else
    return c - a * b;
#endif
}

// b where either is NaN, as in larger().
static inline VecF smaller(VecF a, VecF b) {
#if defined(__AVX512F__)
    return (VecF)_mm512_min_ps((__m512)a, (__m512)b);
#elif defined(__AVX2__)
    return (VecF)_mm256_min_ps((__m256)a, (__m256)b);
#else
    return a < b ? a : b;
#endif
}

static inline VecF larger(VecF a, VecF b) {
#if defined(__AVX512F__)
    return (VecF)_mm512_max_ps((__m512)a, (__m512)b);
#elif defined(__AVX2__)
    return (VecF)_mm256_max_ps((__m256)a, (__m256)b);
#else
    return a > b ? a : b;
#endif
}

static inline VecF square_roots(VecF v) {
#if defined(__AVX512F__)
    return (VecF)_mm512_sqrt_ps((__m512)v);
#elif defined(__AVX2__)
    return (VecF)_mm256_sqrt_ps((__m256)v);
#elif defined(__SSE2__)
    return (VecF)_mm_sqrt_ps((__m128)v);
#else
    return (VecF)vsqrtq_f32((float32x4_t)v);
#endif
}

static inline VecD square_roots(VecD v) {
#if defined(__AVX512F__)
    return (VecD)_mm512_sqrt_pd((__m512d)v);
#elif defined(__AVX2__)
    return (VecD)_mm256_sqrt_pd((__m256d)v);
#elif defined(__SSE2__)
    return (VecD)_mm_sqrt_pd((__m128d)v);
#else
    return (VecD)vsqrtq_f64((float64x2_t)v);
#endif
}

// a where x < y, else b.
static inline VecI where_less(VecF x, VecF y, VecI a, VecI b) {
#if defined(__AVX512F__)
    const __mmask16 less = _mm512_cmp_ps_mask((__m512)x, (__m512)y, _CMP_LT_OQ);
    return (VecI)_mm512_mask_mov_epi32((__m512i)b, less, (__m512i)a);
#else
    return x < y ? a : b;
#endif
}

static inline VecF floats(FloatBytes v) {
#if defined(__AVX512F__)
    return (VecF)_mm512_cvtepi32_ps(_mm512_cvtepu8_epi32((__m128i)v));
#elif defined(__AVX2__)
    int64_t bits;
    std::memcpy(&bits, &v, sizeof bits);
    return (VecF)_mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(_mm_cvtsi64_si128(bits)));
#elif defined(__SSE2__)
    int32_t bits;
    std::memcpy(&bits, &v, sizeof bits);
    const __m128i zero = _mm_setzero_si128();
    return (VecF)_mm_cvtepi32_ps(_mm_unpacklo_epi16(_mm_unpacklo_epi8(_mm_cvtsi32_si128(bits), zero), zero));
#else
    return __builtin_convertvector(v, VecF);
#endif
}

// By hand, as above: gcc 12 converts bytes one at a time.
static inline VecD doubles(DoubleBytes v) {
#if defined(__AVX512F__)
    int64_t bits;
    std::memcpy(&bits, &v, sizeof bits);
    return (VecD)_mm512_cvtepi32_pd(_mm256_cvtepu8_epi32(_mm_cvtsi64_si128(bits)));
#elif defined(__AVX2__)
    int32_t bits;
    std::memcpy(&bits, &v, sizeof bits);
    return (VecD)_mm256_cvtepi32_pd(_mm_cvtepu8_epi32(_mm_cvtsi32_si128(bits)));
#else
    return __builtin_convertvector(v, VecD);
#endif
}

// By hand: gcc 12 takes vectors of AVX2 apart for it.
static inline VecD widen(HalfF v) {
#if defined(__AVX2__) && !defined(__AVX512F__)
    return (VecD)_mm256_cvtps_pd((__m128)v);
#else
    return __builtin_convertvector(v, VecD);
#endif
}
static inline HalfF narrow(VecD v) {
#if defined(__AVX2__) && !defined(__AVX512F__)
    return (HalfF)_mm256_cvtpd_ps((__m256d)v);
#else
    return __builtin_convertvector(v, HalfF);
#endif
}

// By a shuffle: copying the halves to their places goes through memory.
static inline VecF joined(HalfF low, HalfF high) {
#if defined(__AVX512F__)
    return __builtin_shufflevector(low, high, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
#elif defined(__AVX2__)
    return __builtin_shufflevector(low, high, 0, 1, 2, 3, 4, 5, 6, 7);
#else
    return __builtin_shufflevector(low, high, 0, 1, 2, 3);
#endif
}

} // namespace
