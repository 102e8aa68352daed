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
Moments moments_of(const Rows<Sparse<T>>& rows, const Frame<Sparse<T>>& frame, const Kernels& kernels, int threads,
                   const Poll& poll) {
    threads = worth_threads(4.0 * static_cast<double>(rows.stored()) + 16.0 * static_cast<double>(rows.d), threads);
    const Blocks blocks = cut(rows.n, 4.0 * rows.width(), threads, 1);
    std::vector<Sums<Sparse<T>>> part(threads, Sums<Sparse<T>>(1, rows, frame, kernels));
    std::vector<Spread> spread(threads, Spread(frame));
    parallel(threads, blocks.count, [&](int worker, int64_t block) {
        for (int64_t i = blocks.begin(block); i < blocks.end(block); ++i) {
            const double weight = rows.weight(i);
            if (weight == 0) continue;
            const SparseRow<T> x = rows.row(i);
            double squared = 0;
            for (int64_t p = 0; p < x.count; ++p) {
                const double beyond = static_cast<double>(x.values[p]) - frame.columns.all[x.columns[p]].base();
                squared += beyond * beyond;
            }
            spread[worker].add(squared, weight, 1);
            part[worker].add(0, i);
        }
    }, poll);
    for (int worker = 1; worker < threads; ++worker) spread[0].merge(spread[worker]);
    Moments found{{}, spread[0].value(), 0, spread[0].least_inertia()};
    const Sums<Sparse<T>> sums = total(part, rows, frame, kernels, threads, poll);
    if (sums.empty(0)) return found;
    const double about_mean = std::max(0.0, found.spread / spread[0].weight() - sums.squared_offset(0));
    found.variance = about_mean / static_cast<double>(rows.d);
    return found;
}

template Moments moments_of(const Rows<Sparse<float>>&, const Frame<Sparse<float>>&, const Kernels&, int, const Poll&);
template Moments moments_of(const Rows<Sparse<double>>&, const Frame<Sparse<double>>&, const Kernels&, int, const Poll&);

} // namespace kmosaic
