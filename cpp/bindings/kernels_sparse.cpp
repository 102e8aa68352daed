// The kernels of sparse rows by themselves, for tests.
#include "arrays.hpp"
#include "kernels_called.hpp"

#include "../kmeans/sparse.hpp"

#include <nanobind/stl/string.h>

namespace kmosaic {
namespace {

// panel: (d, width / 2) words.
template <class T>
nb::object scores(const std::string& name, Vector<T> values, Vector<int32_t> columns, double scale, Matrix<uint32_t> panel,
                  Vector<float> half_norms) {
    const size_t width = half_norms.size();
    ask(values.size() == columns.size() && panel.shape(1) == width / 2 && (width % group_width == 0 || width == group_width / 2) && width <= 4 * group_width);
    for (size_t p = 0; p < columns.size(); ++p) ask(static_cast<size_t>(columns.data()[p]) < panel.shape(0));
    std::vector<float> found(width);
    SparseKernelsOf<T>::of(called(name)).scores(values.data(), columns.data(), static_cast<int64_t>(values.size()),
                                                static_cast<T>(scale), panel.data(), static_cast<int>(width),
                                                half_norms.data(), found.data());
    return to_numpy(std::move(found), {width});
}

// panel: (d, dots_width).
template <class T>
nb::object dots(const std::string& name, Vector<T> values, Vector<int32_t> columns, Matrix<double> panel) {
    ask(values.size() == columns.size() && panel.shape(1) == dots_width);
    for (size_t p = 0; p < columns.size(); ++p) ask(static_cast<size_t>(columns.data()[p]) < panel.shape(0));
    std::vector<double> found(dots_width);
    SparseKernelsOf<T>::of(called(name)).dots(values.data(), columns.data(), static_cast<int64_t>(values.size()), panel.data(),
                                              found.data());
    return to_numpy(std::move(found), {found.size()});
}

// The center after, and what the step comes to.
template <class T>
nb::tuple move(const std::string& name, Vector<int64_t> sums, Vector<double> beyond, Vector<double> bases,
               Vector<double> inverse_grid, Vector<T> shift, Vector<double> center, double rows) {
    const size_t count = sums.size();
    ask(beyond.size() == count && bases.size() == count && inverse_grid.size() == count && shift.size() == count &&
        center.size() == count);
    std::vector<double> moved(center.data(), center.data() + count);
    const CutColumns<T> columns{sums.data(), beyond.data(), bases.data(), inverse_grid.data(), shift.data()};
    const CenterStep step = SparseKernelsOf<T>::of(called(name)).move(columns, rows, static_cast<int64_t>(count), moved.data());
    return nb::make_tuple(to_numpy(std::move(moved), {count}), step.off_spread, step.squared);
}

// The sums with these rows added, or taken away.
template <class T>
nb::object add(const std::string& name, Vector<T> values, Vector<int32_t> columns, Vector<T> shift, Vector<int32_t> exponents,
               Vector<uint8_t> full, int sign, Vector<int64_t> sums) {
    const size_t d = sums.size();
    ask(values.size() == columns.size() && shift.size() == d && exponents.size() == d && full.size() == d);
    for (size_t p = 0; p < columns.size(); ++p) ask(static_cast<size_t>(columns.data()[p]) < d);
    std::vector<ColumnGrid<T>> all(d);
    for (size_t j = 0; j < d; ++j)
        all[j] = {shift.data()[j], static_cast<uint16_t>(1023 + exponents.data()[j]), false, full.data()[j] != 0};
    std::vector<int64_t> found(sums.data(), sums.data() + d);
    SparseKernelsOf<T>::of(called(name)).add(values.data(), columns.data(), static_cast<int64_t>(values.size()), all.data(),
                                             sign, found.data());
    return to_numpy(std::move(found), {d});
}

double off_spread(const std::string& name, Vector<int64_t> sums, Vector<double> beyond, Vector<double> inverse_grid,
                  Vector<double> center, double rows) {
    ask(beyond.size() == sums.size() && inverse_grid.size() == sums.size() && center.size() == sums.size());
    return called(name).off_spread(sums.data(), beyond.data(), inverse_grid.data(), center.data(), rows,
                                   static_cast<int64_t>(sums.size()));
}

// The words, and the four sums.
nb::tuple pair_columns(const std::string& name, Vector<double> a, Vector<double> b, double scale) {
    const size_t count = a.size();
    ask(b.size() == count);
    std::vector<uint32_t> words(count);
    std::vector<double> sums(4);
    called(name).pair_columns(a.data(), b.data(), static_cast<int64_t>(count), scale, words.data(), sums.data());
    return nb::make_tuple(to_numpy(std::move(words), {count}), to_numpy(std::move(sums), {4}));
}

// Whether all bounds hold, and the bounds.
nb::tuple keep_lanes(const std::string& name, Vector<float> bounds, Vector<float> drifts, double upper) {
    const size_t count = bounds.size();
    ask(drifts.size() == count && count % group_width == 0);
    std::vector<float> moved(bounds.data(), bounds.data() + count);
    const bool kept = called(name).keep_lanes(moved.data(), drifts.data(), static_cast<int>(count), static_cast<float>(upper));
    return nb::make_tuple(kept, to_numpy(std::move(moved), {count}));
}

nb::tuple least_lanes(const std::string& name, Vector<float> scores) {
    ask(scores.size() > 0 && scores.size() % group_width == 0);
    float least, next;
    const int which = called(name).least_lanes(scores.data(), static_cast<int>(scores.size()), &least, &next);
    return nb::make_tuple(which, least, next);
}

nb::object distance_lanes(const std::string& name, Vector<float> scores, double squared, double slack) {
    const size_t count = scores.size();
    ask(count % group_width == 0);
    std::vector<float> bounds(count);
    called(name).distance_lanes(scores.data(), static_cast<int>(count), static_cast<float>(squared),
                                static_cast<float>(slack), bounds.data());
    return to_numpy(std::move(bounds), {count});
}

} // namespace
} // namespace kmosaic

void bind_kernels_sparse(nanobind::module_& module) {
    module.def("sparse_scores", &kmosaic::scores<float>);
    module.def("sparse_scores", &kmosaic::scores<double>);
    module.def("sparse_dots", &kmosaic::dots<float>);
    module.def("sparse_dots", &kmosaic::dots<double>);
    module.def("sparse_add", &kmosaic::add<float>);
    module.def("sparse_add", &kmosaic::add<double>);
    module.def("sparse_move", &kmosaic::move<float>);
    module.def("sparse_move", &kmosaic::move<double>);
    module.def("off_spread", &kmosaic::off_spread);
    module.def("pair_columns", &kmosaic::pair_columns);
    module.def("keep_lanes", &kmosaic::keep_lanes);
    module.def("least_lanes", &kmosaic::least_lanes);
    module.def("distance_lanes", &kmosaic::distance_lanes);
}
