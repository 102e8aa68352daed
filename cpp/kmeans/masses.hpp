// What a row weighs in a draw by distance, as an integer.
#pragma once

#include "rows.hpp"

#include <algorithm>
#include <cmath>

namespace kmosaic {

// Weights as integers of 31 bits, and squared distances of 62: their products, 2^34 times added, fit 127 bits.
class Masses {
public:
    explicit Masses(double largest_weight) : per_weight_(std::ldexp(1.0, 30 - std::ilogb(largest_weight))) {}

    void set_largest_distance(double squared) {
        per_distance_ = std::ldexp(1.0, std::min(61 - (squared > 0 ? std::ilogb(squared) : 0), 1000));
    }

    Wide weight(double w) const { return static_cast<int64_t>(std::nearbyint(w * per_weight_)); }
    Wide of(double w, double squared) const { return weight(w) * static_cast<int64_t>(squared * per_distance_); }

private:
    double per_weight_, per_distance_ = 1;
};

} // namespace kmosaic
