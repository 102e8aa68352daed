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
Moments moments_of(const Rows<Sparse<T>>& rows, const Frame<Sparse<T>>& frame, const Kernels&, int threads, const Poll& poll) {
    threads = worth_threads(2.0 * static_cast<double>(rows.stored()), threads);
    const Blocks blocks = cut(rows.n, 2.0 * rows.width(), threads, 1);
    const auto& columns = frame.columns;
    std::vector<Spread> spread(threads, Spread(frame));
    parallel(threads, blocks.count, [&](int worker, int64_t block) {
        for (int64_t i = blocks.begin(block); i < blocks.end(block); ++i) {
            const SparseRow<T> x = rows.row(i);
            double part[4] = {};
            for (int64_t p = 0; p < x.count; ++p) {
                const double base = columns.full.empty() ? 0.0 : columns.all[x.columns[p]].base();
                const double beyond = static_cast<double>(x.values[p]) - base;
                part[p % 4] += beyond * beyond;
            }
            const double weight = rows.weight(i);
            if (weight > 0) spread[worker].add((part[0] + part[1]) + (part[2] + part[3]), weight, 1);
        }
    }, poll);
    for (int worker = 1; worker < threads; ++worker) spread[0].merge(spread[worker]);
    return {{}, spread[0].value(), 0, spread[0].least_inertia()};
}

template <class T>
double variance_of(const Rows<Sparse<T>>& rows, const Frame<Sparse<T>>& frame, const Moments& moments,
                   const Kernels& kernels, int threads, const Poll& poll) {
    std::vector<Sums<Sparse<T>>> all(1, Sums<Sparse<T>>(1, rows, frame, kernels));
    for (int64_t i = 0; i < rows.n; ++i)
        if (rows.weight(i) > 0) all[0].add(0, i); // noted here, added up by all threads
    const Sums<Sparse<T>> sums = total(all, rows, frame, kernels, threads, poll);
    if (sums.empty(0)) return 0;
    const double about_mean = moments.spread / sums.weight(0) - sums.squared_offset(0);
    return std::max(0.0, about_mean) / static_cast<double>(rows.d);
}

template Moments moments_of(const Rows<Sparse<float>>&, const Frame<Sparse<float>>&, const Kernels&, int, const Poll&);
template Moments moments_of(const Rows<Sparse<double>>&, const Frame<Sparse<double>>&, const Kernels&, int, const Poll&);
template double variance_of(const Rows<Sparse<float>>&, const Frame<Sparse<float>>&, const Moments&, const Kernels&, int,
                            const Poll&);
template double variance_of(const Rows<Sparse<double>>&, const Frame<Sparse<double>>&, const Moments&, const Kernels&,
                            int, const Poll&);

} // namespace kmosaic
