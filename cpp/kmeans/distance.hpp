// The distance of one row to one center in float64, as the contract states it.
#pragma once

#include "sparse.hpp"

namespace kmosaic {

// sum over j of (x[j] - c[j])^2, always in the same order of operations. One object a worker.
template <class T>
class RowDistance {
public:
    RowDistance(const Rows<T>& rows, const Kernels& kernels) : rows_(rows), kernel_(RowKernelsOf<T>::of(kernels)) {}

    double operator()(int64_t row, const double* center) {
        return kernel_.squared_distance(rows_.row(row), center, rows_.d);
    }

private:
    const Rows<T>& rows_;
    const RowKernels<T>& kernel_;
};

// A sparse row is written out for it, and wiped out again when another one comes: the bits are those of the dense row.
template <class T>
class RowDistance<Sparse<T>> {
public:
    RowDistance(const Rows<Sparse<T>>& rows, const Kernels& kernels) : rows_(rows), kernel_(RowKernelsOf<T>::of(kernels)) {}

    double operator()(int64_t row, const double* center) {
        if (row != written_) write(row);
        return kernel_.squared_distance(dense_.data(), center, rows_.d);
    }

private:
    void write(int64_t row) {
        if (dense_.empty()) dense_.resize(rows_.d); // not every worker comes to this
        if (written_ >= 0) put(rows_.row(written_), false);
        put(rows_.row(row), true);
        written_ = row;
    }

    void put(const SparseRow<T>& x, bool values) {
        for (int64_t p = 0; p < x.count; ++p) dense_[x.columns[p]] = values ? x.values[p] : T(0);
    }

    const Rows<Sparse<T>>& rows_;
    const RowKernels<T>& kernel_;
    std::vector<T> dense_;
    int64_t written_ = -1;
};

} // namespace kmosaic
