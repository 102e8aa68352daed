// What the bounded algorithms need: one group of centers against the rows that may need it (sift), and bounds of many
// rows at once (least_bounds, failing).
#pragma once

#include "across.inl.hpp"

namespace {

constexpr float shrink = 1 - 0x1p-22f;

// ---- sift --------------------------------------------------------------------------------------------------

// Centers in the lanes, one accumulator for each row and vector of the group, in registers.
constexpr int group_vectors = group_width / float_lanes;
#if defined(__AVX512F__)
constexpr int sifted_together = 8; // as many addresses as there are registers for them
#elif defined(__AVX2__)
constexpr int sifted_together = 5; // 10 accumulators, 2 vectors of the group, 1 coordinate
#elif defined(__aarch64__)
constexpr int sifted_together = 6; // 24 accumulators, 4 vectors of the group, 1 coordinate
#else
constexpr int sifted_together = 2;
#endif

template <int R>
struct Sieve {
    // Too few rows would wait for each other's additions: their terms take turns on several accumulators.
    static constexpr int turns = R == 1 ? 4 : R < 4 ? 2 : 1;
    static constexpr int step = turns > 1 ? turns : 4;
    VecF part[turns][R][group_vectors] = {};

    inline void add(const float* const* rows, const float* group, int64_t from, int64_t to) {
        int64_t j = from;
        for (; j + step <= to; j += step)
#pragma GCC unroll 4
            for (int t = 0; t < step; ++t) term(t % turns, rows, j + t, group);
        for (; j < to; ++j) term(0, rows, j, group);
    }

    inline void term(int turn, const float* const* rows, int64_t j, const float* group) {
        VecF centers[group_vectors];
#pragma GCC unroll 4
        for (int v = 0; v < group_vectors; ++v)
            centers[v] = in_register(load<VecF>(group + j * group_width + v * float_lanes));
#pragma GCC unroll 8
        for (int r = 0; r < R; ++r) {
            const VecF x = splat(rows[r][j]);
#pragma GCC unroll 4
            for (int v = 0; v < group_vectors; ++v) part[turn][r][v] = fma(x, centers[v], part[turn][r][v]);
        }
    }

