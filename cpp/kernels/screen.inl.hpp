// A packed tile against all centers: nearest, scores, and review of what nearest found.
#pragma once

#include "kernels.hpp"
#include "simd.hpp"

#include "pack.inl.hpp"

#include <limits>

namespace {

using kmosaic::chunk_terms;

// ---- scores ------------------------------------------------------------------------------------------------

template <int C>
static inline void pack_panel(const float* centers, int64_t d, float* panel) {
    for (int64_t j = 0; j < d; ++j)
#pragma GCC unroll 5
        for (int c = 0; c < C; ++c) panel[j * C + c] = centers[c * d + j];
}

void pack_centers(const float* centers, int k, int64_t d, float* panels) {
    int first = 0;
    for (; first + panel_centers <= k; first += panel_centers)
        pack_panel<panel_centers>(centers + first * d, d, panels + first * d);
    for (int64_t j = 0; j < d; ++j)
        for (int c = first; c < k; ++c) panels[first * d + j * (k - first) + (c - first)] = centers[c * d + j];
}

// Kept in a register: left to itself, gcc 12 loads a row's vector anew for every center where registers are few, and
// then loads, not multiply-adds, are the limit (67% of the peak instead of 95% on AVX2).
static inline void hold(VecF& v) {
#if defined(__AVX2__) && !defined(__AVX512F__)
    __asm__("" : "+x"(v));
#else
    static_cast<void>(v);
#endif
}

// Less the products of the tile with the C centers of one panel, over the terms [from, to).
template <int C>
static inline void products(const float* tile, const float* panel, int64_t from, int64_t to,
                            VecF (&score)[C][row_vectors]) {
    for (int64_t j = from; j < to; ++j) {
        VecF x[row_vectors];
#pragma GCC unroll 4
        for (int r = 0; r < row_vectors; ++r) {
            x[r] = load<VecF>(tile + j * tile_rows + r * float_lanes);
            hold(x[r]);
        }
#pragma GCC unroll 5
        for (int c = 0; c < C; ++c) {
            const VecF center = splat(panel[j * C + c]);
#pragma GCC unroll 4
            for (int r = 0; r < row_vectors; ++r) score[c][r] = less_product(x[r], center, score[c][r]);
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
    products<C>(tile, panel, 0, d < chunk_terms ? d : chunk_terms, score);
    for (int64_t from = chunk_terms; from < d; from += chunk_terms) {
        VecF part[C][row_vectors] = {};
        products<C>(tile, panel, from, from + chunk_terms < d ? from + chunk_terms : d, part);
#pragma GCC unroll 5
        for (int c = 0; c < C; ++c)
#pragma GCC unroll 4
            for (int r = 0; r < row_vectors; ++r) score[c][r] += part[c][r];
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

// ---- nearest -----------------------------------------------------------------------------------------------

// Best, second best and index, of V vectors of rows.
template <int V>
struct KeepNearest {
    VecF best[V], second[V];
    VecI index[V];

    KeepNearest() {
#pragma GCC unroll 4
        for (int r = 0; r < V; ++r) {
            best[r] = second[r] = splat(std::numeric_limits<float>::infinity());
            index[r] = VecI{};
        }
    }

    void write(int from, float* to_best, float* to_second, int32_t* to_index) const {
        for (int r = 0; r < V; ++r) {
            store(to_best + (from + r) * float_lanes, best[r]);
            store(to_second + (from + r) * float_lanes, second[r]);
            store(to_index + (from + r) * float_lanes, index[r]);
        }
    }

    template <int C>
    void take(const VecF (&score)[C][V], int first) {
#pragma GCC unroll 4
        for (int r = 0; r < V; ++r) {
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

// The same, where few products leave the comparisons to cost more than they do: a score carries the number of its
// center, counted within a block of at most `marks`, in its last four bits, so that no index has to follow the
// minimum. That changes a score by less than 2^-19 of itself, which screen_error() knows (see marked_terms). A NaN,
// which infinity becomes, loses every comparison to the number that is already there.
template <int V>
struct KeepMarked {
    static constexpr int marks = 16 / panel_centers * panel_centers;
    KeepNearest<V> kept;
    VecF before[V]; // the best when the block began
    int block = 0;  // first center of the block

    KeepMarked() {
#pragma GCC unroll 4
        for (int r = 0; r < V; ++r) before[r] = kept.best[r];
    }

    // The four bits of a mark. Where registers are few they are made anew for each panel: kept, they would push a score
    // out of its register in the loop over the columns.
    static VecI low_bits() {
        int bits = 15;
#if defined(__AVX2__) && !defined(__AVX512F__)
        __asm__ volatile("" : "+r"(bits));
#endif
        return VecI{} + bits;
    }

    static VecF marked(VecF score, VecI low, int mark) {
#if defined(__AVX512F__)
        return (VecF)_mm512_ternarylogic_epi32((__m512i)score, (__m512i)low, _mm512_set1_epi32(mark), 0xba);
#else
        return (VecF)(((VecI)score & ~low) | mark);
#endif
    }

    void put(int r, VecF score, VecI low, int mark) {
        const VecF s = marked(score, low, mark);
        kept.second[r] = smaller(larger(s, kept.best[r]), kept.second[r]);
        kept.best[r] = smaller(s, kept.best[r]);
    }

    // Learn from the marks which of the block's centers are best so far.
    void close() {
#pragma GCC unroll 4
        for (int r = 0; r < V; ++r) {
            const VecI here = ((VecI)kept.best[r] & 15) + block;
            kept.index[r] = where_less(kept.best[r], before[r], here, kept.index[r]);
            before[r] = kept.best[r];
        }
    }

    void begin(int first) {
        if (first - block < marks) return;
        close();
        block = first;
    }

    template <int C>
    void take(const VecF (&score)[C][V], int first) {
        begin(first);
        const VecI low = low_bits();
#pragma GCC unroll 5
        for (int c = 0; c < C; ++c)
#pragma GCC unroll 4
            for (int r = 0; r < V; ++r) put(r, score[c][r], low, first - block + c);
    }
};

// For so few columns that the rows stay in registers while all centers pass by.
template <int D, int V, int C>
static inline void pass_panel(const VecF (&x)[D][V], const float* panel, const float* half_norms, int first,
                              KeepMarked<V>& keep) {
    keep.begin(first);
    const VecI low = keep.low_bits();
#pragma GCC unroll 5
    for (int c = 0; c < C; ++c) {
        VecF score[V];
#pragma GCC unroll 4
        for (int r = 0; r < V; ++r) score[r] = splat(half_norms[first + c]);
#pragma GCC unroll 4
        for (int j = 0; j < D; ++j) {
            const VecF center = splat(panel[j * C + c]);
#pragma GCC unroll 4
            for (int r = 0; r < V; ++r) score[r] = less_product(x[j][r], center, score[r]);
        }
#pragma GCC unroll 4
        for (int r = 0; r < V; ++r) keep.put(r, score[r], low, first - keep.block + c);
    }
}

template <int D, int V>
static inline void nearest_narrow(const float* tile, const float* panels, const float* half_norms, int k, float* best,
                                  float* second, int32_t* index) {
    for (int from = 0; from < row_vectors; from += V) {
        VecF x[D][V];
#pragma GCC unroll 4
        for (int j = 0; j < D; ++j)
#pragma GCC unroll 4
            for (int r = 0; r < V; ++r) x[j][r] = load<VecF>(tile + j * tile_rows + (from + r) * float_lanes);
        KeepMarked<V> keep;
        int first = 0;
        for (; first + panel_centers <= k; first += panel_centers)
            pass_panel<D, V, panel_centers>(x, panels + first * D, half_norms, first, keep);
        const float* last = panels + first * D;
        switch (k - first) {
        case 4:
            if constexpr (panel_centers > 4) pass_panel<D, V, 4>(x, last, half_norms, first, keep);
            break;
        case 3: pass_panel<D, V, 3>(x, last, half_norms, first, keep); break;
        case 2: pass_panel<D, V, 2>(x, last, half_norms, first, keep); break;
        case 1: pass_panel<D, V, 1>(x, last, half_norms, first, keep); break;
        default: break;
        }
        keep.close();
        keep.kept.write(from, best, second, index);
    }
}

void nearest(const float* tile, int64_t d, const float* panels, const float* half_norms, int k, float* best,
             float* second, int32_t* index) {
    constexpr int V = row_vectors;
    switch (d) {
    case 1: return nearest_narrow<1, V>(tile, panels, half_norms, k, best, second, index);
    case 2: return nearest_narrow<2, V>(tile, panels, half_norms, k, best, second, index);
    case 3: return nearest_narrow<3, V>(tile, panels, half_norms, k, best, second, index);
    case 4: return nearest_narrow<4, V>(tile, panels, half_norms, k, best, second, index);
    default: break;
    }
#if defined(__AVX2__) && !defined(__AVX512F__)
    constexpr bool marking = false; // gcc 12 then keeps a score in memory all through the loop over the columns
#else
    constexpr bool marking = true;
#endif
    if (marking && d <= kmosaic::marked_terms) {
        KeepMarked<V> keep;
        all_scores(tile, d, panels, half_norms, k, keep);
        keep.close();
        keep.kept.write(0, best, second, index);
    } else {
        KeepNearest<V> keep;
        all_scores(tile, d, panels, half_norms, k, keep);
        keep.write(0, best, second, index);
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

// One bit for each lane.
static inline uint64_t bits_greater(VecF a, VecF b) {
#if defined(__AVX512F__)
    return _mm512_cmp_ps_mask((__m512)a, (__m512)b, _CMP_GT_OQ);
#elif defined(__AVX2__)
    return static_cast<uint32_t>(_mm256_movemask_ps(_mm256_cmp_ps((__m256)a, (__m256)b, _CMP_GT_OQ)));
#else
    uint64_t bits = 0;
    for (int i = 0; i < float_lanes; ++i) bits |= static_cast<uint64_t>(a[i] > b[i]) << i;
    return bits;
#endif
}

static inline uint64_t bits_unequal(VecI a, VecI b) {
#if defined(__AVX512F__)
    return _mm512_cmpneq_epi32_mask((__m512i)a, (__m512i)b);
#elif defined(__AVX2__)
    return static_cast<uint32_t>(_mm256_movemask_ps((__m256)(a != b)));
#else
    uint64_t bits = 0;
    for (int i = 0; i < float_lanes; ++i) bits |= static_cast<uint64_t>(a[i] != b[i]) << i;
    return bits;
#endif
}

void review(const float* best, const float* second, const float* squared_norms, float base, float slope,
            const int32_t* index, const int32_t* labels, int count, uint64_t* unsure, uint64_t* changed) {
    uint64_t sure = 0, other = 0;
    int r = 0;
    for (; r + float_lanes <= count; r += float_lanes) {
        const VecF margin = splat(base) + splat(slope) * load<VecF>(squared_norms + r);
        sure |= bits_greater(load<VecF>(second + r) - load<VecF>(best + r), margin) << r;
        other |= bits_unequal(load<VecI>(index + r), load<VecI>(labels + r)) << r;
    }
    for (; r < count; ++r) {
        sure |= static_cast<uint64_t>(second[r] - best[r] > base + slope * squared_norms[r]) << r;
        other |= static_cast<uint64_t>(index[r] != labels[r]) << r;
    }
    const uint64_t all = count < 64 ? (uint64_t(1) << count) - 1 : ~uint64_t(0);
    *unsure = all & ~sure;
    *changed = sure & other;
}

} // namespace
