// The kernels of all pairs by themselves, for tests.
#include "arrays.hpp"
#include "kernels_called.hpp"

#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>

#include <optional>

namespace kmosaic {
namespace {

template <class Number>
using Panels = nb::ndarray<const Number, nb::numpy, nb::ndim<3>, nb::c_contig, nb::device::cpu>;

// tile: (length, pair_rows), panels: (panels, length, pair_others). Returns (others, pair_rows).
template <class Number, class Kernel>
nb::object of_tile(Kernel kernel, const Matrix<Number>& tile, const Panels<Number>& panels) {
    ask(tile.shape(1) == static_cast<size_t>(pair_rows) && panels.shape(1) == tile.shape(0) &&
        panels.shape(2) == static_cast<size_t>(pair_others));
    const size_t count = panels.shape(0) * pair_others;
    std::vector<double> out(count * pair_rows);
    kernel(tile.data(), static_cast<int64_t>(tile.shape(0)), panels.data(), static_cast<int>(count), out.data());
    return to_numpy(std::move(out), {count, static_cast<size_t>(pair_rows)});
}

nb::object pair_products(const std::string& name, Matrix<double> tile, Panels<double> panels) {
    return of_tile<double>(called(name).pair_products, tile, panels);
}

nb::object pair_differences(const std::string& name, Matrix<double> tile, Panels<double> panels) {
    return of_tile<double>(called(name).pair_differences, tile, panels);
}

nb::object pair_products_int16(const std::string& name, Matrix<int32_t> tile, Panels<int32_t> panels) {
    return of_tile<int32_t>(called(name).pair_products_int16, tile, panels);
}

// products: (others, pair_rows). Squares, and whether any of them is open.
nb::tuple pair_squares(const std::string& name, Matrix<double> products, Vector<double> norms, Vector<double> limits,
                       Vector<double> other_norms, Vector<double> other_limits) {
    const size_t count = products.shape(0), rows = pair_rows;
    ask(products.shape(1) == rows && norms.size() == rows && limits.size() == rows && other_norms.size() == count &&
        other_limits.size() == count);
    std::vector<double> out(products.data(), products.data() + products.size());
    const bool open = called(name).pair_squares(out.data(), static_cast<int>(count), norms.data(), limits.data(), other_norms.data(),
                                                other_limits.data());
    return nb::make_tuple(to_numpy(std::move(out), {count, rows}), open);
}

// Roots, sums over the rows, and over the columns if asked for.
nb::tuple add_roots(const std::string& name, Matrix<double> squared, Vector<double> row_sums, bool columns) {
    const size_t count = squared.shape(0), rows = pair_rows;
    ask(squared.shape(1) == rows && row_sums.size() == rows);
    std::vector<double> out(squared.data(), squared.data() + squared.size()), of_rows(row_sums.data(), row_sums.data() + rows);
    std::vector<double> of_columns(count * pair_lanes);
    called(name).add_roots(out.data(), static_cast<int>(count), of_rows.data(), columns ? of_columns.data() : nullptr);
    return nb::make_tuple(to_numpy(std::move(out), {count, rows}), to_numpy(std::move(of_rows), {rows}),
                          to_numpy(std::move(of_columns), {count, static_cast<size_t>(pair_lanes)}));
}

} // namespace
} // namespace kmosaic

void bind_kernels_pairs(nanobind::module_& module) {
    module.def("pair_products", &kmosaic::pair_products);
    module.def("pair_differences", &kmosaic::pair_differences);
    module.def("pair_products_int16", &kmosaic::pair_products_int16);
    module.def("pair_squares", &kmosaic::pair_squares);
    module.def("add_roots", &kmosaic::add_roots);
    module.attr("pair_rows") = kmosaic::pair_rows;
    module.attr("pair_others") = kmosaic::pair_others;
    module.attr("pair_lanes") = kmosaic::pair_lanes;
}