    inline VecF sum(int r, int v) const {
        VecF all = part[0][r][v];
#pragma GCC unroll 4
        for (int turn = 1; turn < turns; ++turn) all += part[turn][r][v];
        return all;
    }
};

template <int R>
static inline void take_off(const float* const* rows, const float* group, int64_t from, int64_t to,
                            VecF (&score)[R][group_vectors]) {
    Sieve<R> sieve;
    sieve.add(rows, group, from, to);
#pragma GCC unroll 8
    for (int r = 0; r < R; ++r)
#pragma GCC unroll 4
        for (int v = 0; v < group_vectors; ++v) score[r][v] -= sieve.sum(r, v);
}

// The mask of one row; returns the lane-wise smallest of its other scores.
static inline VecF judge(const VecF (&score)[group_vectors], float limit, int32_t skip, uint32_t* mask) {
    const VecF none = splat(std::numeric_limits<float>::infinity());
    VecF rest = none;
    uint32_t bits = 0;
#pragma GCC unroll 4
    for (int v = 0; v < group_vectors; ++v) {
        const Lanes asked = differing(lane_numbers() + v * float_lanes, VecI{} + skip);
        const Lanes beyond = both(asked, greater(score[v], splat(limit)));
        bits |= bits_of(without(asked, beyond)) << (v * float_lanes);
        rest = smaller(rest, where(beyond, score[v], none));
    }
    *mask = bits;
    return rest;
}

// The smallest lane of each row.
template <int R>
static inline void write_least(const VecF (&others)[R], float* rest) {
#pragma GCC unroll 2
    for (int r = 0; r < R; r += 4) {
        const auto row = [&](int i) { return others[r + i < R ? r + i : R - 1]; };
        const Quad four = fold<Least>(row(0), row(1), row(2), row(3));
        std::memcpy(rest + r, &four, sizeof(float) * (R - r < 4 ? R - r : 4));
    }
}

template <int R>
void sift_rows(const float* const* rows, int64_t d, const float* group, const float* half_norms, const float* limits,
               const int32_t* skip, uint32_t* masks, float* rest) {
    using kmosaic::chunk_terms;
    VecF score[R][group_vectors];
#pragma GCC unroll 8
    for (int r = 0; r < R; ++r)
#pragma GCC unroll 4
        for (int v = 0; v < group_vectors; ++v) score[r][v] = load<VecF>(half_norms + v * float_lanes);
    for (int64_t from = 0; from < d; from += chunk_terms)
        take_off<R>(rows, group, from, from + chunk_terms < d ? from + chunk_terms : d, score);
    VecF others[R];
#pragma GCC unroll 8
    for (int r = 0; r < R; ++r) others[r] = judge(score[r], limits[r], skip[r], masks + r);
    write_least<R>(others, rest);
}

using SiftRows = decltype(&sift_rows<1>);

template <int... I>
static inline SiftRows sift_of(int count, std::integer_sequence<int, I...>) {
    static constexpr SiftRows for_count[] = {sift_rows<I + 1>...};
    return for_count[count - 1];
}

// All rows at once, or in parts of nearly equal size.
void sift(const float* const* rows, int count, int64_t d, const float* group, const float* half_norms,
          const float* limits, const int32_t* skip, uint32_t* masks, float* rest) {
    for (int parts = (count + sifted_together - 1) / sifted_together, r = 0; parts > 0; --parts) {
        const int here = (count - r) / parts;
        sift_of(here, std::make_integer_sequence<int, sifted_together>{})(rows + r, d, group, half_norms, limits + r,
                                                                          skip + r, masks + r, rest + r);
        r += here;
    }
}

// ---- bounds ------------------------------------------------------------------------------------------------

static inline VecF lowered(const float* bounds, float drift) { return load<VecF>(bounds) * shrink - splat(drift); }

// Many rows at a time, so that each group's bounds are read in long runs.
template <int Vectors>
static inline void least_of_rows(const float* bounds, int64_t stride, int groups, const float* drifts, float* low) {
    VecF least[Vectors];
#pragma GCC unroll 8
    for (int v = 0; v < Vectors; ++v) least[v] = lowered(bounds + v * float_lanes, drifts[0]);
    for (int g = 1; g < groups; ++g) {
        const float* of_group = bounds + g * stride;
#pragma GCC unroll 8
        for (int v = 0; v < Vectors; ++v) least[v] = smaller(lowered(of_group + v * float_lanes, drifts[g]), least[v]);
    }
#pragma GCC unroll 8
    for (int v = 0; v < Vectors; ++v) store(low + v * float_lanes, least[v]);
}

void least_bounds(const float* bounds, int64_t stride, int groups, const float* drifts, int count, float* low) {
    int r = 0;
    for (; r + 8 * float_lanes <= count; r += 8 * float_lanes)
        least_of_rows<8>(bounds + r, stride, groups, drifts, low + r);
    for (; r + float_lanes <= count; r += float_lanes) least_of_rows<1>(bounds + r, stride, groups, drifts, low + r);
    for (; r < count; ++r) {
        low[r] = bounds[r] * shrink - drifts[0];
        for (int g = 1; g < groups; ++g) {
            const float bound = bounds[g * stride + r] * shrink - drifts[g];
            low[r] = bound < low[r] ? bound : low[r];
        }
    }
}

// Writes the numbers of the rows with a bit, from `first` on; `found` has room for as many rows as there are lanes.
static inline int write_rows(uint32_t bits, int first, int32_t* found) {
#if defined(__AVX512F__)
    const auto rows = (__m512i)(lane_numbers() + first);
    _mm512_storeu_si512(found, _mm512_maskz_compress_epi32(static_cast<__mmask16>(bits), rows));
    return __builtin_popcount(bits);
#else
    int how_many = 0;
    for (; bits; bits &= bits - 1) found[how_many++] = first + __builtin_ctz(bits);
    return how_many;
#endif
}

int failing(const float* bounds, float drift, const float* upper, int count, int32_t* found) {
    constexpr uint32_t all = (uint64_t(1) << float_lanes) - 1;
    int how_many = 0, r = 0;
    for (; r + float_lanes <= count; r += float_lanes) {
        const uint32_t holds = bits_of(less(load<VecF>(upper + r), lowered(bounds + r, drift)));
        if (holds != all) how_many += write_rows(~holds & all, r, found + how_many);
    }
    for (; r < count; ++r) {
        found[how_many] = r;
        how_many += !(upper[r] < bounds[r] * shrink - drift);
    }
    return how_many;
}

} // namespace
