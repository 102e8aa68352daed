// What all kinds of Data need: signals, listeners, kernels by name, and a fit as Python sees it.
#pragma once

#include "arrays.hpp"
#include "kernels_called.hpp"
#include "released.hpp"

#include "../kmeans/fit.hpp"
#include "../kmeans/silhouette.hpp"
#include "../kmeans/summary.hpp"

#include <chrono>
#include <stdexcept>
#include <string>
#include <utility>

namespace kmosaic {

// Ctrl-C: asked for a few times a second, on the calling thread.
inline Poll signal_poll() {
    using Clock = std::chrono::steady_clock;
    return [last = Clock::now()]() mutable {
        const auto now = Clock::now();
        if (now - last < std::chrono::milliseconds(30)) return;
        last = now;
        const nb::gil_scoped_acquire gil;
        if (PyErr_CheckSignals() != 0) throw nb::python_error();
    };
}

// These borrow the Python object, which the caller keeps alive.
inline std::function<void(const Iteration&)> listener(const nb::object& on_iteration) {
    if (on_iteration.is_none()) return nullptr;
    return [&on_iteration](const Iteration& done) {
        const nb::gil_scoped_acquire gil;
        on_iteration(done.number, done.inertia, done.moved, done.center_shift, done.seconds);
    };
}

inline std::function<void(const std::vector<int32_t>&)> label_listener(const nb::object& on_labels) {
    if (on_labels.is_none()) return nullptr;
    return [&on_labels](const std::vector<int32_t>& labels) {
        const nb::gil_scoped_acquire gil;
        on_labels(to_numpy(std::vector<int32_t>(labels), {labels.size()}));
    };
}

// A few times a second, and at the end.
inline Fraction fraction_listener(const nb::object& on_fraction) {
    if (on_fraction.is_none()) return nullptr;
    using Clock = std::chrono::steady_clock;
    return [&on_fraction, last = Clock::now()](double done) mutable {
        const auto now = Clock::now();
        if (now - last < std::chrono::milliseconds(100) && done < 1) return;
        last = now;
        const nb::gil_scoped_acquire gil;
        on_fraction(done);
    };
}

// How many centers there are, one number for each of d columns.
inline int count_of(const Matrix<double>& centers, int64_t d) {
    if (static_cast<int64_t>(centers.shape(1)) != d || centers.shape(0) < 1)
        throw std::invalid_argument("centers and rows differ in their number of columns");
    return static_cast<int>(centers.shape(0));
}

inline Centers centers_of(const Matrix<double>& given, int64_t d) {
    Centers centers;
    centers.k = count_of(given, d);
    centers.d = d;
    centers.exact.assign(given.data(), given.data() + given.size());
    return centers;
}

inline nb::dict to_python(Fit&& found, int k, int64_t n, int64_t d) {
    nb::list history;
    for (const Iteration& done : found.history)
        history.append(nb::make_tuple(done.number, done.inertia, done.moved, done.center_shift, done.seconds));
    nb::dict result;
    result["history"] = history;
    result["clusters_used"] = found.clusters_used;
    result["centers"] = to_numpy(std::move(found.centers), {static_cast<size_t>(k), static_cast<size_t>(d)});
    result["labels"] = to_numpy(std::move(found.labels), {static_cast<size_t>(n)});
    result["inertia"] = found.inertia;
    result["n_iter"] = found.n_iter;
    result["converged"] = found.converged;
    result["algorithm"] = found.algorithm;
    result["why"] = found.why;
    result["bytes"] = found.bytes;
    result["screened"] = found.tally.screened;
    result["decided"] = found.tally.decided;
    result["largest_bound"] = found.tally.largest_bound;
    const size_t aside = found.aside.size();
    result["aside"] = to_numpy(std::move(found.aside), {aside});
    return result;
}

inline nb::tuple to_python(Summary&& found, int k, int64_t d) {
    const auto n = found.labels.size(), clusters = static_cast<size_t>(k);
    return nb::make_tuple(to_numpy(std::move(found.labels), {n}), to_numpy(std::move(found.weights), {clusters}),
                          to_numpy(std::move(found.means), {clusters, static_cast<size_t>(d)}),
                          to_numpy(std::move(found.inertias), {clusters}), found.inertia);
}

// labels: (n) of 0..k-1.
template <class T>
nb::object silhouette_of(const Problem<T>& problem, const Vector<int32_t>& labels, int k, const nb::object& on_fraction) {
    const auto n = static_cast<size_t>(problem.rows.n);
    if (labels.size() != n || k < 1) throw std::invalid_argument("a label for each row");
    for (size_t i = 0; i < n; ++i)
        if (labels.data()[i] < 0 || labels.data()[i] >= k) throw std::invalid_argument("labels are 0..k-1");
    std::vector<double> found;
    {
        const Released released;
        found = silhouette(problem, labels.data(), k, fraction_listener(on_fraction));
    }
    return to_numpy(std::move(found), {n});
}

// The method fit() of any kind of data, which runs(start, k, plan) a plan.
template <class Data>
nb::object called_fit(Data& data, Matrix<double> centers, int max_iter, double tolerance, const std::string& algorithm,
                      nb::object on_iteration, nb::object on_labels, int64_t memory_limit, bool on_sphere, double aside, int64_t least,
                      int64_t most) {
    const auto [n, d] = data.shape();
    const int k = count_of(centers, d);
    const Plan plan{max_iter,     tolerance, data.threads(), algorithm, memory_limit, listener(on_iteration),
                    label_listener(on_labels), signal_poll(), {on_sphere, aside, least, most}};
    std::vector<double> start(centers.data(), centers.data() + centers.size());
    Fit found;
    {
        const Released released;
        found = data.run(std::move(start), k, plan);
    }
    return to_python(std::move(found), k, n, d);
}

template <class Data>
void bind_fit(nb::class_<Data>& bound) {
    bound.def("fit", &called_fit<Data>, nb::arg("centers"), nb::arg("max_iter"), nb::arg("tolerance"), nb::arg("algorithm"),
              nb::arg("on_iteration").none(), nb::arg("on_labels") = nb::none(), nb::arg("memory_limit") = 0,
              nb::arg("on_sphere") = false, nb::arg("aside") = 0.0, nb::arg("least") = 0, nb::arg("most") = 0);
}

} // namespace kmosaic
