// Sums that do not depend on the order of adding: integers on a grid that is fixed once per data set.
#pragma once

#include "frame.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <vector>

namespace kmosaic {

// A sum of numbers >= 0 that are at most `largest`, of which there may be 2^40: whole numbers on grids, each 2^34 times finer than
// the one before. A number is added on the first grid that holds all of its bits, so next to nothing is lost of small ones,
// even where a few are larger by far: the last grid is 2^-324 of the largest.
class ExactSum {
public:
    ExactSum() = default;
    explicit ExactSum(double largest) : exponent_(86 - (largest > 0 ? std::ilogb(largest) : 0)) {}

    void add(double value, int32_t times = 1) {
        uint64_t bits;
        std::memcpy(&bits, &value, sizeof bits);
        const int biased = static_cast<int>(bits >> 52 & 0x7ff);
        const uint64_t fraction = bits & ((uint64_t(1) << 52) - 1);
        const uint64_t mantissa = biased ? fraction | uint64_t(1) << 52 : fraction;
        const int shift = (biased ? biased : 1) - 1075 + exponent_; // of its last bit, on the first grid
        const int grid = shift >= 0 ? 0 : std::min((finer - 1 - shift) / finer, grids - 1);
        const int left = shift + grid * finer;
        if (left >= 0) sum_[grid] += (static_cast<Wide>(mantissa) << left) * times;
        else if (left >= -63) sum_[grid] += static_cast<Wide>((mantissa + (uint64_t(1) << (-left - 1))) >> -left) * times;
    }

    void merge(const ExactSum& other) {
        for (int grid = 0; grid < grids; ++grid) sum_[grid] += other.sum_[grid];
    }

    double value() const {
        double all = 0;
        for (int grid = grids - 1; grid >= 0; --grid) all += std::ldexp(static_cast<double>(sum_[grid]), -exponent_ - grid * finer);
        return all;
    }

private:
    static constexpr int grids = 8, finer = 34; // bits
    Wide sum_[grids] = {};
    int exponent_ = 0;
};

// Weights as integers of 53 bits below the largest weight, cut into two halves, so that a product with a 51-bit
// coordinate and 2^40 of these added still fit 128 bits. Where all weights are equal none is needed.
class WeightGrid {
public:
    static constexpr int low_bits = 26;

    explicit WeightGrid(double largest = 1.0) : factor_(std::ldexp(1.0, 52 - (largest > 0 ? std::ilogb(largest) : 0))) {}

    std::array<int64_t, 2> halves(double weight) const {
        const auto whole = static_cast<int64_t>(std::nearbyint(weight * factor_));
        return {whole >> low_bits, whole & ((int64_t(1) << low_bits) - 1)};
    }

    // What one step of the integers is worth.
    double unit() const { return 1 / factor_; }

private:
    double factor_;
};

// high * 2^low_bits + low as a double, rounded once.
double combined(Wide high, Wide low);

// |x| < 2^51, rounded: without a call.
inline double nearest_whole(double x) {
    constexpr double magic = 0x1.8p52;
    return (x + magic) - magic;
}

// A whole number and the two halves of weights that it is a sum of: high * 2^low_bits + low.
struct Halves {
    Wide high, low;

    double value() const { return combined(high, low); }
    Wide joined() const { return (high << WeightGrid::low_bits) + low; } // of weights alone is there room for it

    void operator+=(const Halves& other) {
        high += other.high;
        low += other.low;
    }

    // Divided by a whole number, inverse = 1 / weight.value(); a quotient without a remainder stays exact. |it| < 2^51
    double over(const Halves& weight, double inverse) const {
        const double whole = nearest_whole(value() * inverse);
        const auto q = static_cast<int64_t>(whole);
        const Halves left{high - weight.high * q, low - weight.low * q};
        return whole + left.value() * inverse;
    }
};

// The steps of single columns, as the kernel sparse_move() adds them up.
class RunningSteps {
public:
    // base: what the spread is about; twice: 2 sum of (x - base).
    void add(int64_t number, double before, double after, double base, double twice, double weight) {
        part_[number % 8] += {(before - base) * (twice - (before - base) * weight), (after - before) * (after - before)};
    }

