// One row, the centers in the lanes: which of its bounds fail (failing_lanes, keep_lanes), its nearest center (least_lanes),
// new bounds (distance_lanes).
#pragma once

#include "across.inl.hpp"

namespace {

#if defined(__AVX2__) && !defined(__AVX512F__)
// The bits of each number of 8 bits, ascending, a byte each.
struct BitNumbers {
    uint64_t of[256] = {};
    constexpr BitNumbers() {
        for (uint64_t bits = 0; bits < 256; ++bits)
            for (uint64_t bit = 0, found = 0; bit < 8; ++bit)
                if (bits >> bit & 1) of[bits] |= bit << 8 * found++;
    }
};
constexpr BitNumbers bit_numbers;
#endif

int failing_lanes(const float* bounds, const float* drifts, float upper, int k, int skip, int32_t* found) {
    constexpr float shrunk = 1 - 0x1p-22f;
    int how_many = 0;
#if defined(__AVX512F__)
    const __m512i lanes = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    for (int first = 0; first < k; first += 16) {
        const VecF bound = load<VecF>(bounds + first) * shrunk - load<VecF>(drifts + first);
        __mmask16 fails = _mm512_cmp_ps_mask(_mm512_set1_ps(upper), (__m512)bound, _CMP_NLT_UQ);
        if (k - first < 16) fails &= static_cast<__mmask16>((1u << (k - first)) - 1);
        if (static_cast<unsigned>(skip - first) < 16) fails &= static_cast<__mmask16>(~(1u << (skip - first)));
        if (!fails) continue;
        _mm512_storeu_si512(found + how_many,
                            _mm512_maskz_compress_epi32(fails, _mm512_add_epi32(lanes, _mm512_set1_epi32(first))));
        how_many += __builtin_popcount(fails);
    }
#elif defined(__AVX2__)
    for (int first = 0; first < k; first += 8) {
        const VecF bound = load<VecF>(bounds + first) * shrunk - load<VecF>(drifts + first);
        auto fails = static_cast<unsigned>(
            _mm256_movemask_ps(_mm256_cmp_ps(_mm256_set1_ps(upper), (__m256)bound, _CMP_NLT_UQ)));
        if (k - first < 8) fails &= (1u << (k - first)) - 1;
        if (static_cast<unsigned>(skip - first) < 8) fails &= ~(1u << (skip - first));
        const __m128i numbers = _mm_cvtsi64_si128(static_cast<int64_t>(bit_numbers.of[fails]));
        _mm256_storeu_si256(reinterpret_cast<__m256i*>(found + how_many),
                            _mm256_add_epi32(_mm256_cvtepu8_epi32(numbers), _mm256_set1_epi32(first)));
        how_many += __builtin_popcount(fails);
    }
#else
    for (int c = 0; c < k; ++c) {
        found[how_many] = c;
        how_many += !(upper < bounds[c] * shrunk - drifts[c]) && c != skip;
    }
#endif
    return how_many;
}

int least_lanes(const float* scores, int count, float* least, float* next) {
    const VecF none = splat(std::numeric_limits<float>::infinity());
    VecF low = none;
    for (int c = 0; c < count; c += float_lanes) low = smaller(load<VecF>(scores + c), low);
    *least = fold<Least>(low, low, low, low)[0];
    int best = -1;
    VecF others = none;
    for (int c = 0; c < count; c += float_lanes) {
        auto score = load<VecF>(scores + c);
        const uint32_t bits = best < 0 ? bits_of(equal(score, splat(*least))) : 0;
        if (bits) {
            const int lane = __builtin_ctz(bits);
            best = c + lane;
            score = where(differing(lane_numbers(), VecI{} + lane), score, none);
        }
        others = smaller(score, others);
    }
    *next = fold<Least>(others, others, others, others)[0];
    return best < 0 ? 0 : best;
}

void distance_lanes(const float* scores, int count, float squared, float slack, float* bounds) {
    constexpr float shrunk = 1 - 0x1p-22f;
    for (int c = 0; c < count; c += float_lanes) {
        const VecF least = squared + load<VecF>(scores + c) * 2.0f - slack;
        store(bounds + c, square_roots(larger(least, VecF{})) * shrunk);
    }
}

void lower_lanes(const float* squared, int count, float share, float vanished, float unit, float slop, float* low) {
    for (int i = 0; i < count; i += float_lanes) {
        const VecF left = larger(load<VecF>(squared + i) * share - vanished, VecF{});
        const VecF length = larger(square_roots(left) * unit - slop, VecF{});
        store(low + i, smaller(length, splat(kmosaic::longest_bound)));
    }
}

bool keep_lanes(float* bounds, const float* drifts, int count, float upper) {
    constexpr float shrunk = 1 - 0x1p-22f;
    uint32_t kept = ~0u;
    for (int c = 0; c < count; c += float_lanes) {
        const VecF bound = load<VecF>(bounds + c) * shrunk - load<VecF>(drifts + c);
        store(bounds + c, bound);
        kept &= bits_of(greater(bound, splat(upper)));
    }
    return (kept & ((1u << float_lanes) - 1)) == (1u << float_lanes) - 1;
}

} // namespace
