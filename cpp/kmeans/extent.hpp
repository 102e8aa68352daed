// How far points reach: the range of every column, the longest of them.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

namespace kmosaic {

// Of the heads of several rows.
struct Extent {
    std::vector<double> low, high;
    double longest = 0, over = 0; // squared norm, overlength

    explicit Extent(int64_t width)
        : low(width, std::numeric_limits<double>::infinity()), high(width, -std::numeric_limits<double>::infinity()) {}

    void add(const float* row, float squared_norm, double overlength) {
        for (size_t j = 0; j < low.size(); ++j) {
            low[j] = std::min(low[j], static_cast<double>(row[j]));
            high[j] = std::max(high[j], static_cast<double>(row[j]));
        }
        longest = std::max(longest, static_cast<double>(squared_norm));
        over = std::max(over, overlength);
    }

    void add(const Extent& other) {
        for (size_t j = 0; j < low.size(); ++j) {
            low[j] = std::min(low[j], other.low[j]);
            high[j] = std::max(high[j], other.high[j]);
        }
        longest = std::max(longest, other.longest);
        over = std::max(over, other.over);
    }
};

} // namespace kmosaic
