// Rows and centers as whole numbers of 16 bits: pack_int16, pack_centers_int16 and nearest_int16. One instruction multiplies
// twice as many of them as of float32, and their sums are exact: all error is in the rounding of rows and centers.
#pragma once

#include "bounds.inl.hpp"
#include "pack.inl.hpp"
#include "screen.inl.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace {

// Accumulators: int16_vectors x int16_panel registers, the rows', one for the center and one for a product.
#if defined(__AVX512F__) || defined(__aarch64__)
constexpr int int16_vectors = 4, int16_panel = 5; // 32 registers
#else
constexpr int int16_vectors = 2, int16_panel = 4; // 16 registers
#endif
constexpr int int16_rows = int16_vectors * float_lanes;
static_assert(int16_rows <= kmosaic::max_tile_rows);

// NEON, and AVX-512 without VNNI, multiply and add up 16-bit numbers no faster than float32.
#if defined(__AVX512VNNI__) || defined(__SSE2__) && !defined(__AVX512F__)
constexpr bool int16_pays = true;
#else
constexpr bool int16_pays = false;
#endif

// A lane holds two numbers: the products of both, added up.
static inline VecI pair_products(VecI a, VecI b) {
#if defined(__AVX512F__)
    return (VecI)_mm512_madd_epi16((__m512i)a, (__m512i)b);
#elif defined(__AVX2__)
    return (VecI)_mm256_madd_epi16((__m256i)a, (__m256i)b);
#elif defined(__SSE2__)
    return (VecI)_mm_madd_epi16((__m128i)a, (__m128i)b);
#elif defined(__aarch64__)
    const auto x = (int16x8_t)a, y = (int16x8_t)b;
    return (VecI)vpaddq_s32(vmull_s16(vget_low_s16(x), vget_low_s16(y)), vmull_high_s16(x, y));
#else
    return ((a << 16) >> 16) * ((b << 16) >> 16) + (a >> 16) * (b >> 16);
#endif
}

// The same, added to sums.
static inline VecI add_pair_products(VecI sums, VecI a, VecI b) {
#if defined(__AVX512VNNI__)
    return (VecI)_mm512_dpwssd_epi32((__m512i)sums, (__m512i)a, (__m512i)b);
#else
    return (VecI)((VecU)sums + (VecU)pair_products(a, b)); // a row that is too long may overflow: it is not used
#endif
}

static inline VecI smaller(VecI a, VecI b) {
#if defined(__AVX512F__)
    return (VecI)_mm512_min_epi32((__m512i)a, (__m512i)b);
#elif defined(__AVX2__)
    return (VecI)_mm256_min_epi32((__m256i)a, (__m256i)b);
#else
    return a < b ? a : b;
#endif
}

static inline VecI larger(VecI a, VecI b) {
#if defined(__AVX512F__)
    return (VecI)_mm512_max_epi32((__m512i)a, (__m512i)b);
#elif defined(__AVX2__)
    return (VecI)_mm256_max_epi32((__m256i)a, (__m256i)b);
#else
    return a > b ? a : b;
#endif
}

static inline VecF to_floats(VecI v) { return __builtin_convertvector(v, VecF); }

// ---- packing -----------------------------------------------------------------------------------------------

constexpr float int16_most = 32767.0f;

static inline VecF within_int16(VecF v) { return larger(smaller(v, splat(int16_most)), splat(-int16_most)); }

// The numbers of a and b, rounded, two in a lane: lane i holds the pair that pair_of_lane(i) names, where the pairs of a
// come first. That is the order in which the instructions of all x86 processors leave them.
static constexpr int pair_of_lane(int i) { return i / 4 * 2 + i % 2 + i % 4 / 2 * (float_lanes / 2); }

