// Every fast kernel, written once in Vec<T>; each instruction set includes this file and exports `make_table`.
#pragma once

#include "bounds.inl.hpp"
#include "compact.inl.hpp"
#include "few.inl.hpp"
#include "few_bytes.inl.hpp"
#include "int16.inl.hpp"
#include "lanes.inl.hpp"
#include "leaf.inl.hpp"
#include "pairs.inl.hpp"
#include "peak.inl.hpp"
#include "reach.inl.hpp"
#include "rows.inl.hpp"
#include "screen.inl.hpp"
#include "sparse.inl.hpp"

namespace {

template <class T>
constexpr kmosaic::RowKernels<T> row_kernels() {
    return {range<T>, pack<T>, pack_int16<T>, level<T>, few<T>, quick_distances<T>, compact<T>, squared_distance<T>, known_distance<T>, accumulate<T>,
            leaf_nearest<T>, leaf_sum<T>};
}

constexpr kmosaic::Kernels make_table(const char* name) {
    return {
        name, tile_rows, panel_centers, int16_rows, int16_panel, int16_pays,
        row_kernels<float>(), row_kernels<double>(), row_kernels<uint8_t>(),
        sparse_kernels<float>(), sparse_kernels<double>(),
        pack_centers, nearest, scores, pack_centers_int16, nearest_int16, best_of_few, review, sift, round_row, sift_int16,
        least_bounds, failing, failing_lanes, keep_lanes, least_lanes, distance_lanes, lower_lanes, pair_columns, off_spread, reach<uint8_t>, reach<int16_t>, byte_distance, center_distances, few_bytes,
        pair_products, pair_products_int16, pair_differences, pair_squares, add_roots,
        multiply_adds, float_lanes,
    };
}

} // namespace
