// How far every row is from the nearest of the centers chosen so far, and draws in proportion to it.
//
// The mass of each bucket of the content order is kept up to date: a step changes few rows, and only these are looked
// at. The masses are exact integers on one scale, so the order in which rows come does not matter. The scale is set from
// the largest weight of the rows that are no copies of a center, and the largest distance of those whose weight is not
// rounded to 0: so as long as there is such a row, there is mass. It is set anew when the total or the largest distance has
// fallen below 2^-20 of what it was then: these alone decide, so that order, threads and repetition in place of weights
// do not. (A mass has 62 bits and a weight 31, so at that point the total still is a number of more than 40 bits. The
// total alone would not do: it may be that of many heavy rows a unit of distance or two away, which tells no lengths apart.)
#pragma once

#include "draw.hpp"
#include "masses.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

namespace kmosaic {

template <class T>
class Potential {
public:
    Potential(const Rows<T>& rows, const ContentOrder<T>& order, double largest_weight, int threads, const Poll& poll)
        : rows_(rows), order_(order), poll_(poll), masses_(largest_weight), closest_(rows.n),
          change_(threads, std::vector<Wide>(order.buckets())) {}

    // Squared distance to the nearest center so far; 0 for rows of weight 0, which nobody sets.
    double closest(int64_t row) const { return closest_[row]; }

    // By how much the potential would fall.
    Wide gain(int64_t row, double distance) const {
        return weight(row) * (masses_.distance(closest_[row]) - masses_.distance(distance));
    }

    // Any worker may do this with rows of its own; settle() afterwards.
    void set(int worker, int64_t row, double distance) {
        change_[worker][order_.bucket(row)] -= gain(row, distance);
        closest_[row] = distance;
    }

    // As set(), for the first center: start() afterwards.
    void set_first(int64_t row, double distance) { closest_[row] = distance; }

    void start() {
        double heaviest = 0;
        for (int64_t i = 0; i < rows_.n; ++i)
            if (closest_[i] > 0) heaviest = std::max(heaviest, rows_.weight(i));
        masses_.set_largest_weight(heaviest);
        farthest_ = farthest();
        masses_.set_largest_distance(closest_[farthest_]);
        least_distance_ = closest_[farthest_] * fallen;
        bucket_ = order_.bucket_masses(poll_, [&](int64_t i) { return mass(i); });
        total_ = std::accumulate(bucket_.begin(), bucket_.end(), Wide(0));
        least_total_ = total_ / (1 << 20) + (total_ % (1 << 20) != 0); // rounded up: as if divided exactly
    }

    void settle() {
        for (std::vector<Wide>& change : change_)
            for (size_t b = 0; b < bucket_.size(); ++b) {
                bucket_[b] += change[b];
                total_ += change[b];
                change[b] = 0;
            }
        if (total_ < least_total_ || !any_as_far()) start();
    }

    Wide total() const { return total_; }

    // How many rows that have a weight differ.
    int64_t different() const {
        return order_.different([&](int64_t i) { return rows_.weight(i) > 0; });
    }

    // Rows drawn with probability w * closest.
    std::vector<Drawn> draw(const double* uniforms, int count) const {
        return order_.draw(bucket_, uniforms, count, [&](int64_t i) { return mass(i); });
    }

    // Whether a row drawn in proportion to its mass is kept that has come as near as this: as often as its mass is less.
    bool keeps(int64_t row, double distance, double uniform) const {
        const auto share = static_cast<Wide>(uniform * 0x1p53);
        return ((masses_.distance(closest_[row]) * share) >> 53) < masses_.distance(distance);
    }

private:
    static constexpr double fallen = 0x1p-20;

    Wide weight(int64_t row) const { return masses_.weight(rows_.weight(row)) * rows_.count(row); }
    Wide mass(int64_t row) const { return weight(row) * masses_.distance(closest_[row]); }

    // Of the rows that have a weight on the scale.
    int64_t farthest() const {
        int64_t found = 0;
        double most = -1;
        for (int64_t i = 0; i < rows_.n; ++i)
            if (closest_[i] > most && masses_.weight(rows_.weight(i)) > 0) most = closest_[found = i];
        return found;
    }

    // All rows need to be looked at only when the one that was the farthest is no longer far.
    bool any_as_far() {
        if (closest_[farthest_] < least_distance_) farthest_ = farthest();
        return closest_[farthest_] >= least_distance_;
    }

    const Rows<T>& rows_;
    const ContentOrder<T>& order_;
    const Poll& poll_;
    Masses masses_;
    std::vector<double> closest_;           // (n)
    std::vector<Wide> bucket_;              // (buckets) mass of each
    std::vector<std::vector<Wide>> change_; // (threads, buckets) not yet added to it
    Wide total_ = 0, least_total_ = 0;      // all mass; below this the scale is set anew
    int64_t farthest_ = 0;                  // a row that was the farthest when it was last looked for
    double least_distance_ = 0;             // no row as far: the scale is set anew
};

} // namespace kmosaic
