// A few centers straight from the rows, the coordinates in the lanes: few and quick_distances.
#pragma once

#include "pack.inl.hpp"

#include <limits>

namespace {

using kmosaic::group_width;

// ---- few ---------------------------------------------------------------------------------------------------

// Each lane adds up the products of d / float_lanes coordinates, at most 128 of them in one go; then log2(float_lanes)
// additions bring the lanes together, and one takes what every go has found off the score. With L lanes these are
// ceil(d / L) + log2 L + 1 roundings for d <= 128 L, else 128 + log2 L + ceil(d / (128 L)). screen_error(d) allows for
// min(d, 128) + ceil(d / 128), which is more for L = 4, 8 and 16 and every d: at d = 128 L they are 129 + log2 L against
// 128 + L, and the left side grows more slowly from there on. (For d < L only d lanes hold anything: 1 + (d - 1) + 1.)
constexpr int64_t terms_in_one_go = kmosaic::chunk_terms * float_lanes;

// R rows and C centers at a time: R * C accumulators, R for the squared norms, R coordinates, and one of a center.
#if defined(__AVX512F__) || defined(__aarch64__)
constexpr int vector_registers = 32, most_centers = 10;
#elif defined(__AVX2__)
constexpr int vector_registers = 16, most_centers = 5;
#else
constexpr int vector_registers = 16, most_centers = 4;
#endif

constexpr int rows_beside(int centers) {
    const int rows = (vector_registers - 2) / (centers + 2);
    return rows < 1 ? 1 : rows < 4 ? rows : 4;
}

template <class T>
struct FewCenters {
    int64_t d;
    const Real<T>* shift;
    Real<T> scale;
    const float* centers;
};

// The lanes of each vector added up: the first C sums taken off the scores, the one after them is the squared norm.
template <int C, int Count>
static inline void take_off_sums(const VecF (&vectors)[Count], float* scores, float* squared_norm) {
#pragma GCC unroll 5
    for (int c = 0; c < Count; c += 4) {
        const auto vector = [&](int i) { return vectors[c + i < Count ? c + i : Count - 1]; };
        const Quad sums = fold<Plus>(vector(0), vector(1), vector(2), vector(3));
        if (c + 4 <= C) {
            store(scores + c, load<Quad>(scores + c) - sums);
            continue;
        }
#pragma GCC unroll 4
        for (int i = 0; i < 4; ++i) {
            if (c + i < C) scores[c + i] -= sums[i];
            else if (c + i < Count) *squared_norm += sums[i];
        }
    }
}

// Rows that come a little later are asked for meanwhile, from memory into the second-level cache: the first is full of
// centers.
template <class T>
static inline void fetch(const T* from) {
    __builtin_prefetch(from, 0, 2);
    if constexpr (float_lanes * sizeof(T) > 64) __builtin_prefetch(from + 64 / sizeof(T), 0, 2);
}

template <int R, int C, bool with_norms, class T>
static inline void take_off_products(const T* const* rows, const T* const* later, const FewCenters<T>& few,
                                     const float* centers, int64_t from, int64_t to, float* scores,
                                     float* squared_norms) {
    VecF part[R][C + with_norms] = {};
    const auto add = [&](auto x_of, auto center_of) {
        VecF x[R];
#pragma GCC unroll 4
        for (int r = 0; r < R; ++r) x[r] = x_of(rows[r]);
#pragma GCC unroll 16
        for (int c = 0; c < C; ++c) {
            const VecF center = center_of(centers + c * few.d);
#pragma GCC unroll 4
            for (int r = 0; r < R; ++r) part[r][c] = fma(x[r], center, part[r][c]);
        }
        if constexpr (with_norms)
#pragma GCC unroll 4
            for (int r = 0; r < R; ++r) part[r][C] = fma(x[r], x[r], part[r][C]);
    };
    int64_t j = from;
    for (; j + float_lanes <= to; j += float_lanes) {
        if constexpr (with_norms)
#pragma GCC unroll 4
            for (int r = 0; r < R; ++r) fetch(later[r] + j);
        add([&](const T* row) { return load_shifted(row + j, few.shift + j, few.scale); },
            [&](const float* center) { return load<VecF>(center + j); });
    }
    const auto left = static_cast<int>(to - j);
    if (left > 0)
        add([&](const T* row) { return load_first_shifted(row + j, few.shift + j, few.scale, left); },
            [&](const float* center) { return load_first(center + j, left); });
#pragma GCC unroll 4
    for (int r = 0; r < R; ++r) take_off_sums<C>(part[r], scores + r * group_width, squared_norms + r);
}

template <int C, bool with_norms, class T>
void take_off_centers(const T* const* rows, int count, const FewCenters<T>& few, const float* centers, int64_t from,
                      int64_t to, float* scores, float* squared_norms) {
    constexpr int together = rows_beside(C), ahead = 2 * together;
    int r = 0;
    for (; r + together <= count; r += together) {
        const T* const* later = rows + (r + ahead + together <= count ? r + ahead : r);
        take_off_products<together, C, with_norms>(rows + r, later, few, centers, from, to, scores + r * group_width,
                                                   squared_norms + r);
    }
    for (; r < count; ++r)
        take_off_products<1, C, with_norms>(rows + r, rows + r, few, centers, from, to, scores + r * group_width,
                                            squared_norms + r);
}

template <class T>
using TakeOff = decltype(&take_off_centers<1, true, T>);

template <bool with_norms, class T, int... I>
static inline TakeOff<T> take_off_of(int centers, std::integer_sequence<int, I...>) {
    static constexpr TakeOff<T> for_count[] = {take_off_centers<I + 1, with_norms, T>...};
    return for_count[centers - 1];
}

template <class T>
void few(const T* const* rows, int count, int64_t d, const Real<T>* shift, Real<T> scale, const float* centers,
         const float* half_norms, int k, float* scores, float* squared_norms) {
    constexpr std::make_integer_sequence<int, most_centers> counts{};
    const FewCenters<T> few{d, shift, scale, centers};
    float start[group_width];
    for (int c = 0; c < group_width; ++c) start[c] = c < k ? half_norms[c] : std::numeric_limits<float>::infinity();
    for (int r = 0; r < count; ++r) {
        std::memcpy(scores + r * group_width, start, sizeof start);
        squared_norms[r] = 0;
    }
    for (int64_t from = 0; from < d; from += terms_in_one_go) {
        const int64_t to = d - from < terms_in_one_go ? d : from + terms_in_one_go;
        int c = 0;
        for (int parts = (k + most_centers - 1) / most_centers; parts > 0; --parts) {
            const int here = (k - c) / parts;
            const TakeOff<T> take_off = c == 0 ? take_off_of<true, T>(here, counts) : take_off_of<false, T>(here, counts);
            take_off(rows, count, few, centers + c * d, from, to, scores + c, squared_norms);
            c += here;
        }
    }
}

// ---- best_of_few -------------------------------------------------------------------------------------------

constexpr int few_vectors = group_width / float_lanes;

static inline VecF smallest_of(const VecF (&vectors)[few_vectors]) {
    VecF low = vectors[0];
#pragma GCC unroll 4
    for (int v = 1; v < few_vectors; ++v) low = smaller(low, vectors[v]);
    return low;
}

static inline uint32_t where_equal(const VecF (&vectors)[few_vectors], float value) {
    uint32_t bits = 0;
#pragma GCC unroll 4
    for (int v = 0; v < few_vectors; ++v) bits |= bits_of(equal(vectors[v], splat(value))) << (v * float_lanes);
    return bits;
}

// Four rows, because four minima cost little more than one. Beyond the last row it is repeated.
static inline void best_of_four(const float* scores, int count, float* best, float* second, int32_t* index) {
    const VecF none = splat(std::numeric_limits<float>::infinity());
    VecF score[4][few_vectors];
#pragma GCC unroll 4
    for (int r = 0; r < 4; ++r)
#pragma GCC unroll 4
        for (int v = 0; v < few_vectors; ++v) // smaller() takes its second argument for NaN
            score[r][v] = smaller(load<VecF>(scores + (r < count ? r : count - 1) * group_width + v * float_lanes), none);
    const Quad low = fold<Least>(smallest_of(score[0]), smallest_of(score[1]), smallest_of(score[2]), smallest_of(score[3]));
    int32_t at[4];
#pragma GCC unroll 4
    for (int r = 0; r < 4; ++r) {
        at[r] = __builtin_ctz(where_equal(score[r], low[r]));
#pragma GCC unroll 4
        for (int v = 0; v < few_vectors; ++v)
            score[r][v] = where(differing(lane_numbers() + v * float_lanes, VecI{} + at[r]), score[r][v], none);
    }
    const Quad next = fold<Least>(smallest_of(score[0]), smallest_of(score[1]), smallest_of(score[2]), smallest_of(score[3]));
    std::memcpy(best, &low, count * sizeof(float));
    std::memcpy(second, &next, count * sizeof(float));
    std::memcpy(index, at, count * sizeof(int32_t));
}

void best_of_few(const float* scores, int count, float* best, float* second, int32_t* index) {
    int r = 0;
    for (; r + 4 <= count; r += 4) best_of_four(scores + r * group_width, 4, best + r, second + r, index + r);
    if (r < count) best_of_four(scores + r * group_width, count - r, best + r, second + r, index + r);
}

// ---- quick_distances ---------------------------------------------------------------------------------------

// Differences: in lanes of float, or, where the rows are double, in lanes of double: more exact than was asked for,
// and quicker than narrowing them.
static inline VecF gap(const float* x, const float* c) { return load<VecF>(x) - load<VecF>(c); }
static inline VecF gap(const uint8_t* x, const float* c) { return floats(load<FloatBytes>(x)) - load<VecF>(c); }
static inline VecD gap(const double* x, const double* c) { return load<VecD>(x) - load<VecD>(c); }

static inline VecF first_gap(const float* x, const float* c, int count) {
    return load_first(x, count) - load_first(c, count);
}
static inline VecF first_gap(const uint8_t* x, const float* c, int count) {
    return floats(load_first(x, count)) - load_first(c, count);
}
static inline VecD first_gap(const double* x, const double* c, int count) {
    return load_first(x, count) - load_first(c, count);
}

static inline VecF together(VecF a, VecF b) { return a + b; }
static inline VecF together(VecD a, VecD b) { return joined(narrow(a), narrow(b)); }

// C <= 4 centers, so that a coordinate of the row is read once for all of them; their sums in turns of two (four for
// one center), because an addition takes four times as long as it keeps the adder busy.
//
// Additions that a term passes, with L lanes and t turns: d / (L t) + t - 1 in its lane (what is left over goes to the
// first turn), then log2 t + log2 L: at most d / 4 + 4 for L >= 4, as quick_error() has it. (From d = 4 t on; below, the
// other turns are zeros, whose addition is exact.)
template <int C, class T>
static inline void add_distances(const T* x, int64_t d, const Real<T>* centers, const int32_t* which, float* squared) {
    using V = decltype(gap(x, centers));
    constexpr int lanes = sizeof(V) / sizeof(V{}[0]), turns = C == 1 ? 4 : 2;
    const Real<T>* c[C];
#pragma GCC unroll 4
    for (int i = 0; i < C; ++i) c[i] = centers + which[i] * d;
    V sum[4][4] = {};
    int64_t j = 0;
    for (; j + turns * lanes <= d; j += turns * lanes)
#pragma GCC unroll 4
        for (int turn = 0; turn < turns; ++turn)
#pragma GCC unroll 4
            for (int i = 0; i < C; ++i) {
                const V v = gap(x + j + turn * lanes, c[i] + j + turn * lanes);
                sum[turn][i] = fma(v, v, sum[turn][i]);
            }
    for (; j + lanes <= d; j += lanes)
#pragma GCC unroll 4
        for (int i = 0; i < C; ++i) {
            const V v = gap(x + j, c[i] + j);
            sum[0][i] = fma(v, v, sum[0][i]);
        }
    if (j < d)
#pragma GCC unroll 4
        for (int i = 0; i < C; ++i) {
            const V v = first_gap(x + j, c[i] + j, static_cast<int>(d - j));
            sum[0][i] = fma(v, v, sum[0][i]);
        }
    VecF all[4] = {};
#pragma GCC unroll 4
    for (int i = 0; i < C; ++i)
        all[i] = turns == 4 ? together(sum[0][i] + sum[2][i], sum[1][i] + sum[3][i]) : together(sum[0][i], sum[1][i]);
    const Quad four = fold<Plus>(all[0], all[1], all[2], all[3]);
    std::memcpy(squared, &four, C * sizeof(float));
}

template <class T>
void quick_distances(const T* x, int64_t d, const Real<T>* centers, const int32_t* which, int count, float* squared) {
    int i = 0;
    for (; i + 4 <= count; i += 4) add_distances<4>(x, d, centers, which + i, squared + i);
    switch (count - i) {
    case 3: return add_distances<3>(x, d, centers, which + i, squared + i);
    case 2: return add_distances<2>(x, d, centers, which + i, squared + i);
    case 1: return add_distances<1>(x, d, centers, which + i, squared + i);
    default: return;
    }
}

} // namespace
