// A grid over a box: sorting rows by cell puts neighbors together.
#pragma once

#include "kd_tree.hpp"

#include <algorithm>
#include <array>

namespace kmosaic {

// A box cut in half `bits` times over, always across its widest side: the cells are numbered so that the first half of a
// range of cells lies on one side of a cut, and the second on the other.
template <int d>
class Grid {
public:
    static constexpr int most_bits = 12;

    Grid(const KdBox& box, int bits) : box_(box) {
        std::array<double, d> width;
        std::array<int, d> cuts{};
        for (int j = 0; j < d; ++j) width[j] = box.high[j] - box.low[j];
        std::array<int, most_bits> side;
        for (int bit = 0; bit < bits; ++bit) {
            side[bit] = static_cast<int>(std::max_element(width.begin(), width.end()) - width.begin());
            width[side[bit]] /= 2;
            ++cuts[side[bit]];
        }
        for (int j = 0; j < d; ++j) {
            last_[j] = (1 << cuts[j]) - 1;
            factor_[j] = (last_[j] + 1) / (box.high[j] - box.low[j]); // infinite or NaN where there is no width
        }
        for (auto& table : part_) table[0] = 0;
        std::array<int, d> seen{};
        for (int bit = bits - 1; bit >= 0; --bit) { // the last cut is the lowest bit
            auto& table = part_[side[bit]];
            const int known = 1 << seen[side[bit]]++;
            for (int i = 0; i < known; ++i) table[known + i] = static_cast<uint16_t>(table[i] | 1 << (bits - 1 - bit));
        }
    }

    template <class T>
    uint16_t cell(const T* x) const {
        int cell = 0;
        for (int j = 0; j < d; ++j) {
            const double at = (static_cast<double>(x[j]) - box_.low[j]) * factor_[j];
            const double inside = at > 0 ? at : 0; // NaN too
            cell |= part_[j][static_cast<int>(inside < last_[j] ? inside : last_[j])];
        }
        return static_cast<uint16_t>(cell);
    }

private:
    const KdBox& box_;
    std::array<double, d> factor_;
    std::array<int, d> last_;
    std::array<std::array<uint16_t, 1 << most_bits>, d> part_; // bits of a cell's number by column
};

// How finely to cut `rows` rows for about `each` of them in a cell.
inline int bits_for(int64_t rows, int64_t each, int most) {
    int bits = 1;
    while (bits < most && (each << bits) < rows) ++bits;
    return bits;
}

} // namespace kmosaic
