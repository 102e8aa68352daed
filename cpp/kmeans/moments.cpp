#include "moments.hpp"

#include "sums.hpp"

#include <algorithm>

namespace kmosaic {

// With m the middle of the frame: mean |x - m|^2 - |mean - m|^2, in one pass.
template <class T>
Moments moments_of(const Rows<T>& rows, const Frame<T>& frame, const Kernels& kernels, int threads, const Poll& poll) {
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
            worker.sums.add(0, rows.row(i), weight, rows.count(i));
            worker.spread.add(weight * kernel.squared_distance(rows.row(i), middle.data(), rows.d), rows.count(i));
            worker.weight.add(weight, rows.count(i));
        }
    }, poll);
    Sums<T> sums(1, rows.d, frame, kernels, weighted);
    ExactSum spread(frame.distance_bound * frame.largest_weight), weight(frame.largest_weight);
    for (Worker& worker : workers) {
        sums.absorb(0, worker.sums);
        spread.merge(worker.spread);
        weight.merge(worker.weight);
    }
    Moments found{middle, spread.value(), 0};
    if (sums.empty(0)) return found;
    sums.mean(0, 0, rows.d, found.mean.data());
    double between = 0;
    for (int64_t j = 0; j < rows.d; ++j) between += (found.mean[j] - middle[j]) * (found.mean[j] - middle[j]);
    found.variance = std::max(0.0, spread.value() / weight.value() - between) / static_cast<double>(rows.d);
    return found;
}

template Moments moments_of(const Rows<float>&, const Frame<float>&, const Kernels&, int, const Poll&);
template Moments moments_of(const Rows<double>&, const Frame<double>&, const Kernels&, int, const Poll&);
template Moments moments_of(const Rows<uint8_t>&, const Frame<uint8_t>&, const Kernels&, int, const Poll&);

} // namespace kmosaic
