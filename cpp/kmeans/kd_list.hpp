// The centers that matter in a box, and for how long the others do not.
#pragma once

#include "centers.hpp"
#include "kd_tree.hpp"

namespace kmosaic {

// Distances as whole numbers of a small unit: adding and subtracting them is exact.
class KdUnits {
public:
    static constexpr uint32_t most = 0xffffffff;

    explicit KdUnits(double scale) : factor_(scale * 0x1p30) {} // scale: times it, the rows lie about 1 apart at most

    uint32_t down(double length) const {
        const double units = length * factor_;
        if (!(units > 0)) return 0;
        return units < 0x1p32 - 1 ? static_cast<uint32_t>(units) : most;
    }

    // NaN is far. Only no way at all is zero.
    uint32_t up(double length) const {
        if (length == 0) return 0;
        const double units = length * factor_;
        return units < 0x1p32 - 3 ? static_cast<uint32_t>(units) + 1 : most;
    }

    double length(uint32_t units) const { return units / factor_; }

private:
    double factor_;
};

inline uint32_t kd_sum(uint32_t a, uint32_t b) { return a + b < a ? KdUnits::most : a + b; }
inline uint32_t kd_rest(uint32_t a, uint32_t b) { return a > b ? a - b : 0; }

// How far the centers went since the last iteration.
struct KdDrifts {
    std::vector<uint32_t> each;
    uint32_t largest = 0;
};

// Lloyd's step asks for the nearest center of every row of a box. A center z is out of the question while some other
// center `near` is nearer to all of the box. From
//
//     |x - z|^2 - |x - near|^2 = sum over j of (near_j - z_j) ((x_j - near_j) + (x_j - z_j)) =: f(x),
//
// linear in x, f is least in the corner of the box that takes low_j where near_j > z_j, and else high_j (Pelleg and
// Moore 1999). With S no smaller than |x - z| + |x - near| anywhere in the box, z is farther away than `near` by
// at least f / S from every x there: its gap. z stays out until z and `near` together have drifted that far.
//
// Rounding, with u = 2^-53 and d <= 8 columns: each term of f has five roundings, and the sum of the |terms| is at
// most S^2, so f is wrong by less than 16 u S^2; S and the division add less than 16 u |f / S| <= 16 u S. The float64
// decision between z and `near` is right when their distances differ by 4 e S with e = (d/16 + 16) u its relative
// error (then e (|x-z|^2 + |x-near|^2) < (|x-z| - |x-near|) (|x-z| + |x-near|)), and S at most doubles while the two
// drift apart by less than a gap <= S: 8 e S < 136 u S. In all less than 2^-45 S; 2^-44 S is taken off every gap, and 2^-500
// for products that vanish, which above S = 2^-490 are not wrong by more than 2^-1070 together. Where f or S leave the
// range in which this holds, z stays.
class KdList {
public:
    std::vector<int32_t> members; // ascending; all others are out of the question
    uint32_t room = 0;            // while the others and near() drift less than this in all
    bool gained = true;           // the last refill brought somebody in

    int32_t near() const { return near_; }

    // Keeps of `from` (ascending) those whose gap is not above `spare`.
    void refill(const KdBox& box, const Centers& centers, const std::vector<int32_t>& from, double spare,
                const KdUnits& units);

    // The largest drift of two different members together.
    uint32_t drift_of_two(const KdDrifts& drifts) const;
    uint32_t largest_drift(const KdDrifts& drifts) const;

    int64_t bytes() const { return static_cast<int64_t>(sizeof *this + (members.capacity() + before_.capacity()) * 4); }

private:
    int32_t near_ = 0;
    std::vector<int32_t> before_;
};

} // namespace kmosaic
