// The kernels for few centers and for bounds, each by itself, so that tests can hold them against the slow truth.
#include "arrays.hpp"
#include "kernels_called.hpp"

#include "../kmeans/screen.hpp"

#include <nanobind/stl/string.h>

#include <algorithm>

namespace kmosaic {
namespace {

template <class T>
std::vector<const T*> pointers(const Matrix<T>& rows) {
    std::vector<const T*> all;
    for (size_t r = 0; r < rows.shape(0); ++r) all.push_back(rows.data() + r * rows.shape(1));
    return all;
}

// Scores (rows, group_width) and squared norms.
template <class T>
nb::tuple few(const std::string& name, Matrix<T> rows, Vector<Real<T>> shift, double scale, Matrix<float> centers,
              Vector<float> half_norms) {
    const size_t n = rows.shape(0), d = rows.shape(1), k = centers.shape(0);
    ask(n <= max_tile_rows && k <= group_width && centers.shape(1) == d && shift.size() == d && half_norms.size() == k);
    std::vector<float> scores(n * group_width), squared_norms(n);
    RowKernelsOf<T>::of(called(name)).few(pointers(rows).data(), static_cast<int>(n), static_cast<int64_t>(d),
                                          shift.data(), static_cast<Real<T>>(scale), centers.data(), half_norms.data(),
                                          static_cast<int>(k), scores.data(), squared_norms.data());
    return nb::make_tuple(to_numpy(std::move(scores), {n, group_width}), to_numpy(std::move(squared_norms), {n}));
}

// The shifted row and its squared norm.
template <class T>
nb::tuple level(const std::string& name, Vector<T> x, Vector<Real<T>> shift, double scale) {
    const size_t d = x.size();
    ask(shift.size() == d);
    std::vector<float> out(d);
    const float squared_norm = RowKernelsOf<T>::of(called(name)).level(
        x.data(), static_cast<int64_t>(d), shift.data(), static_cast<Real<T>>(scale), out.data());
    return nb::make_tuple(to_numpy(std::move(out), {d}), squared_norm);
}

template <class T>
nb::object quick_distances(const std::string& name, Vector<T> x, Matrix<Real<T>> centers, Vector<int32_t> which) {
    const size_t count = which.size();
    ask(centers.shape(1) == x.size());
    ask(std::all_of(which.data(), which.data() + count,
                    [&](int32_t c) { return c >= 0 && static_cast<size_t>(c) < centers.shape(0); }));
    std::vector<float> squared(count);
    RowKernelsOf<T>::of(called(name)).quick_distances(x.data(), static_cast<int64_t>(x.size()), centers.data(),
                                                      which.data(), static_cast<int>(count), squared.data());
    return to_numpy(std::move(squared), {count});
}

nb::tuple best_of_few(const std::string& name, Matrix<float> scores) {
    const size_t n = scores.shape(0);
    ask(n <= max_tile_rows && scores.shape(1) == group_width);
    std::vector<float> best(n), second(n);
    std::vector<int32_t> index(n);
    called(name).best_of_few(scores.data(), static_cast<int>(n), best.data(), second.data(), index.data());
    return nb::make_tuple(to_numpy(std::move(best), {n}), to_numpy(std::move(second), {n}),
                          to_numpy(std::move(index), {n}));
}

// group: (d, group_width). Returns the masks and the smallest of the other scores.
nb::tuple sift(const std::string& name, Matrix<float> rows, Matrix<float> group, Vector<float> half_norms,
               Vector<float> limits, Vector<int32_t> skip) {
    const size_t n = rows.shape(0), d = rows.shape(1);
    ask(n <= max_sift_rows && group.shape(0) == d && group.shape(1) == group_width &&
        half_norms.size() == group_width && limits.size() == n && skip.size() == n);
    std::vector<uint32_t> masks(n);
    std::vector<float> rest(n);
    called(name).sift(pointers(rows).data(), static_cast<int>(n), static_cast<int64_t>(d), group.data(),
                      half_norms.data(), limits.data(), skip.data(), masks.data(), rest.data());
    return nb::make_tuple(to_numpy(std::move(masks), {n}), to_numpy(std::move(rest), {n}));
}

// bounds: (groups, rows); the first `count` rows are asked about.
nb::object least_bounds(const std::string& name, Matrix<float> bounds, Vector<float> drifts, int count) {
    ask(drifts.size() == bounds.shape(0) && count >= 0 && static_cast<size_t>(count) <= bounds.shape(1));
    std::vector<float> low(count);
    called(name).least_bounds(bounds.data(), static_cast<int64_t>(bounds.shape(1)), static_cast<int>(bounds.shape(0)),
                              drifts.data(), count, low.data());
    return to_numpy(std::move(low), {static_cast<size_t>(count)});
}

nb::object failing(const std::string& name, Vector<float> bounds, float drift, Vector<float> upper) {
    ask(bounds.size() == upper.size());
    std::vector<int32_t> found(upper.size());
    const int how_many = called(name).failing(bounds.data(), drift, upper.data(), static_cast<int>(upper.size()),
                                              found.data());
    found.resize(how_many);
    return to_numpy(std::move(found), {static_cast<size_t>(how_many)});
}

// Of one row: the centers whose bound does not hold.
nb::object failing_lanes(const std::string& name, Vector<float> bounds, Vector<float> drifts, float upper, int k, int skip) {
    ask(bounds.size() == drifts.size() && bounds.size() % group_width == 0 && k > 0 && static_cast<size_t>(k) <= bounds.size());
    std::vector<int32_t> found(bounds.size());
    const int how_many = called(name).failing_lanes(bounds.data(), drifts.data(), upper, k, skip, found.data());
    found.resize(how_many);
    return to_numpy(std::move(found), {static_cast<size_t>(how_many)});
}

nb::object lower_lanes(const std::string& name, Vector<float> squared, float share, float vanished, float unit, float slop) {
    const size_t count = squared.size();
    ask(count % group_width == 0);
    std::vector<float> low(count);
    called(name).lower_lanes(squared.data(), static_cast<int>(count), share, vanished, unit, slop, low.data());
    return to_numpy(std::move(low), {count});
}

template <class T>
void bind_typed(nb::module_& module) {
    module.def("few", &few<T>);
    module.def("level", &level<T>);
    module.def("quick_distances", &quick_distances<T>);
}

} // namespace
} // namespace kmosaic

void bind_kernels_bounds(nanobind::module_& module) {
    kmosaic::bind_typed<float>(module);
    kmosaic::bind_typed<double>(module);
    kmosaic::bind_typed<uint8_t>(module);
    module.def("quick_error", &kmosaic::quick_error);
    module.def("best_of_few", &kmosaic::best_of_few);
    module.def("sift", &kmosaic::sift);
    module.def("least_bounds", &kmosaic::least_bounds);
    module.def("failing", &kmosaic::failing);
    module.def("failing_lanes", &kmosaic::failing_lanes);
    module.def("lower_lanes", &kmosaic::lower_lanes);
}
