// Mean and spread of the rows, in one pass.
#pragma once

#include "distance.hpp"
#include "frame.hpp"
#include "sums.hpp"

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

namespace kmosaic {

struct Moments {
    std::vector<double> mean; // (d) weighted, of dense rows
    double spread = 0;        // sum of w |x - frame.shift|^2; of sparse rows, w |x - base|^2
    double variance = 0;      // mean over the columns of their (weighted) variances
    double least_inertia = 0; // sums tell of an inertia above this to a relative 2^-36, as far as weights are rounded there
};

// What is found of the spread, by one worker and then of all.
class Spread {
public:
    template <class Frame>
    explicit Spread(const Frame& frame)
        : largest_weight_(frame.largest_weight), weighted_(frame.distance_bound * frame.largest_weight),
          plain_(frame.distance_bound), weight_(frame.largest_weight) {}

    void add(double squared, double weight, int32_t times) {
        weighted_.add(weight * squared, times);
        plain_.add(squared, times);
        weight_.add(weight, times);
        lightest_ = std::min(lightest_, weight);
    }

    void merge(const Spread& other) {
        weighted_.merge(other.weighted_);
        plain_.merge(other.plain_);
        weight_.merge(other.weight_);
        lightest_ = std::min(lightest_, other.lightest_);
    }

    double weight() const { return weight_.value(); }
    double value() const { return weighted_.value(); }

    // In sums a weight w is off by 2^-53 of the largest, W, so an inertia S is, with s the spread that has no weights, by
    // 2^-53 W max(s, sum of |x - c|^2), and the second of these is at most S / (the smallest weight).
    double least_inertia() const {
        if (largest_weight_ > lightest_ * 0x1p16) return std::numeric_limits<double>::infinity();
        return lightest_ < largest_weight_ ? 0x1p-16 * largest_weight_ * plain_.value() : 0.0;
    }

private:
    double largest_weight_, lightest_ = std::numeric_limits<double>::infinity();
    ExactSum weighted_, plain_, weight_;
};

// Of rows that are stored as a whole, whether numbers are missing or not: their sums, and what they are away from `from`.
template <class T>
std::pair<Sums<T>, Spread> look_at_all(const Rows<T>& rows, const Frame<T>& frame, const std::vector<double>& from, const Kernels& kernels,
                                       int threads, const Poll& poll) {
    threads = worth_threads(4.0 * rows.n * rows.d, threads);
    const Blocks blocks = cut(rows.n, 4.0 * rows.d, threads, 1);
    std::vector<Sums<T>> part(threads, Sums<T>(1, rows, frame, kernels));
    std::vector<Spread> spread(threads, Spread(frame));
    parallel(threads, blocks.count, [&](int worker, int64_t block) {
        RowDistance<T> distance(rows, kernels);
        for (int64_t i = blocks.begin(block); i < blocks.end(block); ++i) {
            const double weight = rows.weight(i);
            if (weight == 0) continue;
            part[worker].add(0, i);
            spread[worker].add(distance(i, from.data()), weight, rows.count(i));
        }
    }, poll);
    for (int worker = 1; worker < threads; ++worker) spread[0].merge(spread[worker]);
    return {total(part, rows, frame, kernels, 1, poll), spread[0]};
}

template <class T>
Moments moments_of(const Rows<T>& rows, const Frame<T>& frame, const Kernels& kernels, int threads, const Poll& poll);

extern template Moments moments_of(const Rows<float>&, const Frame<float>&, const Kernels&, int, const Poll&);
extern template Moments moments_of(const Rows<double>&, const Frame<double>&, const Kernels&, int, const Poll&);
extern template Moments moments_of(const Rows<uint8_t>&, const Frame<uint8_t>&, const Kernels&, int, const Poll&);

} // namespace kmosaic
