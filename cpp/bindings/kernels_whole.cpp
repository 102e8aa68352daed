// The kernels of whole numbers by themselves, for tests.
#include "arrays.hpp"
#include "kernels_called.hpp"

#include "../kmeans/frame.hpp"

#include <nanobind/stl/string.h>

namespace kmosaic {
namespace {

// tile: (pairs, tile_rows, 2), bytes or shorts. Returns one mask of rows for each of the others.
template <class Number, class Reach>
nb::object reach(Reach kernel, const Matrix<Number>& tile, const Matrix<int16_t>& others, const Vector<int32_t>& half_norms,
                 const Vector<int32_t>& limits) {
    const size_t count = others.shape(0), pairs = tile.shape(0);
    ask(tile.shape(1) == 2 * limits.size() && others.shape(1) == 2 * pairs && half_norms.size() == count);
    std::vector<uint64_t> masks(count);
    kernel(tile.data(), static_cast<int64_t>(pairs), others.data(), half_norms.data(), static_cast<int>(count), limits.data(),
           masks.data());
    return to_numpy(std::move(masks), {count});
}

nb::object reach_bytes(const std::string& name, Matrix<uint8_t> tile, Matrix<int16_t> others, Vector<int32_t> half_norms,
                       Vector<int32_t> limits) {
    ask(limits.size() == static_cast<size_t>(called(name).tile_rows));
    return reach(called(name).reach_bytes, tile, others, half_norms, limits);
}

nb::object reach_shorts(const std::string& name, Matrix<int16_t> tile, Matrix<int16_t> others, Vector<int32_t> half_norms,
                        Vector<int32_t> limits) {
    ask(limits.size() == static_cast<size_t>(called(name).tile_rows));
    return reach(called(name).reach_shorts, tile, others, half_norms, limits);
}

int64_t byte_distance(const std::string& name, Vector<uint8_t> x, Vector<uint8_t> y) {
    ask(x.size() == y.size());
    return called(name).byte_distance(x.data(), y.data(), static_cast<int64_t>(x.size()));
}

nb::object center_distances(const std::string& name, Vector<uint8_t> x, Matrix<int16_t> centers, Vector<int32_t> which) {
    const size_t count = which.size();
    ask(centers.shape(1) == x.size());
    for (size_t i = 0; i < count; ++i) ask(which.data()[i] >= 0 && static_cast<size_t>(which.data()[i]) < centers.shape(0));
    std::vector<float> squared(count);
    called(name).center_distances(x.data(), static_cast<int64_t>(x.size()), centers.data(), which.data(), static_cast<int>(count),
                                  squared.data());
    return to_numpy(std::move(squared), {count});
}

// Scores (rows, group_width) and squared norms.
nb::tuple few_bytes(const std::string& name, Matrix<uint8_t> rows, Matrix<int16_t> centers, Vector<float> half_norms) {
    const size_t n = rows.shape(0), d = rows.shape(1), k = centers.shape(0);
    ask(n <= max_tile_rows && k >= 1 && k <= group_width && centers.shape(1) == d && half_norms.size() == k);
    std::vector<const uint8_t*> pointers(n);
    for (size_t r = 0; r < n; ++r) pointers[r] = rows.data() + r * d;
    std::vector<float> scores(n * group_width), squared_norms(n);
    called(name).few_bytes(pointers.data(), static_cast<int>(n), static_cast<int64_t>(d), centers.data(), half_norms.data(),
                           static_cast<int>(k), scores.data(), squared_norms.data());
    return nb::make_tuple(to_numpy(std::move(scores), {n, group_width}), to_numpy(std::move(squared_norms), {n}));
}

} // namespace
} // namespace kmosaic

void bind_kernels_whole(nanobind::module_& module) {
    module.def("reach_bytes", &kmosaic::reach_bytes);
    module.def("reach_shorts", &kmosaic::reach_shorts);
    module.def("byte_distance", &kmosaic::byte_distance);
    module.def("center_distances", &kmosaic::center_distances);
    module.def("few_bytes", &kmosaic::few_bytes);
}