    CenterStep all() const {
        CenterStep sum;
        for (const CenterStep& one : part_) sum += one;
        return sum;
    }

private:
    CenterStep part_[8];
};

// Per cluster: the sum of its rows' coordinates and of their weights. Add, take away, merge, means.
template <class T>
class Sums {
public:
    Sums(int k, const Rows<T>& rows, const Frame<T>& frame, const Kernels& kernels);

    void add(int cluster, int64_t row) { change(cluster, row, rows_.count(row)); }
    void take(int cluster, int64_t row) { change(cluster, row, -rows_.count(row)); }

    // So much of the weight of a row, where rows have weights; else all of it. sign: 1 or -1.
    void change_weight(int cluster, int64_t row, double weight, int sign);

    // Rows without weights go from one cluster (-1: from none) to another, all at once: `sums` is what accumulate()
    // gives for them together. At most 256 rows.
    void move_together(int from, int to, const int64_t* sums, int rows);

    static constexpr int64_t some = 256; // columns that move() and off_spread() are asked for together, at most

    int size() const { return k_; }

    // Add what the parts hold, and empty them. Returns for each cluster whether there was anything.
    std::vector<char> absorb(const std::vector<Sums*>& parts, int threads, const Poll& poll);

    // Make what was added or taken away here (not absorbed) part of the means.
    void settle();

    // Whether the cluster has no row of positive weight.
    bool empty(int cluster) const { return exact_weight(cluster) == 0; }

    // The weight of a cluster; and as an exact integer, to compare.
    double weight(int cluster) const { return static_cast<double>(exact_weight(cluster)) * (weighted_ ? weight_grid_.unit() : 1.0); }
    Wide exact_weight(int cluster) const { return (weight_[0][cluster] << WeightGrid::low_bits) + weight_[1][cluster]; }
    Wide exact_weight_of(double weight) const;

    // The mean of a cluster that is not empty, rounded to Held<T>: its columns [begin, end).
    void mean(int cluster, int64_t begin, int64_t end, double* mean) const;

    // Sum over the cluster's rows of w (|x - shift|^2 - |x - center|^2), from the sums; the part of these columns.
    double off_spread(int cluster, int64_t begin, int64_t end, const double* center) const;

    // The columns [begin, end) of a center go to the mean.
    CenterStep move(int cluster, int64_t begin, int64_t end, double* center) const;

    // |mean - shift|^2, the mean not rounded.
    double squared_offset(int cluster) const;

private:
    void change(int cluster, int64_t row, int times);
    void change_weighted(int cluster, const T* row, double weight, int times);
    void change_often(int cluster, const T* row, int times);
    void change_together(int cluster, const int64_t* sums, int rows, int sign);
    void spill(int cluster);
    bool absorb(int cluster, Sums& part);
    double sum(int64_t at) const;
    double mean_at(int cluster, int64_t j, double inverse) const;
    template <class From>
    void move_in(int half, int cluster, std::vector<From>& from);

    int k_;
    int64_t d_;
    const Rows<T>& rows_;
    const Frame<T>& frame_;
    const RowKernels<T>& kernel_;
    bool weighted_;
    WeightGrid weight_grid_;
    std::vector<int64_t> near_;               // (k, d) what came since the last spill, |.| < 2^62
    std::vector<int> pending_;                // (k) rows in near_
    std::array<std::vector<Wide>, 2> sum_;    // (k, d) high and low half of the weights, where needed
    std::array<std::vector<Wide>, 2> weight_; // (k)
    std::vector<int64_t> one_;                // (d) one row on the grid, if it counts more than once
    std::vector<char> touched_;               // (k)
};

// What the parts hold together, of one cluster.
template <class T>
Sums<T> total(std::vector<Sums<T>>& parts, const Rows<T>& rows, const Frame<T>& frame, const Kernels& kernels, int threads,
              const Poll& poll) {
    Sums<T> all(1, rows, frame, kernels);
    std::vector<Sums<T>*> pointers;
    for (Sums<T>& part : parts) pointers.push_back(&part);
    all.absorb(pointers, threads, poll);
    return all;
}

extern template class Sums<float>;
extern template class Sums<double>;
extern template class Sums<uint8_t>;

} // namespace kmosaic
