// One sparse row against many columns of a matrix that lie side by side: each value that is not zero is read once, and
// meets a few whole registers. What goes by memory more than by arithmetic: centers stand in 16 bits, two in a word, so
// that those of 32 centers are one line of the cache.
#pragma once

#include "sparse_sums.inl.hpp"

namespace {

#if defined(__AVX512F__)
typedef float Words __attribute__((vector_size(32))); // two centers a word: registers of 64 bytes would seldom be full
static inline Words fma(Words a, Words b, Words c) { return (Words)_mm256_fmadd_ps((__m256)a, (__m256)b, (__m256)c); }
#else
typedef VecF Words;
#endif

// Few centers: half of a register is all there is of a column.
typedef float FewWords __attribute__((vector_size(16)));
#if defined(__AVX2__)
static inline FewWords fma(FewWords a, FewWords b, FewWords c) { return (FewWords)_mm_fmadd_ps((__m128)a, (__m128)b, (__m128)c); }
#endif

// A word as it stands is the first of its centers: what the second has in the low half is less than the rounding, and was
// taken into account there. Sums take turns, so that additions need not wait for each other.
template <class Words, int parts, int turns, class T>
void pair_scores_of(const T* values, const int32_t* columns, int64_t count, T scale, const uint32_t* panel, int words,
                    const float* half_norms, float* scores) {
    using WordBits = decltype(Words{} == Words{}); // whole numbers of the same width
    constexpr int word_lanes = sizeof(Words) / 4;
    Words first[turns][parts] = {}, second[turns][parts] = {};
    const auto add = [&](int turn, int64_t p) {
        const Words x = static_cast<float>(values[p] * scale) - Words{};
        const uint32_t* at = panel + static_cast<int64_t>(columns[p]) * words;
#pragma GCC unroll 4
        for (int i = 0; i < parts; ++i) {
            const auto both = load<WordBits>(at + i * word_lanes);
            first[turn][i] = fma(x, (Words)both, first[turn][i]);
            second[turn][i] = fma(x, (Words)(both << 16), second[turn][i]);
        }
    };
    int64_t p = 0;
    for (; p + turns <= count; p += turns)
#pragma GCC unroll 4
        for (int turn = 0; turn < turns; ++turn) add(turn, p + turn);
    for (; p < count; ++p) add(0, p);
#pragma GCC unroll 4
    for (int i = 0; i < parts; ++i) {
#pragma GCC unroll 4
        for (int turn = 1; turn < turns; ++turn) {
            first[0][i] += first[turn][i];
            second[0][i] += second[turn][i];
        }
        store(scores + i * word_lanes, load<Words>(half_norms + i * word_lanes) - first[0][i]);
        store(scores + words + i * word_lanes, load<Words>(half_norms + words + i * word_lanes) - second[0][i]);
    }
}

// Registers are few where vectors are short: then wide panels are taken in several passes.
template <int groups, class T>
void pair_scores_by(const T* values, const int32_t* columns, int64_t count, T scale, const uint32_t* panel,
                    const float* half_norms, float* scores) {
    constexpr int word_lanes = sizeof(Words) / 4, words = groups * kmosaic::group_width / 2, parts = words / word_lanes;
    constexpr int at_once = parts <= 4 ? parts : parts % 4 ? 3 : 4;
    constexpr int turns = at_once == 1 ? 4 : at_once == 2 ? 2 : 1;
    for (int i = 0; i < parts; i += at_once)
        pair_scores_of<Words, at_once, turns>(values, columns, count, scale, panel + i * word_lanes, words,
                                       half_norms + i * word_lanes, scores + i * word_lanes);
}

template <class T>
void sparse_scores(const T* values, const int32_t* columns, int64_t count, T scale, const uint32_t* panel, int width,
                   const float* half_norms, float* scores) {
    switch (width / kmosaic::group_width) {
    case 0: return pair_scores_of<FewWords, 1, 4>(values, columns, count, scale, panel, 4, half_norms, scores);
    case 1: return pair_scores_by<1>(values, columns, count, scale, panel, half_norms, scores);
    case 2: return pair_scores_by<2>(values, columns, count, scale, panel, half_norms, scores);
    case 3: return pair_scores_by<3>(values, columns, count, scale, panel, half_norms, scores);
    default: return pair_scores_by<4>(values, columns, count, scale, panel, half_norms, scores);
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
    return {sparse_scores<T>, sparse_dots<T>, sparse_add<T>, sparse_move<T>};
}

} // namespace
