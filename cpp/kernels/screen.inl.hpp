// A packed tile against all centers: nearest, scores, and review of what nearest found.
#pragma once

#include "kernels.hpp"
#include "simd.hpp"

#include "pack.inl.hpp"

#include <limits>

namespace {

using kmosaic::chunk_terms;

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

// ---- review ------------------------------------------------------------------------------------------------

void review(const float* best, const float* second, const float* squared_norms, float base, float slope,
            const int32_t* index, const int32_t* labels, int count, uint64_t* unsure, uint64_t* changed) {
    uint64_t doubtful = 0, other = 0;
    for (int r = 0; r < count; ++r) {
        const bool sure = second[r] - best[r] > base + slope * squared_norms[r];
        doubtful |= static_cast<uint64_t>(!sure) << r;
        other |= static_cast<uint64_t>(sure && index[r] != labels[r]) << r;
    }
    *unsure = doubtful;
    *changed = other;
}

} // namespace
