// Sparse rows (CSR): only what is not zero is stored. Sparse<T> takes the place of T in Rows<T>, Frame<T>, Sums<T> ...,
// so that documents go through the very same loop as dense rows.
#pragma once

#include "frame.hpp"
#include "rows.hpp"

#include <bit>

namespace kmosaic {

template <class T>
struct Sparse {};

template <class T>
struct Kinds<Sparse<T>> {
    using Real = T;
    using Held = T;
};

template <class T>
struct RowKernelsOf<Sparse<T>> {
    static const RowKernels<T>& of(const Kernels& kernels) { return RowKernelsOf<T>::of(kernels); }
};

template <class T>
struct SparseKernelsOf;
template <>
struct SparseKernelsOf<float> {
    static const SparseKernels<float>& of(const Kernels& kernels) { return kernels.sparse32; }
};
template <>
struct SparseKernelsOf<double> {
    static const SparseKernels<double>& of(const Kernels& kernels) { return kernels.sparse64; }
};

// One row: values[p] stands in column columns[p]; columns ascend. A value may be zero.
template <class T>
struct SparseRow {
    const T* values;
    const int32_t* columns;
    int64_t count;

    // It will be read soon: from memory into the cache.
    void fetch() const {
        constexpr int64_t most = 256, line = 64; // values; the processor guesses the rest
        const int64_t some = count < most ? count : most;
        for (int64_t p = 0; p < some; p += line / 4) __builtin_prefetch(columns + p);
        for (int64_t p = 0; p < some; p += line / static_cast<int64_t>(sizeof(T))) __builtin_prefetch(values + p);
    }
};

template <class T>
struct Rows<Sparse<T>> {
    const T* values;
    const int32_t* columns;
    const int64_t* starts; // (n + 1) row i has values[starts[i]] to values[starts[i + 1] - 1]
    int64_t n, d;
    const double* weights; // null: every row counts once

    int64_t stored() const { return starts[n]; }
    double width() const { return 1.0 + static_cast<double>(stored()) / static_cast<double>(n > 0 ? n : 1); }
    SparseRow<T> row(int64_t i) const { return {values + starts[i], columns + starts[i], starts[i + 1] - starts[i]}; }
    double weight(int64_t i) const { return weights ? weights[i] : 1.0; }
    int32_t count(int64_t) const { return 1; }
};

// As of the dense rows: the zeros between count.
template <class T>
int compare(const Rows<Sparse<T>>& rows, int64_t a, int64_t b) {
    const SparseRow<T> x = rows.row(a), y = rows.row(b);
    for (int64_t p = 0, q = 0; p < x.count || q < y.count;) {
        const bool from_x = p < x.count && (q >= y.count || x.columns[p] <= y.columns[q]);
        const bool from_y = q < y.count && (p >= x.count || y.columns[q] <= x.columns[p]);
        const T left = from_x ? x.values[p++] : T(0), right = from_y ? y.values[q++] : T(0);
        if (left != right) return left < right ? -1 : 1;
    }
    return 0;
}

// A column, one value after the other: what the kernel add() does of many.
template <class T>
struct SparseColumn : ColumnGrid<T> {
    // What is not stored; in a full column nothing is, and sums are of what values are beyond its middle.
    double base() const { return this->full ? static_cast<double>(this->shift) : 0.0; }

    // What a value adds to the sum: a whole number below 2^52.
    int64_t beyond_base(double value) const { return on_grid(value) - on_grid(base()); }

    // round((value - shift) * grid), the same operations as in the kernel accumulate().
    int64_t on_grid(double value) const {
        constexpr double magic = 0x1.8p52; // its sum with |v| < 2^51 has the rounded v in its low bits
        const auto grid = std::bit_cast<double>(static_cast<uint64_t>(this->exponent) << 52);
        const double v = (value - static_cast<double>(this->shift)) * grid + magic;
        return std::bit_cast<int64_t>(v) - std::bit_cast<int64_t>(magic);
    }
};

// Made once, for all sums.
template <class T>
struct ColumnsOf<Sparse<T>> {
    std::vector<SparseColumn<T>> all;        // (d)
    std::vector<double> bases, inverse_grid; // (d) the base on the grid; one step of it
    std::vector<int32_t> crowded, full;      // columns, ascending
    std::vector<int32_t> place;              // (d) of a crowded column among these
};

extern template struct Frame<Sparse<float>>;
extern template struct Frame<Sparse<double>>;
extern template Frame<Sparse<float>> frame_of(const std::vector<float>&, const std::vector<float>&, double, bool);
extern template Frame<Sparse<double>> frame_of(const std::vector<double>&, const std::vector<double>&, double, bool);

// The frame of the rows written out with all their zeros, but for scale and screens, which are made for values that
// are not shifted.
template <class T>
Frame<Sparse<T>> measure(const Rows<Sparse<T>>& rows, const Kernels& kernels, int threads, const Poll& poll);

extern template Frame<Sparse<float>> measure(const Rows<Sparse<float>>&, const Kernels&, int, const Poll&);
extern template Frame<Sparse<double>> measure(const Rows<Sparse<double>>&, const Kernels&, int, const Poll&);

} // namespace kmosaic
