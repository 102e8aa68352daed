// Distances of sparse rows to centers from what is stored, where the last bits of the contract do not matter: inertia,
// spread, transform. The same for any threads and processors all the same.
#pragma once

#include "distance.hpp"
#include "moments.hpp"
#include "sparse_sums.hpp"
#include "step.hpp"

namespace kmosaic {

// Centers with their squared lengths.
class LongCenters {
public:
    LongCenters(const Centers& centers, int threads, const Poll& poll);

    const Centers& centers() const { return centers_; }
    double squared(int c) const { return squared_[c]; }

private:
    const Centers& centers_;
    std::vector<double> squared_; // (k)
};

// |x - c|^2 in float64, one object a worker.
template <class T>
class SparseDistance {
public:
    SparseDistance(const Rows<Sparse<T>>& rows, const Kernels& kernels, const LongCenters& centers)
        : rows_(rows), centers_(centers), exact_(rows, kernels) {}

    // |c|^2 + sum over what is stored of x (x - 2 c). Where much of |c|^2 cancels, the row is written out instead.
    double operator()(int64_t row, int c) {
        const double* center = centers_.centers().center(c);
        const SparseRow<T> x = rows_.row(row);
        double part[2] = {};
        for (int64_t p = 0; p < x.count; ++p) {
            const auto value = static_cast<double>(x.values[p]);
            part[p % 2] += value * (value - 2 * center[x.columns[p]]);
        }
        const double squared = centers_.squared(c) + (part[0] + part[1]);
        return squared > centers_.squared(c) / 8 ? squared : exact_(row, center);
    }

private:
    const Rows<Sparse<T>>& rows_;
    const LongCenters& centers_;
    RowDistance<Sparse<T>> exact_;
};

// As of dense rows, but that the spread is about the base of each column. Nobody asks for the mean, and few for the variance.
template <class T>
Moments moments_of(const Rows<Sparse<T>>& rows, const Frame<Sparse<T>>& frame, const Kernels& kernels, int threads,
                   const Poll& poll);

template <class T>
double variance_of(const Rows<Sparse<T>>& rows, const Frame<Sparse<T>>& frame, const Moments& moments,
                   const Kernels& kernels, int threads, const Poll& poll);

extern template Moments moments_of(const Rows<Sparse<float>>&, const Frame<Sparse<float>>&, const Kernels&, int,
                                   const Poll&);
extern template Moments moments_of(const Rows<Sparse<double>>&, const Frame<Sparse<double>>&, const Kernels&, int,
                                   const Poll&);
extern template double variance_of(const Rows<Sparse<float>>&, const Frame<Sparse<float>>&, const Moments&,
                                   const Kernels&, int, const Poll&);
extern template double variance_of(const Rows<Sparse<double>>&, const Frame<Sparse<double>>&, const Moments&,
                                   const Kernels&, int, const Poll&);

} // namespace kmosaic
