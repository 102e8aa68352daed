// MissingData: what data.cpp is for whole rows, for rows in which some numbers are missing.
#include "calls.hpp"

#include "../kmeans/missing.hpp"

#include <nanobind/stl/function.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>

#include <optional>
#include <stdexcept>

namespace kmosaic {
namespace {

template <class T>
class MissingData {
public:
    MissingData(Matrix<T> rows, std::optional<Vector<double>> weights, int threads, const std::string& simd)
        : owner_(rows), weights_(weights), kernels_(kernels_called(simd)), threads_(threads),
          rows_{{rows.data(), static_cast<int64_t>(rows.shape(0)), static_cast<int64_t>(rows.shape(1)),
                 weights ? weights->data() : nullptr}} {
        const nb::gil_scoped_release released;
        frame_ = measure(rows_, kernels_, threads_, signal_poll());
    }

    bool finite() const { return frame_.finite; }
    double bound() const { return frame_.distance_bound; }
    std::string simd() const { return kernels_.name; }
    void limit_memory(int64_t) {} // there is nothing that it could do without

    double mean_variance() {
        const nb::gil_scoped_release released;
        return moments().variance;
    }

    nb::object fit(Matrix<double> centers, int max_iter, double tolerance, const std::string& algorithm, nb::object on_iteration,
                   nb::object on_labels, int64_t memory_limit, bool on_sphere, double aside, int64_t least, int64_t most) {
        const Plan plan{max_iter,     tolerance, threads_, algorithm, memory_limit, listener(on_iteration),
                        label_listener(on_labels), signal_poll(), {on_sphere, aside, least, most}};
        const int k = width_checked(centers);
        std::vector<double> start(centers.data(), centers.data() + centers.size());
        Fit found;
        {
            const nb::gil_scoped_release released;
            const Head<Missing<T>>* no_head = nullptr;
            found = kmosaic::fit(rows_, frame_, moments(), kernels_, no_head, std::move(start), k, plan);
        }
        return to_python(std::move(found), k, rows_.n, rows_.d);
    }

    nb::tuple summarize(Matrix<double> given) {
        const Centers centers = centers_of(given);
        Summary found;
        {
            const nb::gil_scoped_release released;
            const Poll poll = signal_poll();
            found = kmosaic::summarize(Problem<Missing<T>>{rows_, frame_, kernels_, threads_, poll}, centers);
        }
        return to_python(std::move(found), centers.k, centers.d);
    }

    nb::object squared_distances(Matrix<double> given) const {
        const Centers centers = centers_of(given);
        std::vector<double> all(static_cast<size_t>(rows_.n) * centers.k);
        {
            const nb::gil_scoped_release released;
            const RowDistance<Missing<T>> distance(rows_, kernels_);
            const double operations = 3.0 * static_cast<double>(rows_.d) * centers.k;
            const int threads = worth_threads(operations * static_cast<double>(rows_.n), threads_);
            const Blocks blocks = cut(rows_.n, operations, threads, 1);
            parallel(threads, blocks.count, [&](int, int64_t block) {
                for (int64_t i = blocks.begin(block); i < blocks.end(block); ++i)
                    for (int c = 0; c < centers.k; ++c) all[i * centers.k + c] = distance(i, centers.center(c));
            }, signal_poll());
        }
        return to_numpy(std::move(all), {static_cast<size_t>(rows_.n), static_cast<size_t>(centers.k)});
    }

private:
    int width_checked(const Matrix<double>& centers) const {
        if (static_cast<int64_t>(centers.shape(1)) != rows_.d || centers.shape(0) < 1)
            throw std::invalid_argument("centers and rows differ in their number of columns");
        return static_cast<int>(centers.shape(0));
    }

    Centers centers_of(const Matrix<double>& given) const {
        Centers centers;
        centers.k = width_checked(given);
        centers.d = rows_.d;
        centers.exact.assign(given.data(), given.data() + given.size());
        return centers;
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
    nb::class_<Bound>(module, name)
        .def(nb::init<Matrix<T>, std::optional<Vector<double>>, int, const std::string&>(),
             nb::arg("rows").noconvert(), nb::arg("weights").none(), nb::arg("threads"), nb::arg("simd"))
        .def_prop_ro("finite", &Bound::finite)
        .def_prop_ro("distance_bound", &Bound::bound)
        .def_prop_ro("range_bound", &Bound::bound)
        .def_prop_ro("simd", &Bound::simd)
        .def("limit_memory", &Bound::limit_memory, nb::arg("bytes"))
        .def("mean_variance", &Bound::mean_variance)
        .def("fit", &Bound::fit, nb::arg("centers"), nb::arg("max_iter"), nb::arg("tolerance"), nb::arg("algorithm"),
             nb::arg("on_iteration").none(), nb::arg("on_labels") = nb::none(), nb::arg("memory_limit") = 0,
             nb::arg("on_sphere") = false, nb::arg("aside") = 0.0, nb::arg("least") = 0, nb::arg("most") = 0)
        .def("summarize", &Bound::summarize, nb::arg("centers"))
        .def("squared_distances", &Bound::squared_distances, nb::arg("centers"));
}

} // namespace
} // namespace kmosaic

void bind_missing(nanobind::module_& module) {
    kmosaic::bind_one<float>(module, "MissingFloat32");
    kmosaic::bind_one<double>(module, "MissingFloat64");
}
