// How far every row is from the nearest of the centers chosen so far, and draws in proportion to it.
//
// The mass of each bucket of the content order is kept up to date: a step changes few rows, and only these are looked
// at. The masses are exact integers on one scale, so the order in which rows come does not matter. The scale is set from
// the largest distance, and set anew when the total has fallen below 2^-20 of what it was then: the total alone decides,
// so that order, threads and repetition in place of weights do not. (A mass has 62 bits and a weight 31, so at that
// point the total still is a number of more than 40 bits.)
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
        const double w = rows_.weight(row);
        return masses_.of(w, closest_[row]) - masses_.of(w, distance);
    }

    // Any worker may do this with rows of its own; settle() afterwards.
    void set(int worker, int64_t row, double distance) {
        change_[worker][order_.bucket(row)] -= gain(row, distance);
        closest_[row] = distance;
    }

    // As set(), for the first center: start() afterwards.
    void set_first(int64_t row, double distance) { closest_[row] = distance; }

    void start() {
        masses_.set_largest_distance(*std::max_element(closest_.begin(), closest_.end()));
        bucket_ = order_.bucket_masses(poll_, [&](int64_t i) { return mass(i); });
        total_ = since_ = std::accumulate(bucket_.begin(), bucket_.end(), Wide(0));
    }

    void settle() {
        for (std::vector<Wide>& change : change_)
            for (size_t b = 0; b < bucket_.size(); ++b) {
                bucket_[b] += change[b];
                total_ += change[b];
                change[b] = 0;
            }
        const Wide least = since_ / (1 << 20) + (since_ % (1 << 20) != 0); // rounded up: as if divided exactly
        if (total_ < least) start();
    }

    Wide total() const { return total_; }

    // Rows drawn with probability w * closest.
    std::vector<int64_t> draw(const double* uniforms, int count) const {
        return order_.draw(bucket_, uniforms, count, [&](int64_t i) { return mass(i); });
    }

private:
    Wide mass(int64_t row) const { return masses_.of(rows_.weight(row), closest_[row]); }

    const Rows<T>& rows_;
    const ContentOrder<T>& order_;
    const Poll& poll_;
    Masses masses_;
    std::vector<double> closest_;           // (n)
    std::vector<Wide> bucket_;              // (buckets) mass of each
    std::vector<std::vector<Wide>> change_; // (threads, buckets) not yet added to it
    Wide total_ = 0, since_ = 0;            // all mass: now, and when the scale was set
};

} // namespace kmosaic
