// Distances of rows to centers where the last bits of the contract do not matter: sparse rows are not written out for it.
#pragma once

#include "sparse_distance.hpp"

#include <utility>
#include <vector>

namespace kmosaic {

// distance(worker, row, c): |x - c|^2 in float64. Outlived by the centers.
template <class T>
class ToCenters {
public:
    static constexpr bool exact = true; // as the contract states it

    ToCenters(const Problem<T>& problem, const Centers& centers, int /*threads*/)
        : rows_(problem.rows), kernel_(RowKernelsOf<T>::of(problem.kernels)), centers_(centers) {}

    double operator()(int /*worker*/, int64_t row, int c) const {
        return kernel_.squared_distance(rows_.row(row), centers_.center(c), rows_.d);
    }

private:
    const Rows<T>& rows_;
    const RowKernels<T>& kernel_;
    const Centers& centers_;
};

template <class T>
class ToCenters<Sparse<T>> {
public:
    static constexpr bool exact = false;

    ToCenters(const Problem<Sparse<T>>& problem, const Centers& centers, int threads)
        : centers_(centers, problem.threads, problem.poll),
          of_worker_(threads, SparseDistance<T>(problem.rows, problem.kernels, centers_)) {}

    double operator()(int worker, int64_t row, int c) { return of_worker_[worker](row, c); }

private:
    LongCenters centers_;
    std::vector<SparseDistance<T>> of_worker_;
};

// The first of the smallest of distance(c), c < k, and what it is.
template <class Distance>
std::pair<int32_t, double> least_of(int k, Distance distance) {
    std::pair<int32_t, double> least{0, distance(0)};
    for (int c = 1; c < k; ++c) {
        const double squared = distance(c);
        if (squared < least.second) least = {c, squared};
    }
    return least;
}

} // namespace kmosaic
