// Every fast kernel, written once in Vec<T>; each instruction set includes this file and exports `make_table`.
#pragma once

#include "bounds.inl.hpp"
#include "compact.inl.hpp"
#include "few.inl.hpp"
#include "lanes.inl.hpp"
#include "leaf.inl.hpp"
#include "peak.inl.hpp"
#include "reach.inl.hpp"
#include "rows.inl.hpp"
#include "screen.inl.hpp"
#include "sparse.inl.hpp"

namespace {

template <class T>
constexpr kmosaic::RowKernels<T> row_kernels() {
    return {range<T>, pack<T>, level<T>, few<T>, quick_distances<T>, compact<T>, squared_distance<T>, accumulate<T>,
            leaf_nearest<T>, leaf_sum<T>};
}

constexpr kmosaic::Kernels make_table(const char* name) {
    return {
        name, tile_rows, panel_centers,
        row_kernels<float>(), row_kernels<double>(), row_kernels<uint8_t>(),
        sparse_kernels<float>(), sparse_kernels<double>(),
        pack_centers, nearest, scores, best_of_few, review, sift, least_bounds, failing, failing_lanes,
        reach<uint8_t>, reach<int16_t>, byte_distance,
        multiply_adds, float_lanes,
    };
}

} // namespace
