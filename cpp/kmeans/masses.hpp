// What a row weighs in a draw by distance, as an integer.
#pragma once

#include "rows.hpp"

#include <algorithm>
#include <cmath>

namespace kmosaic {

// x times a power of two, of any number that the product of a float64 with it is one.
class PowerOfTwo {
public:
    explicit PowerOfTwo(int exponent = 0)
        : first_(std::ldexp(1.0, std::min(exponent, 1000))), second_(std::ldexp(1.0, std::max(exponent - 1000, 0))) {}

    double times(double x) const { return x * first_ * second_; }

private:
    double first_, second_; // 2^1074 is no float64, but may be what the smallest number needs
};

// Weights as integers of 31 bits, and squared distances of 62: their products, 2^34 times added, fit 127 bits. A weight
// below 2^-32 of the largest becomes 0. What is said to be the largest may be passed by rows whose mass is 0.
class Masses {
public:
    explicit Masses(double largest_weight) { set_largest_weight(largest_weight); }

    void set_largest_weight(double weight) { per_weight_ = PowerOfTwo(30 - (weight > 0 ? std::ilogb(weight) : 0)); }
    void set_largest_distance(double squared) { per_distance_ = PowerOfTwo(61 - (squared > 0 ? std::ilogb(squared) : 0)); }

    Wide weight(double w) const { return static_cast<int64_t>(std::nearbyint(std::min(per_weight_.times(w), 0x1p31))); }
    Wide distance(double squared) const { return static_cast<int64_t>(std::min(per_distance_.times(squared), 0x1p62)); }

private:
    PowerOfTwo per_weight_, per_distance_;
};

} // namespace kmosaic
