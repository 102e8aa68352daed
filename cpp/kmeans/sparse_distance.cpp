#include "sparse_distance.hpp"

#include <algorithm>

namespace kmosaic {

LongCenters::LongCenters(const Centers& centers, int threads, const Poll& poll) : centers_(centers), squared_(centers.k) {
    threads = worth_threads(2.0 * centers.k * static_cast<double>(centers.d), threads);
    const Blocks blocks = cut(centers.k, 2.0 * static_cast<double>(centers.d), threads, 1);
    parallel(threads, blocks.count, [&](int, int64_t block) {
        for (auto c = static_cast<int>(blocks.begin(block)); c < blocks.end(block); ++c) {
            double part[8] = {};
            for (int64_t j = 0; j < centers.d; ++j) part[j % 8] += centers.center(c)[j] * centers.center(c)[j];
            for (const double sum : part) squared_[c] += sum;
        }
    }, poll);
}

template <class T>
double exact_inertia(const Problem<Sparse<T>>& problem, const Centers& centers, const std::vector<int32_t>& labels,
                     double farthest) {
    const Rows<Sparse<T>>& rows = problem.rows;
    const LongCenters long_centers(centers, problem.threads, problem.poll);
    const int threads = worth_threads(8.0 * static_cast<double>(rows.stored()), problem.threads);
    const Blocks blocks = cut(rows.n, 8.0 * rows.width(), threads, 1);
    const ExactSum none(farthest * problem.frame.largest_weight);
    std::vector<ExactSum> part(threads, none);
    std::vector<SparseDistance<T>> distance(threads, SparseDistance<T>(rows, problem.kernels, long_centers));
    parallel(threads, blocks.count, [&](int worker, int64_t block) {
        ExactSum sum = none;
        for (int64_t i = blocks.begin(block); i < blocks.end(block); ++i) {
            const double weight = rows.weight(i);
            if (weight > 0) sum.add(weight * distance[worker](i, labels[i]));
        }
        part[worker].merge(sum);
    }, problem.poll);
    for (int worker = 1; worker < threads; ++worker) part[0].merge(part[worker]);
    return part[0].value();
}

template <class T>
Moments moments_of(const Rows<Sparse<T>>& rows, const Frame<Sparse<T>>& frame, const Kernels& kernels, int threads,
                   const Poll& poll) {
    struct Worker {
        Sums<Sparse<T>> sums;
        ExactSum spread, weight;
    };
    threads = worth_threads(4.0 * static_cast<double>(rows.stored()) + 16.0 * static_cast<double>(rows.d), threads);
    const Blocks blocks = cut(rows.n, 4.0 * rows.width(), threads, 1);
    const double longest = frame.reach(std::vector<double>(rows.d));
    const Worker none{Sums<Sparse<T>>(1, rows.d, frame, kernels, rows.weights != nullptr),
                      ExactSum(longest * frame.largest_weight), ExactSum(frame.largest_weight)};
    std::vector<Worker> workers(threads, none);
    parallel(threads, blocks.count, [&](int number, int64_t block) {
        Worker& worker = workers[number];
        for (int64_t i = blocks.begin(block); i < blocks.end(block); ++i) {
            const double w = rows.weight(i);
            if (w == 0) continue;
            const SparseRow<T> x = rows.row(i);
            double squared = 0;
            for (int64_t p = 0; p < x.count; ++p) squared += static_cast<double>(x.values[p]) * static_cast<double>(x.values[p]);
            worker.spread.add(w * squared);
            worker.weight.add(w);
            worker.sums.add(0, x, w);
        }
    }, poll);
    Worker all = none;
    all.sums.widen();
    parallel(threads, Sums<Sparse<T>>::slices, [&](int, int64_t slice) {
        for (const Worker& worker : workers) all.sums.absorb_slice(0, worker.sums, static_cast<int>(slice));
    }, poll);
    for (Worker& worker : workers) {
        all.sums.absorb(0, worker.sums);
        all.spread.merge(worker.spread);
        all.weight.merge(worker.weight);
    }
    Moments found{std::vector<double>(rows.d), all.spread.value(), 0};
    if (all.sums.empty(0)) return found;
    all.sums.mean(0, 0, rows.d, found.mean.data());
    // About the rounded mean: what its rounding adds is of second order.
    const double about_mean = std::max(0.0, found.spread - all.sums.off_spread(0, 0, rows.d, found.mean.data()));
    found.variance = about_mean / all.weight.value() / static_cast<double>(rows.d);
    return found;
}

template double exact_inertia(const Problem<Sparse<float>>&, const Centers&, const std::vector<int32_t>&, double);
template double exact_inertia(const Problem<Sparse<double>>&, const Centers&, const std::vector<int32_t>&, double);
template Moments moments_of(const Rows<Sparse<float>>&, const Frame<Sparse<float>>&, const Kernels&, int, const Poll&);
template Moments moments_of(const Rows<Sparse<double>>&, const Frame<Sparse<double>>&, const Kernels&, int, const Poll&);

} // namespace kmosaic
