// A few centers of whole numbers against rows of bytes, the columns in the lanes: few_bytes.
#pragma once

#include "few.inl.hpp"
#include "reach.inl.hpp"

namespace {
namespace whole {

// A lane of 32 bits adds up the products of two columns for each register that so many columns take.
constexpr int64_t product_columns = 512 * float_lanes;
static_assert(int64_t(2) * 255 * (255 << kmosaic::center_bits) * (product_columns / (2 * float_lanes)) <=
              std::numeric_limits<int32_t>::max());

// The products of R rows with C centers, and, if asked for, with themselves.
template <int R, int C, int Sums>
static inline void add_products(const uint8_t* const* rows, const int16_t* const* centers, int64_t from, int64_t to,
                                VecI (&sum)[R][Sums]) {
    for (int64_t j = from; j < to; j += 2 * float_lanes) {
        Shorts x[R];
#pragma GCC unroll 4
        for (int r = 0; r < R; ++r) x[r] = load_shorts(rows[r] + j);
#pragma GCC unroll 16
        for (int c = 0; c < C; ++c) {
            const auto center = (VecI)load_shorts(centers[c] + j);
#pragma GCC unroll 4
            for (int r = 0; r < R; ++r) sum[r][c] = held(add_pair_products(sum[r][c], (VecI)x[r], center));
        }
        if constexpr (Sums > C)
#pragma GCC unroll 4
            for (int r = 0; r < R; ++r) sum[r][C] = held(add_pair_products(sum[r][C], (VecI)x[r], (VecI)x[r]));
    }
}

// The last columns with zeros behind them.
template <int R, int C>
struct LastBytes {
    static constexpr int64_t lanes = 2 * float_lanes;
    uint8_t bytes[R][lanes] = {};
    int16_t numbers[C][lanes] = {};
    const uint8_t* rows[R];
    const int16_t* centers[C];

    LastBytes(const uint8_t* const* all, const int16_t* const* of, int64_t from, int64_t to) {
        for (int r = 0; r < R; ++r) {
            std::memcpy(bytes[r], all[r] + from, to - from);
            rows[r] = bytes[r];
        }
        for (int c = 0; c < C; ++c) {
            std::memcpy(numbers[c], of[c] + from, (to - from) * sizeof(int16_t));
            centers[c] = numbers[c];
        }
    }
};

template <int R, int C, bool with_norms>
static inline void take_off(const uint8_t* const* rows, const int16_t* centers, int64_t d, float* scores, float* squared_norms) {
    constexpr int64_t lanes = 2 * float_lanes;
    constexpr int sums = C + with_norms;
    const int16_t* center[C];
#pragma GCC unroll 16
    for (int c = 0; c < C; ++c) center[c] = centers + c * d;
    const int64_t full = d / lanes * lanes;
    for (int64_t from = 0; from < d; from += product_columns) {
        const int64_t to = d - from < product_columns ? d : from + product_columns, end = to < full ? to : full;
        VecI sum[R][sums];
#pragma GCC unroll 4
        for (int r = 0; r < R; ++r)
#pragma GCC unroll 16
            for (int c = 0; c < sums; ++c) sum[r][c] = VecI{};
        add_products<R, C>(rows, center, from, end, sum);
        if (end < to) {
            const LastBytes<R, C> last(rows, center, end, to);
            add_products<R, C>(last.rows, last.centers, 0, lanes, sum);
        }
#pragma GCC unroll 4
        for (int r = 0; r < R; ++r) {
            VecF all[sums];
#pragma GCC unroll 16
            for (int c = 0; c < sums; ++c) all[c] = to_floats(sum[r][c]);
            take_off_sums<C>(all, scores + r * group_width, squared_norms + r);
        }
    }
}

// Rows that come a little later are asked for meanwhile: the processor by itself is late at the start of each.
static inline void fetch_row(const uint8_t* row, int64_t d) {
    constexpr int64_t most = 2048, line = 64;
    for (int64_t j = 0; j < d && j < most; j += line) __builtin_prefetch(row + j, 0, 2);
}

template <int C, bool with_norms>
void take_off_all(const uint8_t* const* rows, int count, const int16_t* centers, int64_t d, float* scores, float* squared_norms) {
    constexpr int together = rows_beside(C) < 4 ? rows_beside(C) : 4;
    constexpr int ahead = 4;
    int r = 0;
    for (; r + together <= count; r += together) {
        if constexpr (with_norms)
            for (int later = r + ahead; later < r + ahead + together && later < count; ++later) fetch_row(rows[later], d);
        take_off<together, C, with_norms>(rows + r, centers, d, scores + r * group_width, squared_norms + r);
    }
    for (; r < count; ++r) take_off<1, C, with_norms>(rows + r, centers, d, scores + r * group_width, squared_norms + r);
}

template <bool with_norms, int... I>
static inline decltype(&take_off_all<1, true>) take_off_of(int centers, std::integer_sequence<int, I...>) {
    static constexpr decltype(&take_off_all<1, true>) for_count[] = {take_off_all<I + 1, with_norms>...};
    return for_count[centers - 1];
}

} // namespace whole

void few_bytes(const uint8_t* const* rows, int count, int64_t d, const int16_t* centers, const float* half_norms, int k,
               float* scores, float* squared_norms) {
    constexpr std::make_integer_sequence<int, most_centers> counts{};
    float start[group_width];
    for (int c = 0; c < group_width; ++c) start[c] = c < k ? half_norms[c] : std::numeric_limits<float>::infinity();
    for (int r = 0; r < count; ++r) {
        std::memcpy(scores + r * group_width, start, sizeof start);
        squared_norms[r] = 0;
    }
    int c = 0;
    for (int parts = (k + most_centers - 1) / most_centers; parts > 0; --parts) {
        const int here = (k - c) / parts;
        const auto take_off = c == 0 ? whole::take_off_of<true>(here, counts) : whole::take_off_of<false>(here, counts);
        take_off(rows, count, centers + c * d, d, scores + c, squared_norms);
        c += here;
    }
}

} // namespace
