// All pairs of a tile of rows and some others: squared distances, their roots, and the sums of these. In float64 throughout, and
// in one order of operations, so that the bits are the same on every instruction set.
#pragma once

#include "int16.inl.hpp"
#include "simd.hpp"

#include <limits>
#include <type_traits>

namespace {

using kmosaic::pair_lanes;
using kmosaic::pair_others;
using kmosaic::pair_rows;

constexpr int pair_vectors = 3; // and four others: 12 sums, as of the screen
constexpr int pair_step = pair_vectors * double_lanes;
static_assert(pair_rows % pair_step == 0 && pair_lanes % double_lanes == 0);

// As of floats: see screen.inl.hpp.
static inline void hold(VecD& v) {
#if defined(__AVX2__) && !defined(__AVX512F__)
    __asm__("" : "+x"(v));
#else
    static_cast<void>(v);
#endif
}

struct AddProduct {
    static VecD to(VecD sum, VecD x, VecD y) { return fma(x, y, sum); }
};
struct AddSquare {
    static VecD to(VecD sum, VecD x, VecD y) {
        const VecD gap = x - y;
        return sum + gap * gap;
    }
};

// Over the columns [from, to), of a few rows and the others of one panel.
template <class Add>
static inline void pair_sums(const double* rows, const double* panel, int64_t from, int64_t to,
                             VecD (&sum)[pair_others][pair_vectors]) {
    for (int64_t j = from; j < to; ++j) {
        VecD x[pair_vectors];
#pragma GCC unroll 3
        for (int v = 0; v < pair_vectors; ++v) {
            x[v] = load<VecD>(rows + j * pair_rows + v * double_lanes);
            hold(x[v]);
        }
#pragma GCC unroll 4
        for (int c = 0; c < pair_others; ++c) {
            const VecD y = splat(panel[j * pair_others + c]);
#pragma GCC unroll 3
            for (int v = 0; v < pair_vectors; ++v) sum[c][v] = Add::to(sum[c][v], x[v], y);
        }
    }
}

template <class Add, bool first>
static inline void pair_chunk(const double* tile, int64_t d, const double* panels, int count, int64_t from, int64_t to, double* out) {
    for (int r = 0; r < pair_rows; r += pair_step)
        for (int p = 0; p < count; p += pair_others) {
            VecD sum[pair_others][pair_vectors] = {};
            pair_sums<Add>(tile + r, panels + p * d, from, to, sum);
#pragma GCC unroll 4
            for (int c = 0; c < pair_others; ++c)
#pragma GCC unroll 3
                for (int v = 0; v < pair_vectors; ++v) {
                    double* const at = out + (p + c) * pair_rows + r + v * double_lanes;
                    store(at, first ? sum[c][v] : load<VecD>(at) + sum[c][v]);
                }
        }
}

void pair_products(const double* tile, int64_t d, const double* panels, int count, double* products) {
    constexpr int64_t chunk = kmosaic::pair_chunk;
    pair_chunk<AddProduct, true>(tile, d, panels, count, 0, d < chunk ? d : chunk, products);
    for (int64_t from = chunk; from < d; from += chunk)
        pair_chunk<AddProduct, false>(tile, d, panels, count, from, from + chunk < d ? from + chunk : d, products);
}

void pair_differences(const double* tile, int64_t d, const double* panels, int count, double* squared) {
    pair_chunk<AddSquare, true>(tile, d, panels, count, 0, d, squared);
}

// ---- whole numbers of 16 bits ------------------------------------------------------------------------------

#if defined(__AVX512F__)
constexpr int whole_vectors = 3;
#else
constexpr int whole_vectors = 2; // and a register for the products
#endif
static_assert(pair_rows % (whole_vectors * float_lanes) == 0);

typedef int32_t HalfI __attribute__((vector_size(register_bytes / 2)));

static inline void store_doubles(double* to, VecI v) {
    HalfI low, high;
    std::memcpy(&low, &v, sizeof low);
    std::memcpy(&high, reinterpret_cast<const char*>(&v) + sizeof low, sizeof high);
    store(to, __builtin_convertvector(low, VecD));
    store(to + double_lanes, __builtin_convertvector(high, VecD));
}

void pair_products_int16(const int32_t* tile, int64_t pairs, const int32_t* panels, int count, double* products) {
    for (int r = 0; r < pair_rows; r += whole_vectors * float_lanes)
        for (int p = 0; p < count; p += pair_others) {
            const int32_t* panel = panels + p * pairs;
            VecI sum[pair_others][whole_vectors] = {};
            for (int64_t j = 0; j < pairs; ++j) {
                VecI x[whole_vectors];
#pragma GCC unroll 3
                for (int v = 0; v < whole_vectors; ++v) x[v] = load<VecI>(tile + j * pair_rows + r + v * float_lanes);
#pragma GCC unroll 4
                for (int c = 0; c < pair_others; ++c) {
                    const VecI y = VecI{} + panel[j * pair_others + c];
#pragma GCC unroll 3
                    for (int v = 0; v < whole_vectors; ++v) sum[c][v] = add_pair_products(sum[c][v], x[v], y);
                }
            }
            for (int c = 0; c < pair_others; ++c)
                for (int v = 0; v < whole_vectors; ++v) store_doubles(products + (p + c) * pair_rows + r + v * float_lanes, sum[c][v]);
        }
}

// ---- what to make of them ----------------------------------------------------------------------------------

bool pair_squares(double* products, int count, const double* norms, const double* limits, const double* other_norms,
                  const double* other_limits) {
    VecL open = {};
    for (int c = 0; c < count; ++c) {
        const VecD norm = splat(other_norms[c]), limit = splat(other_limits[c]);
        for (int r = 0; r < pair_rows; r += double_lanes) {
            double* const at = products + c * pair_rows + r;
            const VecD squared = (load<VecD>(norms + r) + norm) - 2.0 * load<VecD>(at);
            const VecL sure = squared > load<VecD>(limits + r) + limit;
            store(at, sure ? squared : splat(-1.0));
            open |= ~sure;
        }
    }
    int64_t lanes[double_lanes], any = 0;
    store(lanes, open);
    for (const int64_t lane : lanes) any |= lane;
    return any != 0;
}

// Three vectors at once, whose sums over the rows go to the same lanes: square roots overlap.
template <bool columns>
static inline void add_roots_of(double* squared, int count, double* row_sums, double* column_sums) {
    constexpr int together = pair_rows / pair_lanes;
    for (int lane = 0; lane < pair_lanes; lane += double_lanes) {
        VecD sum[together];
#pragma GCC unroll 3
        for (int i = 0; i < together; ++i) sum[i] = load<VecD>(row_sums + lane + i * pair_lanes);
        for (int c = 0; c < count; ++c) {
            VecD column = {};
            if constexpr (columns) column = load<VecD>(column_sums + c * pair_lanes + lane);
#pragma GCC unroll 3
            for (int i = 0; i < together; ++i) {
                double* const at = squared + c * pair_rows + lane + i * pair_lanes;
                const VecD root = square_roots(load<VecD>(at));
                store(at, root);
                sum[i] += root;
                column += root;
            }
            if constexpr (columns) store(column_sums + c * pair_lanes + lane, column);
        }
#pragma GCC unroll 3
        for (int i = 0; i < together; ++i) store(row_sums + lane + i * pair_lanes, sum[i]);
    }
}

void add_roots(double* squared, int count, double* row_sums, double* column_sums) {
    if (column_sums) add_roots_of<true>(squared, count, row_sums, column_sums);
    else add_roots_of<false>(squared, count, row_sums, nullptr);
}

} // namespace
