// Each kernel by itself, so that tests can hold every instruction set against the slow truth.
#include "arrays.hpp"
#include "kernels_called.hpp"

#include "../kmeans/screen.hpp"

#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <limits>
#include <stdexcept>

namespace kmosaic {
namespace {

std::vector<std::string> names() {
    std::vector<std::string> all;
    for (const char* const* name = kernel_names(); *name; ++name) all.emplace_back(*name);
    return all;
}

template <class T>
double squared_distance(const std::string& name, Vector<T> x, Vector<double> c) {
    return RowKernelsOf<T>::of(called(name)).squared_distance(x.data(), c.data(), x.size());
}

template <class T>
double known_distance(const std::string& name, Vector<T> x, Vector<double> c) {
    return RowKernelsOf<T>::of(called(name)).known_distance(x.data(), c.data(), x.size());
}

template <class T>
nb::object accumulate(const std::string& name, Vector<T> x, Vector<Real<T>> shift, Vector<double> grid, int sign) {
    std::vector<int64_t> sums(x.size());
    RowKernelsOf<T>::of(called(name)).accumulate(x.data(), x.size(), shift.data(), grid.data(), sign, sums.data());
    const size_t d = sums.size();
    return to_numpy(std::move(sums), {d});
}

template <class T>
nb::tuple range(const std::string& name, Matrix<T> rows) {
    const size_t d = rows.shape(1);
    std::vector<T> low(d, std::numeric_limits<T>::max()), high(d, std::numeric_limits<T>::lowest());
    bool finite = true;
    for (size_t i = 0; i < rows.shape(0); ++i)
        finite &= RowKernelsOf<T>::of(called(name)).range(rows.data() + i * d, d, low.data(), high.data());
    return nb::make_tuple(finite, to_numpy(std::move(low), {d}), to_numpy(std::move(high), {d}));
}

// One tile of rows against all centers: scores (k, rows), squared norms, best, second best, index of the best.
template <class T>
nb::tuple screen(const std::string& name, Matrix<T> rows, Vector<Real<T>> shift, double scale, Matrix<float> centers,
                 Vector<float> half_norms) {
    const Kernels& kernels = called(name);
    const auto n = static_cast<int>(rows.shape(0)), k = static_cast<int>(centers.shape(0));
    const auto d = static_cast<int64_t>(rows.shape(1));
    if (n < 1 || n > kernels.tile_rows) throw std::invalid_argument("a tile has 1 to tile_rows rows");
    const int wide = kernels.tile_rows;
    FloatBuffer tile = float_buffer(d * wide), panels = float_buffer(d * k), all = float_buffer(int64_t(k) * wide);
    FloatBuffer norms = float_buffer(wide), best = float_buffer(wide), second = float_buffer(wide);
    std::vector<int32_t> index(max_tile_rows);
    std::vector<const T*> pointers(n);
    for (int r = 0; r < n; ++r) pointers[r] = rows.data() + r * d;
    RowKernelsOf<T>::of(kernels).pack(pointers.data(), n, d, shift.data(), static_cast<Real<T>>(scale), tile.get(),
                                      norms.get());
    kernels.pack_centers(centers.data(), k, d, panels.get());
    kernels.scores(tile.get(), d, panels.get(), half_norms.data(), k, all.get());
    kernels.nearest(tile.get(), d, panels.get(), half_norms.data(), k, best.get(), second.get(), index.data());
    std::vector<float> scores;
    for (int c = 0; c < k; ++c) scores.insert(scores.end(), all.get() + c * wide, all.get() + c * wide + n);
    const auto count = static_cast<size_t>(n);
    index.resize(count);
    return nb::make_tuple(to_numpy(std::move(scores), {static_cast<size_t>(k), count}),
                          to_numpy(std::vector<float>(norms.get(), norms.get() + n), {count}),
                          to_numpy(std::vector<float>(best.get(), best.get() + n), {count}),
                          to_numpy(std::vector<float>(second.get(), second.get() + n), {count}),
                          to_numpy(std::move(index), {count}));
}

template <class T>
void bind_typed(nb::module_& module) {
    module.def("squared_distance", &squared_distance<T>);
    module.def("known_distance", &known_distance<T>);
    module.def("accumulate", &accumulate<T>);
    module.def("value_range", &range<T>);
    module.def("screen_tile", &screen<T>);
}

} // namespace
} // namespace kmosaic

void bind_kernels(nanobind::module_& module) {
    module.def("instruction_sets", &kmosaic::names);
    module.def("tile_rows", [](const std::string& name) { return kmosaic::called(name).tile_rows; });
    module.def("screen_error", &kmosaic::screen_error);
    kmosaic::bind_typed<float>(module);
    kmosaic::bind_typed<double>(module);
    kmosaic::bind_typed<uint8_t>(module);
}