static inline VecI rounded_pairs(VecF a, VecF b) {
    a = within_int16(a);
    b = within_int16(b);
#if defined(__AVX512F__)
    return (VecI)_mm512_packs_epi32(_mm512_cvtps_epi32((__m512)a), _mm512_cvtps_epi32((__m512)b));
#elif defined(__AVX2__)
    return (VecI)_mm256_packs_epi32(_mm256_cvtps_epi32((__m256)a), _mm256_cvtps_epi32((__m256)b));
#elif defined(__SSE2__)
    return (VecI)_mm_packs_epi32(_mm_cvtps_epi32((__m128)a), _mm_cvtps_epi32((__m128)b));
#else
    int16_t pairs[2 * float_lanes];
    for (int i = 0; i < float_lanes; ++i)
        for (int half = 0; half < 2; ++half) {
            const int j = 2 * pair_of_lane(i) + half;
            pairs[2 * i + half] = static_cast<int16_t>(std::nearbyint(j < float_lanes ? a[j] : b[j - float_lanes]));
        }
    return load<VecI>(pairs);
#endif
}

// Columns [j, j + 2 float_lanes) of one row, of which `count` are there; zeros behind.
template <class T>
static inline VecI load_pairs(const T* x, const Real<T>* shift, Real<T> scale, float inverse, int count) {
    if (count >= 2 * float_lanes)
        return rounded_pairs(load_shifted(x, shift, scale) * inverse,
                             load_shifted(x + float_lanes, shift + float_lanes, scale) * inverse);
    const int low = count < float_lanes ? count : float_lanes;
    const VecF a = load_first_shifted(x, shift, scale, low) * inverse;
    if (count <= float_lanes) return rounded_pairs(a, VecF{});
    return rounded_pairs(a, load_first_shifted(x + float_lanes, shift + float_lanes, scale, count - low) * inverse);
}

template <class T>
void pack_int16(const T* const* rows, int count, int64_t d, const Real<T>* shift, Real<T> scale, float inverse,
                int32_t* tile, float* squared_norms) {
    for (int first = 0; first < int16_rows; first += float_lanes) {
        const T* row[float_lanes];
        for (int i = 0; i < float_lanes; ++i) row[i] = rows[first + i < count ? first + i : count - 1];
        VecF sum = {};
        for (int64_t j = 0; j < d; j += 2 * float_lanes) {
            const auto left = static_cast<int>(d - j < 2 * float_lanes ? d - j : 2 * float_lanes);
            VecF v[float_lanes];
#pragma GCC unroll 16
            for (int i = 0; i < float_lanes; ++i) v[i] = (VecF)load_pairs(row[i] + j, shift + j, scale, inverse, left);
            transpose(v);
#pragma GCC unroll 16
            for (int i = 0; i < float_lanes; ++i) {
                const int pair = pair_of_lane(i);
                sum += to_floats(pair_products((VecI)v[i], (VecI)v[i]));
                if (2 * pair < left) store(tile + (j / 2 + pair) * int16_rows + first, v[i]);
            }
        }
        store(squared_norms + first, sum);
    }
}

// 1.5 * 2^23 has the rounded number in its last bits once that is added.
static inline int32_t rounded_pair(float low, float high) {
    const float magic = 0x1.8p23f;
    const float sums[2] = {std::min(std::max(low, -int16_most), int16_most) + magic,
                           std::min(std::max(high, -int16_most), int16_most) + magic};
    uint32_t bits[2];
    std::memcpy(bits, sums, sizeof bits);
    return static_cast<int32_t>((bits[0] & 0xffff) | bits[1] << 16);
}

void pack_centers_int16(const float* centers, int k, int64_t d, float inverse, int32_t* panels) {
    const int64_t pairs = (d + 1) / 2;
    for (int first = 0; first < k; first += int16_panel) {
        const int width = k - first < int16_panel ? k - first : int16_panel;
        int32_t* panel = panels + first * pairs;
        for (int c = 0; c < width; ++c) {
            const float* center = centers + (first + c) * d;
            for (int64_t p = 0; p < d / 2; ++p)
                panel[p * width + c] = rounded_pair(-center[2 * p] * inverse, -center[2 * p + 1] * inverse);
            if (d % 2) panel[d / 2 * width + c] = rounded_pair(-center[d - 1] * inverse, 0.0f);
        }
    }
}

// ---- nearest -----------------------------------------------------------------------------------------------

// Best, second best and index; the number of a center within its block stands in the last four bits of its score.
struct KeepWhole {
    static constexpr int V = int16_vectors;
    static constexpr int marks = 16 / int16_panel * int16_panel;
    VecI best[V], second[V], index[V], before[V]; // before: the best when the block began
    int block = 0;                                // first center of the block

