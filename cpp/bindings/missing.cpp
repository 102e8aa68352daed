// MissingData: what data.cpp is for whole rows, for rows in which some numbers are missing.
#include "calls.hpp"

#include "../kmeans/missing.hpp"

#include <nanobind/stl/function.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>

#include <optional>
#include <tuple>

namespace kmosaic {
namespace {

template <class T>
class MissingData {
public:
    MissingData(Matrix<T> rows, std::optional<Vector<double>> weights, int threads, const std::string& simd)
        : owner_(rows), weights_(weights), kernels_(kernels_called(simd)), threads_(threads),
          rows_{{rows.data(), static_cast<int64_t>(rows.shape(0)), static_cast<int64_t>(rows.shape(1)),
                 weights ? weights->data() : nullptr}} {
        const Released released;
        frame_ = measure(rows_, kernels_, threads_, signal_poll());
    }

    bool finite() const { return frame_.finite; }
    double bound() const { return frame_.distance_bound; }
    std::string simd() const { return kernels_.name; }
    void limit_memory(int64_t) {} // there is nothing that it could do without

    double mean_variance() {
        const Released released;
        return moments().variance;
    }

    std::pair<int64_t, int64_t> shape() const { return {rows_.n, rows_.d}; }
    int threads() const { return threads_; }

    Fit run(std::vector<double> start, int k, const Plan& plan) {
        const Head<Missing<T>>* no_head = nullptr;
        return kmosaic::fit(rows_, frame_, moments(), kernels_, no_head, std::move(start), k, plan);
    }

    nb::tuple summarize(Matrix<double> given) {
        const Centers centers = centers_of(given, rows_.d);
        Summary found;
        {
            const Released released;
            const Poll poll = signal_poll();
            found = kmosaic::summarize(Problem<Missing<T>>{rows_, frame_, kernels_, threads_, poll}, centers);
        }
        return to_python(std::move(found), centers.k, centers.d);
    }

    nb::tuple nearest(Matrix<double> given) const {
        const Centers centers = centers_of(given, rows_.d);
        std::vector<int32_t> label(rows_.n);
        std::vector<double> squared(rows_.n);
        each_row(centers.k, [&](const RowDistance<Missing<T>>& distance, int64_t i) {
            std::tie(label[i], squared[i]) = least_of(centers.k, [&](int c) { return distance(i, centers.center(c)); });
        });
        const auto n = static_cast<size_t>(rows_.n);
        return nb::make_tuple(to_numpy(std::move(label), {n}), to_numpy(std::move(squared), {n}));
    }

    nb::object squared_distances(Matrix<double> given) const {
        const Centers centers = centers_of(given, rows_.d);
        std::vector<double> all(static_cast<size_t>(rows_.n) * centers.k);
        each_row(centers.k, [&](const RowDistance<Missing<T>>& distance, int64_t i) {
            for (int c = 0; c < centers.k; ++c) all[i * centers.k + c] = distance(i, centers.center(c));
        });
        return to_numpy(std::move(all), {static_cast<size_t>(rows_.n), static_cast<size_t>(centers.k)});
    }

private:
    template <class Work>
    void each_row(int k, Work work) const {
        const Released released;
        const RowDistance<Missing<T>> distance(rows_, kernels_);
        const double operations = 3.0 * static_cast<double>(rows_.d) * k;
        const int threads = worth_threads(operations * static_cast<double>(rows_.n), threads_);
        const Blocks blocks = cut(rows_.n, operations, threads, 1);
        parallel(threads, blocks.count, [&](int, int64_t block) {
            for (int64_t i = blocks.begin(block); i < blocks.end(block); ++i) work(distance, i);
        }, signal_poll());
    }

    const Moments& moments() {
        if (!moments_) moments_ = moments_of(rows_, frame_, kernels_, threads_, signal_poll());
        return *moments_;
    }

    Matrix<T> owner_; // keeps the array alive; rows_ looks into it
    std::optional<Vector<double>> weights_;
    const Kernels& kernels_;
    int threads_;
    Rows<Missing<T>> rows_;
    Frame<Missing<T>> frame_;
    std::optional<Moments> moments_;
};

template <class T>
void bind_one(nb::module_& module, const char* name) {
    using Bound = MissingData<T>;
    nb::class_<Bound> bound(module, name);
    bind_fit(bound);
    bound
        .def(nb::init<Matrix<T>, std::optional<Vector<double>>, int, const std::string&>(),
             nb::arg("rows").noconvert(), nb::arg("weights").none(), nb::arg("threads"), nb::arg("simd"))
        .def_prop_ro("finite", &Bound::finite)
        .def_prop_ro("distance_bound", &Bound::bound)
        .def_prop_ro("range_bound", &Bound::bound)
        .def_prop_ro("simd", &Bound::simd)
        .def("limit_memory", &Bound::limit_memory, nb::arg("bytes"))
        .def("mean_variance", &Bound::mean_variance)
        .def("summarize", &Bound::summarize, nb::arg("centers"))
        .def("nearest", &Bound::nearest, nb::arg("centers"))
        .def("squared_distances", &Bound::squared_distances, nb::arg("centers"));
}

} // namespace
} // namespace kmosaic

void bind_missing(nanobind::module_& module) {
    kmosaic::bind_one<float>(module, "MissingFloat32");
    kmosaic::bind_one<double>(module, "MissingFloat64");
}
