// Every fast kernel, written once in Vec<T>; each instruction set includes this file and exports `table`.
#include "kernels.hpp"
#include "simd.hpp"

#include <limits>
#include <utility>

namespace {

using kmosaic::chunk_terms;

// Accumulators of the fused kernel: row_vectors x panel_centers registers, plus the rows' and one for the center.
#if defined(__AVX512F__) || defined(__aarch64__)
constexpr int row_vectors = 4, panel_centers = 5; // 32 registers
#else
constexpr int row_vectors = 3, panel_centers = 4; // 16 registers
#endif
constexpr int tile_rows = row_vectors * float_lanes;
static_assert(tile_rows <= kmosaic::max_tile_rows);

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

// ---- pack --------------------------------------------------------------------------------------------------

template <int... I>
static inline VecF zip_low(VecF a, VecF b, std::integer_sequence<int, I...>) {
    return __builtin_shufflevector(a, b, (I % 2 ? float_lanes + I / 2 : I / 2)...);
}

template <int... I>
static inline VecF zip_high(VecF a, VecF b, std::integer_sequence<int, I...>) {
    return __builtin_shufflevector(a, b, (float_lanes / 2 + (I % 2 ? float_lanes + I / 2 : I / 2))...);
}

// Rows become columns. One round of zips rotates the bits of (vector, lane) by one place; as many rounds as a lane
// number has bits exchange the two.
static inline void transpose(VecF (&v)[float_lanes]) {
    constexpr std::make_integer_sequence<int, float_lanes> lanes{};
    constexpr int half = float_lanes / 2;
#pragma GCC unroll 4
    for (int round = 1; round < float_lanes; round *= 2) {
        VecF out[float_lanes];
#pragma GCC unroll 16
        for (int i = 0; i < half; ++i) {
            out[2 * i] = zip_low(v[i], v[i + half], lanes);
            out[2 * i + 1] = zip_high(v[i], v[i + half], lanes);
        }
#pragma GCC unroll 16
        for (int i = 0; i < float_lanes; ++i) v[i] = out[i];
    }
}

static inline VecF load_shifted(const float* x, const float* shift, float scale) {
    return (load<VecF>(x) - load<VecF>(shift)) * scale;
}

static inline VecF load_shifted(const double* x, const double* shift, double scale) {
    const HalfF low = narrow((load<VecD>(x) - load<VecD>(shift)) * scale);
    const HalfF high = narrow((load<VecD>(x + double_lanes) - load<VecD>(shift + double_lanes)) * scale);
    VecF both;
    std::memcpy(&both, &low, sizeof low);
    std::memcpy(reinterpret_cast<char*>(&both) + sizeof low, &high, sizeof high);
    return both;
}

template <class T>
void pack(const T* const* rows, int count, int64_t d, const T* shift, T scale, float* tile, float* squared_norms) {
    for (int first = 0; first < tile_rows; first += float_lanes) {
        const T* row[float_lanes];
        for (int i = 0; i < float_lanes; ++i) row[i] = rows[first + i < count ? first + i : count - 1];
        VecF sum = {};
        int64_t j = 0;
        for (; j + float_lanes <= d; j += float_lanes) {
            VecF v[float_lanes];
#pragma GCC unroll 16
            for (int i = 0; i < float_lanes; ++i) v[i] = load_shifted(row[i] + j, shift + j, scale);
            transpose(v);
#pragma GCC unroll 16
            for (int i = 0; i < float_lanes; ++i) {
                sum = fma(v[i], v[i], sum);
                store(tile + (j + i) * tile_rows + first, v[i]);
            }
        }
        for (; j < d; ++j) {
            float column[float_lanes];
            for (int i = 0; i < float_lanes; ++i)
                column[i] = static_cast<float>((row[i][j] - shift[j]) * scale);
            const VecF v = load<VecF>(column);
            sum = fma(v, v, sum);
            store(tile + j * tile_rows + first, v);
        }
        store(squared_norms + first, sum);
    }
}

// ---- squared_distance --------------------------------------------------------------------------------------

static inline VecD load_wide(const double* x) { return load<VecD>(x); }
static inline VecD load_wide(const float* x) { return widen(load<HalfF>(x)); }

// Built without contraction into fused multiply-adds: the bits must be those of reference.cpp everywhere.
template <class T>
double squared_distance(const T* x, const double* c, int64_t d) {
    constexpr int vectors = 16 / double_lanes;
    alignas(64) double part[16] = {};
    int64_t j = 0;
    if (d >= 16) {
        VecD sum[vectors] = {};
        for (; j + 16 <= d; j += 16) {
#pragma GCC unroll 8
            for (int i = 0; i < vectors; ++i) {
                const VecD gap = load_wide(x + j + i * double_lanes) - load<VecD>(c + j + i * double_lanes);
                sum[i] += gap * gap;
            }
        }
        for (int i = 0; i < vectors; ++i) store(part + i * double_lanes, sum[i]);
    }
    for (int i = 0; j < d; ++j, ++i) {
        const double gap = static_cast<double>(x[j]) - c[j];
        part[i] += gap * gap;
    }
    // Adding a zero changes nothing, so short rows may leave the empty half of the tree out.
    if (d > 8)
        for (int i = 0; i < 8; ++i) part[i] += part[i + 8];
    if (d > 4)
        for (int i = 0; i < 4; ++i) part[i] += part[i + 4];
    return (part[0] + part[2]) + (part[1] + part[3]);
}

// ---- accumulate --------------------------------------------------------------------------------------------

template <class T>
void accumulate(const T* x, int64_t d, const T* shift, const double* grid, int sign, int64_t* sums) {
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

// ---- scores ------------------------------------------------------------------------------------------------

void pack_centers(const float* centers, int k, int64_t d, float* panels) {
    for (int first = 0; first < k; first += panel_centers) {
        const int width = k - first < panel_centers ? k - first : panel_centers;
        for (int64_t j = 0; j < d; ++j)
            for (int c = 0; c < width; ++c) *panels++ = centers[(first + c) * d + j];
    }
}

// Products of the tile with the C centers of one panel, over the terms [from, to).
template <int C>
static inline void products(const float* tile, const float* panel, int64_t from, int64_t to,
                            VecF (&part)[C][row_vectors]) {
    for (int64_t j = from; j < to; ++j) {
        VecF x[row_vectors];
#pragma GCC unroll 4
        for (int r = 0; r < row_vectors; ++r) x[r] = load<VecF>(tile + j * tile_rows + r * float_lanes);
#pragma GCC unroll 5
        for (int c = 0; c < C; ++c) {
            const VecF center = splat(panel[j * C + c]);
#pragma GCC unroll 4
            for (int r = 0; r < row_vectors; ++r) part[c][r] = fma(x[r], center, part[c][r]);
        }
    }
}

template <int C, class Sink>
static inline void panel_scores(const float* tile, int64_t d, const float* panel, const float* half_norms, int first,
                                Sink& sink) {
    VecF score[C][row_vectors];
#pragma GCC unroll 5
    for (int c = 0; c < C; ++c)
#pragma GCC unroll 4
        for (int r = 0; r < row_vectors; ++r) score[c][r] = splat(half_norms[first + c]);
    for (int64_t from = 0; from < d; from += chunk_terms) {
        VecF part[C][row_vectors] = {};
        products<C>(tile, panel, from, from + chunk_terms < d ? from + chunk_terms : d, part);
#pragma GCC unroll 5
        for (int c = 0; c < C; ++c)
#pragma GCC unroll 4
            for (int r = 0; r < row_vectors; ++r) score[c][r] -= part[c][r];
    }
    sink.template take<C>(score, first);
}

template <class Sink>
static inline void all_scores(const float* tile, int64_t d, const float* panels, const float* half_norms, int k,
                              Sink& sink) {
    int first = 0;
    for (; first + panel_centers <= k; first += panel_centers)
        panel_scores<panel_centers>(tile, d, panels + first * d, half_norms, first, sink);
    const float* last = panels + first * d;
    switch (k - first) {
    case 4:
        if constexpr (panel_centers > 4) panel_scores<4>(tile, d, last, half_norms, first, sink);
        break;
    case 3: panel_scores<3>(tile, d, last, half_norms, first, sink); break;
    case 2: panel_scores<2>(tile, d, last, half_norms, first, sink); break;
    case 1: panel_scores<1>(tile, d, last, half_norms, first, sink); break;
    default: break;
    }
}

struct KeepNearest {
    VecF best[row_vectors], second[row_vectors];
    VecI index[row_vectors];

    template <int C>
    void take(const VecF (&score)[C][row_vectors], int first) {
#pragma GCC unroll 4
        for (int r = 0; r < row_vectors; ++r) {
            VecF low = best[r], next = second[r];
            VecI where = index[r];
#pragma GCC unroll 5
            for (int c = 0; c < C; ++c) {
                const VecF s = score[c][r];
                where = where_less(s, low, VecI{} + (first + c), where);
                next = smaller(next, larger(s, low));
                low = smaller(s, low);
            }
            best[r] = low;
            second[r] = next;
            index[r] = where;
        }
    }
};

void nearest(const float* tile, int64_t d, const float* panels, const float* half_norms, int k, float* best,
             float* second, int32_t* index) {
    KeepNearest keep;
    for (int r = 0; r < row_vectors; ++r) {
        keep.best[r] = keep.second[r] = splat(std::numeric_limits<float>::infinity());
        keep.index[r] = VecI{};
    }
    all_scores(tile, d, panels, half_norms, k, keep);
    for (int r = 0; r < row_vectors; ++r) {
        store(best + r * float_lanes, keep.best[r]);
        store(second + r * float_lanes, keep.second[r]);
        store(index + r * float_lanes, keep.index[r]);
    }
}

struct WriteScores {
    float* scores;

    template <int C>
    void take(const VecF (&score)[C][row_vectors], int first) {
        for (int c = 0; c < C; ++c)
            for (int r = 0; r < row_vectors; ++r)
                store(scores + (first + c) * tile_rows + r * float_lanes, score[c][r]);
    }
};

void scores(const float* tile, int64_t d, const float* panels, const float* half_norms, int k, float* out) {
    WriteScores write{out};
    all_scores(tile, d, panels, half_norms, k, write);
}

constexpr kmosaic::Kernels make_table(const char* name) {
    return {
        name, tile_rows, panel_centers,
        {range<float>, pack<float>, squared_distance<float>, accumulate<float>},
        {range<double>, pack<double>, squared_distance<double>, accumulate<double>},
        pack_centers, nearest, scores,
    };
}

} // namespace