    KeepWhole() {
#pragma GCC unroll 4
        for (int r = 0; r < V; ++r) {
            best[r] = second[r] = before[r] = VecI{} + std::numeric_limits<int32_t>::max();
            index[r] = VecI{};
        }
    }

    static VecI marked(VecI score, int mark) {
#if defined(__AVX512F__)
        return (VecI)_mm512_ternarylogic_epi32((__m512i)score, _mm512_set1_epi32(15), _mm512_set1_epi32(mark), 0xba);
#else
        return (score & ~15) | mark;
#endif
    }

    void close() {
#pragma GCC unroll 4
        for (int r = 0; r < V; ++r) {
            const VecI here = (best[r] & 15) + block;
            index[r] = best[r] < before[r] ? here : index[r];
            before[r] = best[r];
        }
    }

    template <int C>
    void take(const VecI (&score)[C][V], int first) {
        if (first - block >= marks) {
            close();
            block = first;
        }
#pragma GCC unroll 5
        for (int c = 0; c < C; ++c)
#pragma GCC unroll 4
            for (int r = 0; r < V; ++r) {
                const VecI s = marked(score[c][r], first - block + c);
                second[r] = smaller(larger(s, best[r]), second[r]);
                best[r] = smaller(s, best[r]);
            }
    }
};

// In its register, in this order: integer sums may be added up in any order, and gcc 12 finds one that needs too many.
static inline VecI held(VecI v) {
#if defined(__AVX512F__)
    asm("" : "+v"(v));
#elif defined(__SSE2__)
    asm("" : "+x"(v));
#endif
    return v;
}

// The products of two columns.
template <int C>
static inline void add_pair(const int32_t* rows, const int32_t* centers, VecI (&score)[C][int16_vectors]) {
    VecI x[int16_vectors];
#pragma GCC unroll 4
    for (int r = 0; r < int16_vectors; ++r) x[r] = load<VecI>(rows + r * float_lanes);
#pragma GCC unroll 5
    for (int c = 0; c < C; ++c) {
        const VecI center = VecI{} + centers[c];
#pragma GCC unroll 4
        for (int r = 0; r < int16_vectors; ++r) score[c][r] = held(add_pair_products(score[c][r], x[r], center));
    }
}

template <int C>
static inline void panel_int16(const int32_t* tile, int64_t pairs, const int32_t* panel, const int32_t* half_norms, int first,
                               KeepWhole& keep) {
    constexpr int V = int16_vectors;
    VecI score[C][V];
#pragma GCC unroll 5
    for (int c = 0; c < C; ++c)
#pragma GCC unroll 4
        for (int r = 0; r < V; ++r) score[c][r] = VecI{} + half_norms[first + c];
    int64_t p = 0;
    for (; p + 2 <= pairs; p += 2) { // two at a time: gcc 12 then schedules a third better on AVX2
        add_pair<C>(tile + p * int16_rows, panel + p * C, score);
        add_pair<C>(tile + (p + 1) * int16_rows, panel + (p + 1) * C, score);
    }
    if (p < pairs) add_pair<C>(tile + p * int16_rows, panel + p * C, score);
    keep.take<C>(score, first);
}

void nearest_int16(const int32_t* tile, int64_t d, const int32_t* panels, const int32_t* half_norms, int k, float unit,
                   float* best, float* second, int32_t* index) {
    const int64_t pairs = (d + 1) / 2;
    KeepWhole keep;
    int first = 0;
    for (; first + int16_panel <= k; first += int16_panel)
        panel_int16<int16_panel>(tile, pairs, panels + first * pairs, half_norms, first, keep);
    const int32_t* last = panels + first * pairs;
    switch (k - first) {
    case 4:
        if constexpr (int16_panel > 4) panel_int16<4>(tile, pairs, last, half_norms, first, keep);
        break;
    case 3: panel_int16<3>(tile, pairs, last, half_norms, first, keep); break;
    case 2: panel_int16<2>(tile, pairs, last, half_norms, first, keep); break;
    case 1: panel_int16<1>(tile, pairs, last, half_norms, first, keep); break;
    default: break;
    }
    keep.close();
#pragma GCC unroll 4
    for (int r = 0; r < int16_vectors; ++r) {
        store(best + r * float_lanes, to_floats(keep.best[r]) * unit);
        store(second + r * float_lanes, to_floats(keep.second[r]) * unit);
        store(index + r * float_lanes, keep.index[r]);
    }
}

