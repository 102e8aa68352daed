// The kernels of 16-bit numbers, each by itself, so that tests can hold them against the slow truth.
#include "arrays.hpp"
#include "kernels_called.hpp"

#include "../kmeans/screen.hpp"

#include <nanobind/stl/string.h>

namespace kmosaic {
namespace {

// A tile of rows against all centers: the rounded rows (rows, 2 pairs), their squared norms, best, second and index.
template <class T>
nb::tuple int16_tile(const std::string& name, Matrix<T> rows, Vector<Real<T>> shift, double scale, float inverse,
                     Matrix<float> centers, float inverse_of_centers, Vector<int32_t> half_norms, float unit) {
    const Kernels& kernels = called(name);
    const size_t n = rows.shape(0), d = rows.shape(1), k = centers.shape(0), pairs = (d + 1) / 2, wide = kernels.int16_rows;
    ask(n >= 1 && n <= wide && centers.shape(1) == d && shift.size() == d && half_norms.size() == k);
    const auto columns = static_cast<int64_t>(d);
    std::vector<const T*> pointers(n);
    for (size_t r = 0; r < n; ++r) pointers[r] = rows.data() + r * d;
    Buffer<int32_t> tile = buffer<int32_t>(pairs * wide), panels = buffer<int32_t>(pairs * k), index = buffer<int32_t>(wide);
    FloatBuffer norms = float_buffer(wide), best = float_buffer(wide), second = float_buffer(wide);
    RowKernelsOf<T>::of(kernels).pack_int16(pointers.data(), static_cast<int>(n), columns, shift.data(),
                                            static_cast<Real<T>>(scale), inverse, tile.get(), norms.get());
    kernels.pack_centers_int16(centers.data(), static_cast<int>(k), columns, inverse_of_centers, panels.get());
    kernels.nearest_int16(tile.get(), columns, panels.get(), half_norms.data(), static_cast<int>(k), unit, best.get(),
                          second.get(), index.get());
    std::vector<int32_t> numbers;
    for (size_t r = 0; r < n; ++r)
        for (size_t p = 0; p < pairs; ++p) {
            const int32_t both = tile[p * wide + r];
            numbers.push_back(static_cast<int16_t>(both & 0xffff));
            numbers.push_back(both >> 16);
        }
    return nb::make_tuple(to_numpy(std::move(numbers), {n, 2 * pairs}),
                          to_numpy(std::vector<float>(norms.get(), norms.get() + n), {n}),
                          to_numpy(std::vector<float>(best.get(), best.get() + n), {n}),
                          to_numpy(std::vector<float>(second.get(), second.get() + n), {n}),
                          to_numpy(std::vector<int32_t>(index.get(), index.get() + n), {n}));
}

nb::object round_row(const std::string& name, Vector<float> x, float inverse) {
    const size_t pairs = (x.size() + 1) / 2;
    std::vector<int32_t> both(pairs), numbers;
    called(name).round_row(x.data(), static_cast<int64_t>(x.size()), inverse, both.data());
    for (const int32_t pair : both) {
        numbers.push_back(static_cast<int16_t>(pair & 0xffff));
        numbers.push_back(pair >> 16);
    }
    return to_numpy(std::move(numbers), {2 * pairs});
}

// rows (count, pairs) and group (pairs, group_width) of pairs of numbers; masks and the smallest of the other scores.
nb::tuple sift_int16(const std::string& name, Matrix<int32_t> rows, Matrix<int32_t> group, Vector<float> half_norms,
                     Vector<float> units, Vector<float> limits, Vector<int32_t> skip) {
    const size_t count = rows.shape(0), pairs = rows.shape(1);
    ask(count >= 1 && count <= max_sift_rows && group.shape(0) == pairs && group.shape(1) == group_width &&
        half_norms.size() == group_width && units.size() == count && limits.size() == count && skip.size() == count);
    std::vector<const int32_t*> pointers(count);
    for (size_t r = 0; r < count; ++r) pointers[r] = rows.data() + r * pairs;
    std::vector<uint32_t> masks(count);
    std::vector<float> rest(count);
    called(name).sift_int16(pointers.data(), static_cast<int>(count), static_cast<int64_t>(2 * pairs), group.data(),
                            half_norms.data(), units.data(), limits.data(), skip.data(), masks.data(), rest.data());
    return nb::make_tuple(to_numpy(std::move(masks), {count}), to_numpy(std::move(rest), {count}));
}

} // namespace
} // namespace kmosaic

void bind_kernels_int16(nanobind::module_& module) {
    module.def("int16_rows", [](const std::string& name) { return kmosaic::called(name).int16_rows; });
    module.def("int16_tile", &kmosaic::int16_tile<float>);
    module.def("int16_tile", &kmosaic::int16_tile<double>);
    module.def("int16_tile", &kmosaic::int16_tile<uint8_t>);
    module.def("round_row", &kmosaic::round_row);
    module.def("sift_int16", &kmosaic::sift_int16);
}
