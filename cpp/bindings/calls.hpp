// What all kinds of Data need: signals, listeners, kernels by name, and a fit as Python sees it.
#pragma once

#include "arrays.hpp"
#include "kernels_called.hpp"

#include "../kmeans/fit.hpp"
#include "../kmeans/summary.hpp"

#include <chrono>
#include <stdexcept>
#include <string>

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

} // namespace kmosaic
