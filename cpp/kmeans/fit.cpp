#include "fit.hpp"

#include "empty.hpp"
#include "lloyd.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace kmosaic {
namespace {

// Every center that has rows goes to their mean; the squared length of all moves together.
template <class T>
double move_to_means(const Sums<T>& sums, std::vector<double>& centers, int k, int64_t d) {
    std::vector<double> mean(d);
    double squared_shift = 0;
    for (int c = 0; c < k; ++c) {
        if (sums.empty(c)) continue;
        sums.mean(c, mean.data());
        for (int64_t j = 0; j < d; ++j) {
            const double step = mean[j] - centers[c * d + j];
            squared_shift += step * step;
            centers[c * d + j] = mean[j];
        }
    }
    return squared_shift;
}

double seconds_since(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

} // namespace

template <class T>
Fit fit(const Rows<T>& rows, const Frame<T>& frame, const Kernels& kernels, std::vector<double> start, int k,
        const Plan& plan) {
    Lloyd<T> step(rows, frame, kernels, k, frame.reach(start), plan);
    Centers<T> centers;
    centers.k = k;
    centers.d = rows.d;
    centers.exact = std::move(start);
    for (int number = 1;; ++number) {
        const auto began = std::chrono::steady_clock::now();
        centers.prepare(frame, kernels);
        const Moves moves = step.assign(centers);
        const int64_t filled = moves.moved ? fill_empty_clusters(rows, centers, step, plan) : 0;
        // Labels at rest: the means of the same rows are the same centers, to the bit.
        const double squared_shift = moves.moved ? move_to_means(step.sums(), centers.exact, k, rows.d) : 0.0;
        if (plan.on_iteration)
            plan.on_iteration(
                {number, moves.inertia, moves.moved + filled, std::sqrt(squared_shift), seconds_since(began)});
        const auto result = [&](double inertia, bool converged) {
            return Fit{std::move(centers.exact), std::move(step.labels()), inertia, number, converged};
        };
        if (moves.moved == 0) return result(moves.inertia, true);
        if (squared_shift <= plan.tolerance || number == plan.max_iter) {
            // The centers have moved since the labels were found: look once more, so that they belong together.
            centers.prepare(frame, kernels);
            return result(step.assign(centers).inertia, squared_shift <= plan.tolerance);
        }
    }
}

// With m the middle of the frame: mean |x - m|^2 - |mean - m|^2, in one pass.
template <class T>
double mean_variance(const Rows<T>& rows, const Frame<T>& frame, const Kernels& kernels, int threads,
                     const Poll& poll) {
    struct Worker {
        Sums<T> sums;
        ExactSum spread, weight;
    };
    threads = worth_threads(4.0 * rows.n * rows.d, threads);
    const Blocks blocks = cut(rows.n, 4.0 * rows.d, threads, 1);
    const bool weighted = rows.weights != nullptr;
    std::vector<Worker> workers;
    for (int worker = 0; worker < threads; ++worker)
        workers.push_back({Sums<T>(1, rows.d, frame, kernels, weighted),
                           ExactSum(frame.distance_bound * frame.largest_weight), ExactSum(frame.largest_weight)});
    const std::vector<double> middle(frame.shift.begin(), frame.shift.end());
    const auto& kernel = RowKernelsOf<T>::of(kernels);
    parallel(threads, blocks.count, [&](int number, int64_t block) {
        Worker& worker = workers[number];
        for (int64_t i = blocks.begin(block); i < blocks.end(block); ++i) {
            const double weight = rows.weight(i);
            if (weight == 0) continue;
            worker.sums.add(0, rows.row(i), weight);
            worker.spread.add(weight * kernel.squared_distance(rows.row(i), middle.data(), rows.d));
            worker.weight.add(weight);
        }
    }, poll);
    Sums<T> sums(1, rows.d, frame, kernels, weighted);
    ExactSum spread(frame.distance_bound * frame.largest_weight), weight(frame.largest_weight);
    for (Worker& worker : workers) {
        sums.absorb(worker.sums);
        spread.merge(worker.spread);
        weight.merge(worker.weight);
    }
    if (sums.empty(0)) return 0;
    std::vector<double> mean(rows.d);
    sums.mean(0, mean.data());
    double between = 0;
    for (int64_t j = 0; j < rows.d; ++j) between += (mean[j] - middle[j]) * (mean[j] - middle[j]);
    return std::max(0.0, spread.value() / weight.value() - between) / static_cast<double>(rows.d);
}

template Fit fit(const Rows<float>&, const Frame<float>&, const Kernels&, std::vector<double>, int, const Plan&);
template Fit fit(const Rows<double>&, const Frame<double>&, const Kernels&, std::vector<double>, int, const Plan&);
template double mean_variance(const Rows<float>&, const Frame<float>&, const Kernels&, int, const Poll&);
template double mean_variance(const Rows<double>&, const Frame<double>&, const Kernels&, int, const Poll&);

} // namespace kmosaic