// ---- round_row and sift_int16 --------------------------------------------------------------------------------

template <int... I>
static inline VecI in_order(VecI v, std::integer_sequence<int, I...>) { // pair_of_lane() the other way round
    return __builtin_shufflevector(v, v, (I % (float_lanes / 2) / 2 * 4 + I % 2 + I / (float_lanes / 2) * 2)...);
}

void round_row(const float* x, int64_t d, float inverse, int32_t* pairs) {
    constexpr std::make_integer_sequence<int, float_lanes> lanes{};
    int64_t j = 0;
    for (; j + 2 * float_lanes <= d; j += 2 * float_lanes)
        store(pairs + j / 2, in_order(rounded_pairs(load<VecF>(x + j) * inverse, load<VecF>(x + j + float_lanes) * inverse), lanes));
    for (; j < d; j += 2) pairs[j / 2] = rounded_pair(x[j] * inverse, j + 1 < d ? x[j + 1] * inverse : 0.0f);
}

// As many rows as there are registers for their sums, beside the group's, one coordinate and one product.
#if defined(__AVX512F__)
constexpr int sifted_int16 = 8;
#elif defined(__AVX2__)
constexpr int sifted_int16 = 6;
#else
constexpr int sifted_int16 = 2;
#endif

template <int R>
void sift_int16_rows(const int32_t* const* rows, int64_t pairs, const int32_t* group, const float* half_norms, const float* units,
                     const float* limits, const int32_t* skip, uint32_t* masks, float* rest) {
    VecI sum[R][group_vectors];
#pragma GCC unroll 16
    for (int r = 0; r < R; ++r)
#pragma GCC unroll 4
        for (int v = 0; v < group_vectors; ++v) sum[r][v] = VecI{};
    for (int64_t p = 0; p < pairs; ++p) {
        VecI centers[group_vectors];
#pragma GCC unroll 4
        for (int v = 0; v < group_vectors; ++v) centers[v] = load<VecI>(group + p * group_width + v * float_lanes);
#pragma GCC unroll 16
        for (int r = 0; r < R; ++r) {
            const VecI x = VecI{} + rows[r][p];
#pragma GCC unroll 4
            for (int v = 0; v < group_vectors; ++v) sum[r][v] = held(add_pair_products(sum[r][v], x, centers[v]));
        }
    }
    VecF others[R];
#pragma GCC unroll 16
    for (int r = 0; r < R; ++r) {
        VecF score[group_vectors];
#pragma GCC unroll 4
        for (int v = 0; v < group_vectors; ++v)
            score[v] = less_product(to_floats(sum[r][v]), splat(units[r]), load<VecF>(half_norms + v * float_lanes));
        others[r] = judge(score, limits[r], skip[r], masks + r);
    }
    write_least<R>(others, rest);
}

using SiftInt16 = decltype(&sift_int16_rows<1>);

template <int... I>
static inline SiftInt16 sift_int16_of(int count, std::integer_sequence<int, I...>) {
    static constexpr SiftInt16 for_count[] = {sift_int16_rows<I + 1>...};
    return for_count[count - 1];
}

void sift_int16(const int32_t* const* rows, int count, int64_t d, const int32_t* group, const float* half_norms,
                const float* units, const float* limits, const int32_t* skip, uint32_t* masks, float* rest) {
    for (int parts = (count + sifted_int16 - 1) / sifted_int16, r = 0; parts > 0; --parts) {
        const int here = (count - r) / parts;
        sift_int16_of(here, std::make_integer_sequence<int, sifted_int16>{})(
            rows + r, (d + 1) / 2, group, half_norms, units + r, limits + r, skip + r, masks + r, rest + r);
        r += here;
    }
}

} // namespace
