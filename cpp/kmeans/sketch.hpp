// Rows as points of small whole numbers, for a screen that reads little: which rows can be nearer than they are now to
// one of a few others?
//
// A point p stands for each row x such that (scale |x - c|)^2 >= |p(x) - p(c)|^2 - lift for any two rows. Either p is the
// head of the row (head.hpp), or the row itself (lift = 0), or some of its columns, which are no farther apart. Points
// are put on a grid, p = low + step q + e, with q whole numbers >= 0 and |e| <= residual, measured. By the triangle
// inequality |p(x) - p(c)| >= step |q(x) - q(c)| - 2 residual. So with D the distance that float64 found for x and its
// center, off by delta of D^2 as the distance to c is off by, c is not nearer if
//
//     |q(x) - q(c)|^2 > T,   T = (sqrt(((1 + 3 delta) (scale D)^2 + lift) / step^2) + 2 residual / step)^2
//
// (3 delta for two errors and their product; the comparison of float64 distances is strict, so equality is harmless.)
// With |q(x) - q(c)|^2 = |q(x)|^2 + |q(c)|^2 - 2 q(x).q(c) that is
//
//     q(x).q(c) - |q(c)|^2 / 2  <  (|q(x)|^2 - T) / 2
//
// where the right side is a number of the row, changed only when its D is, and the left side whole numbers: exact on
// every instruction set. |q(c)|^2 / 2 is rounded down, the right side too and by one more, which excludes less. All fits
// 32 bits if width * levels^2 <= 2^30.
#pragma once

#include "step.hpp"

#include <limits>
#include <vector>

namespace kmosaic {

class Sketch {
public:
    // Points from the head, where there is one. Holds for each row as many bytes as there are columns (two bytes a column
    // of the head, or of rows of less than 64), and eight more. Where the points would be more than 256 MB or most_bytes,
    // some of the columns have to do, two of them in any case.
    template <class T>
    explicit Sketch(const Problem<T>& problem, double most_bytes = std::numeric_limits<double>::infinity());

    // Rows that stand for centers, count <= 32.
    void aim(const std::vector<int64_t>& rows);

    // From now on the row looks for others nearer than this, squared. Needed before the first reach().
    void limit(int64_t row, double squared);

    // masks[c]: bit r where row first + r may be nearer than its limit to the center c; the rows of one tile, of which
    // `first` is a multiple. Returns all bits of all of them.
    uint64_t reach(int64_t first, uint64_t* masks) const;

    int64_t point_bytes() const { return static_cast<int64_t>(bytes_.size() + shorts_.size() * 2); }

private:
    template <class Row>
    struct Points { // row(i) points to numbers, of which every `stride`-th counts
        Row row;
        int64_t stride;
        std::vector<double> low;
        double widest = 0, farthest = 0; // of the ranges; of the numbers
    };

    template <class T>
    void from_rows(const Problem<T>& problem, int64_t columns);
    template <class T>
    void from_head(const Problem<T>& problem, int64_t columns);
    template <class T, class Row>
    void fill(const Problem<T>& problem, const Points<Row>& points);
    template <class Number, class Row>
    double put(const Points<Row>& points, int64_t i, Number* tile);
    template <class T>
    double put_bytes(const RowKernels<T>& kernel, const T* row, const double* low, int64_t i, uint8_t* bytes, int64_t at);
    template <class Number>
    void copy(const std::vector<Number>& tiles, int64_t row, int16_t* to) const;

    const Kernels& kernels_;
    int64_t width_ = 0, pairs_ = 0;
    bool useful_;                    // false: float64 squares leave their range, so nothing is excluded
    double step_ = 1;
    double ratio_ = 0, lift_ = 0, spread_ = 0; // (1 + 3 delta) scale^2 / step^2, lift / step^2, 2 residual / step
    std::vector<uint8_t> bytes_;     // tiles as the kernel reads them: these ...
    std::vector<int16_t> shorts_;    // ... or these
    std::vector<int32_t> norms_;     // (n) |q|^2
    std::vector<int32_t> limits_;    // (n, filled up to whole tiles)
    std::vector<int16_t> aims_;      // (centers, width)
    std::vector<int32_t> half_norms_; // (centers)
};

} // namespace kmosaic
