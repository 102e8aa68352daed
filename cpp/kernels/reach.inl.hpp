// Rows of small whole numbers against a few others of their kind: reach and byte_distance.
#pragma once

#include "across.inl.hpp"
#include "int16.inl.hpp"
#include "pack.inl.hpp"

namespace {
namespace whole {

typedef int16_t Shorts __attribute__((vector_size(register_bytes)));
typedef uint8_t ShortBytes __attribute__((vector_size(register_bytes / 2))); // as many bytes as Shorts has numbers

// Accumulators: row_vectors x others_together registers, plus the rows', one for the others and one for a product.
#if defined(__AVX512F__) || defined(__aarch64__)
constexpr int others_together = 4; // 32 registers
#else
constexpr int others_together = 3; // 16 registers
#endif

static inline Shorts load_shorts(const int16_t* from) { return load<Shorts>(from); }

static inline Shorts load_shorts(const uint8_t* from) {
    const auto bytes = load<ShortBytes>(from);
#if defined(__AVX512F__)
    return (Shorts)_mm512_cvtepu8_epi16((__m256i)bytes);
#elif defined(__AVX2__)
    return (Shorts)_mm256_cvtepu8_epi16((__m128i)bytes);
#elif defined(__SSE2__)
    int64_t bits;
    std::memcpy(&bits, &bytes, sizeof bits);
    return (Shorts)_mm_unpacklo_epi8(_mm_cvtsi64_si128(bits), _mm_setzero_si128());
#else
    return __builtin_convertvector(bytes, Shorts);
#endif
}

static inline uint64_t bits_above(VecI a, VecI b) {
#if defined(__AVX512F__)
    return _mm512_cmpgt_epi32_mask((__m512i)a, (__m512i)b);
#else
    return bits_of(a > b);
#endif
}

// C others, the rows in the lanes. Ahead: the next tile is asked for, which mostly lies behind this one: it comes from far
// away, and without that a third of the time goes into waiting for it.
template <int C, bool Ahead, class Number>
static inline void reach_some(const Number* tile, int64_t pairs, const int16_t* others, const int32_t* half_norms,
                              const int32_t* limits, uint64_t* masks) {
    VecI dot[C][row_vectors];
#pragma GCC unroll 4
    for (int c = 0; c < C; ++c)
#pragma GCC unroll 4
        for (int r = 0; r < row_vectors; ++r) dot[c][r] = VecI{} - half_norms[c];
    for (int64_t p = 0; p < pairs; ++p) {
        Shorts x[row_vectors];
        if constexpr (Ahead)
            for (size_t b = 0; b < tile_rows * 2 * sizeof(Number); b += 64)
                __builtin_prefetch(reinterpret_cast<const char*>(tile + (pairs + p) * tile_rows * 2) + b);
#pragma GCC unroll 4
        for (int r = 0; r < row_vectors; ++r) x[r] = load_shorts(tile + (p * tile_rows + r * float_lanes) * 2);
#pragma GCC unroll 4
        for (int c = 0; c < C; ++c) {
            int32_t pair;
            std::memcpy(&pair, others + (c * pairs + p) * 2, sizeof pair);
            const Shorts other = (Shorts)(VecI{} + pair);
#pragma GCC unroll 4
            for (int r = 0; r < row_vectors; ++r) dot[c][r] += pair_products((VecI)x[r], (VecI)other);
        }
    }
#pragma GCC unroll 4
    for (int c = 0; c < C; ++c) {
        masks[c] = 0;
#pragma GCC unroll 4
        for (int r = 0; r < row_vectors; ++r)
            masks[c] |= bits_above(dot[c][r], load<VecI>(limits + r * float_lanes)) << (r * float_lanes);
    }
}

} // namespace whole

template <class Number>
void reach(const Number* tile, int64_t pairs, const int16_t* others, const int32_t* half_norms, int count,
           const int32_t* limits, uint64_t* masks) {
    constexpr int most = whole::others_together;
    for (bool ahead = true; count >= most; count -= most, ahead = false) {
        if (ahead) whole::reach_some<most, true>(tile, pairs, others, half_norms, limits, masks);
        else whole::reach_some<most, false>(tile, pairs, others, half_norms, limits, masks);
        others += most * pairs * 2;
        half_norms += most;
        masks += most;
    }
    switch (count) {
    case 3:
        if constexpr (most > 3) whole::reach_some<3, false>(tile, pairs, others, half_norms, limits, masks);
        return;
    case 2: return whole::reach_some<2, false>(tile, pairs, others, half_norms, limits, masks);
    case 1: return whole::reach_some<1, false>(tile, pairs, others, half_norms, limits, masks);
    default: return;
    }
}

// Lanes of 32 bits hold the sums over this many columns: at most 2 * 255^2 for two.
constexpr int64_t byte_columns = 1 << 15;

static inline int64_t short_byte_distance(const uint8_t* x, const uint8_t* y, int64_t d) {
    constexpr int lanes = 2 * float_lanes;
    VecI sums = {};
    int64_t j = 0, sum = 0;
    for (; j + lanes <= d; j += lanes) {
        const whole::Shorts gap = whole::load_shorts(x + j) - whole::load_shorts(y + j);
        sums += pair_products((VecI)gap, (VecI)gap);
    }
    for (; j < d; ++j) sum += (int64_t(x[j]) - y[j]) * (int64_t(x[j]) - y[j]);
    for (int i = 0; i < float_lanes; ++i) sum += sums[i];
    return sum;
}

int64_t byte_distance(const uint8_t* x, const uint8_t* y, int64_t d) {
    int64_t squared = 0;
    for (int64_t from = 0; from < d; from += byte_columns)
        squared += short_byte_distance(x + from, y + from, d - from < byte_columns ? d - from : byte_columns);
    return squared;
}

// ---- center_distances ----------------------------------------------------------------------------------------

namespace whole {

// A lane holds the sum of two squares for each register that so many columns take.
constexpr int64_t center_columns = 128;
constexpr int64_t widest_gap = 255 << kmosaic::center_bits;
static_assert(2 * widest_gap * widest_gap * (center_columns / (2 * float_lanes)) <= std::numeric_limits<int32_t>::max());

template <int C>
static inline void add_gaps(const uint8_t* x, const int16_t* const* centers, int64_t from, int64_t to, VecI (&sum)[C]) {
    for (int64_t j = from; j < to; j += 2 * float_lanes) {
        const auto row = (VecI)(load_shorts(x + j) << kmosaic::center_bits);
#pragma GCC unroll 4
        for (int c = 0; c < C; ++c) {
            const auto gap = (VecI)((Shorts)row - load_shorts(centers[c] + j));
            sum[c] = held(add_pair_products(sum[c], gap, gap));
        }
    }
}

// C <= 4 centers, so that a row is read once for all of them.
template <int C>
static inline void add_center_distances(const uint8_t* x, int64_t d, const int16_t* centers, const int32_t* which, float* squared) {
    constexpr int64_t lanes = 2 * float_lanes;
    const int16_t* center[C];
    VecF total[4] = {};
#pragma GCC unroll 4
    for (int c = 0; c < C; ++c) center[c] = centers + which[c] * d;
    const int64_t whole = d / lanes * lanes;
    const auto add = [&](const uint8_t* row, const int16_t* const* others, int64_t from, int64_t to) {
        VecI sum[C];
#pragma GCC unroll 4
        for (int c = 0; c < C; ++c) sum[c] = VecI{};
        add_gaps<C>(row, others, from, to, sum);
#pragma GCC unroll 4
        for (int c = 0; c < C; ++c) total[c] += to_floats(sum[c]);
    };
    for (int64_t from = 0; from < whole; from += center_columns)
        add(x, center, from, whole - from < center_columns ? whole : from + center_columns);
    if (whole < d) { // what is left over, with zeros behind
        uint8_t row[lanes] = {};
        int16_t rest[C][lanes] = {};
        const int16_t* others[C];
        std::memcpy(row, x + whole, d - whole);
        for (int c = 0; c < C; ++c) {
            std::memcpy(rest[c], center[c] + whole, (d - whole) * sizeof(int16_t));
            others[c] = rest[c];
        }
        add(row, others, 0, lanes);
    }
    const Quad four = fold<Plus>(total[0], total[1], total[2], total[3]);
    std::memcpy(squared, &four, C * sizeof(float));
}

} // namespace whole

void center_distances(const uint8_t* x, int64_t d, const int16_t* centers, const int32_t* which, int count, float* squared) {
    int i = 0;
    for (; i + 4 <= count; i += 4) whole::add_center_distances<4>(x, d, centers, which + i, squared + i);
    switch (count - i) {
    case 3: return whole::add_center_distances<3>(x, d, centers, which + i, squared + i);
    case 2: return whole::add_center_distances<2>(x, d, centers, which + i, squared + i);
    case 1: return whole::add_center_distances<1>(x, d, centers, which + i, squared + i);
    default: return;
    }
}

} // namespace
