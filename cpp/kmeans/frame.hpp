// The frame of one data set: where its middle is, how wide it is, and the fixed-point grids that follow from it.
//
// It is made of smallest and largest values only, so it does not depend on the order of the rows, on threads or on
// chunks; and multiplying the data by a power of two multiplies everything in it exactly.
#pragma once

#include "../kernels/kernels.hpp"
#include "parallel.hpp"
#include "rows.hpp"

#include <bit>
#include <cmath>
#include <vector>

namespace kmosaic {

// std::ilogb(x) of x > 0, finite; and 2^exponent: without a call where the number is normal.
inline int exponent_of(double x) {
    const auto biased = static_cast<int>(std::bit_cast<uint64_t>(x) >> 52);
    return biased ? biased - 1023 : std::ilogb(x);
}
inline double power_of_two(int exponent) {
    if (exponent < -1022 || exponent > 1023) return std::ldexp(1.0, exponent);
    return std::bit_cast<double>(static_cast<uint64_t>(1023 + exponent) << 52);
}

// 1 / x of a power of two, neither it nor x too small to be a normal number.
inline double inverse_of_power(double x) { return std::bit_cast<double>((uint64_t(2046) << 52) - std::bit_cast<uint64_t>(x)); }

// What sums need to know of the columns beyond their frame: nothing where rows are dense.
template <class T>
struct ColumnsOf {};

template <class T>
struct Frame {
    std::vector<Real<T>> shift;  // (d) middle of each column's range
    std::vector<Real<T>> middle; // (d) what screens subtract from rows and centers: the mean once it is known, else shift
    std::vector<double> half;  // (d) half the width of each column's range
    std::vector<double> grid;  // (d) power of two: |x - shift| * grid < 2^51
    Real<T> scale;             // power of two: |x - shift| * scale is about 1 at most, so float32 squares fit
    double distance_bound;     // no two rows are farther apart, squared
    double largest_weight;
    bool screens;              // false: the range is so extreme that float64 squares leave their range too
    bool finite;               // false: there is a NaN or an infinity
    ColumnsOf<T> columns = {};

    // No row is farther from any of these centers than this, squared; or from the nearest of them.
    double reach(const std::vector<double>& centers) const;
    double nearest_reach(const std::vector<double>& centers) const;

private:
    template <class Note>
    void each_reach(const std::vector<double>& centers, Note note) const;
};

template <class T>
struct RowKernelsOf;
template <>
struct RowKernelsOf<float> {
    static const RowKernels<float>& of(const Kernels& kernels) { return kernels.float32; }
};
template <>
struct RowKernelsOf<double> {
    static const RowKernels<double>& of(const Kernels& kernels) { return kernels.float64; }
};
template <>
struct RowKernelsOf<uint8_t> {
    static const RowKernels<uint8_t>& of(const Kernels& kernels) { return kernels.uint8; }
};

// From the smallest and the largest value of each column.
template <class T, class Value>
Frame<T> frame_of(const std::vector<Value>& low, const std::vector<Value>& high, double largest_weight, bool finite);

// Rows of weight zero are looked at for NaN, but have no say in the frame.
template <class T>
Frame<T> measure(const Rows<T>& rows, const Kernels& kernels, int threads, const Poll& poll);

extern template struct Frame<float>;
extern template struct Frame<double>;
extern template struct Frame<uint8_t>;
extern template Frame<float> measure(const Rows<float>&, const Kernels&, int, const Poll&);
extern template Frame<double> measure(const Rows<double>&, const Kernels&, int, const Poll&);
extern template Frame<uint8_t> measure(const Rows<uint8_t>&, const Kernels&, int, const Poll&);

} // namespace kmosaic
