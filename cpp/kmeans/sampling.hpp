// Starts that are drawn and not compared: plain k-means++ and k-means||.
//
// Both work on anything that knows how far rows are from the centers so far and takes several centers at a time: Near is
// Nearing (nearing.hpp) or what sparse_seed.cpp has of the kind. All that is drawn depends on the contents of the rows and
// on the seed, as potential.hpp says.
#pragma once

#include "potential.hpp"

#include <algorithm>
#include <cstdint>
#include <unordered_set>
#include <vector>

namespace kmosaic {

inline constexpr int most_trials = 32; // and most centers that rows are measured against in one go: bits of a mask

// Numbers in [0, 1) of 53 bits: SplitMix64 (Steele, Lea & Flood 2014).
class Uniforms {
public:
    explicit Uniforms(uint64_t seed) : state_(seed) {}

    double next() {
        uint64_t x = state_ += 0x9e3779b97f4a7c15ULL;
        x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
        x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
        return static_cast<double>((x ^ (x >> 31)) >> 11) * 0x1p-53;
    }

    std::vector<double> next(int count) {
        std::vector<double> numbers(count);
        for (double& number : numbers) number = next();
        return numbers;
    }

private:
    uint64_t state_;
};

// Plain k-means++ (Arthur & Vassilvitskii 2007): each center after the first is a row drawn with probability proportional
// to w D^2, D its distance to the nearest center before it.
//
// That all rows know their distance to the nearest center takes as long as an iteration of Lloyd, or several where it is
// found for one center at a time. So rows are drawn by an old distance D, and one is kept with probability E^2 / D^2 where
// it has come as near as E since: each is kept with probability proportional to w E^2, exactly. (Rejection sampling, as in
// Cohen-Addad, Lattanzi, Norouzi-Fard, Sohler & Svensson 2020, where D comes from trees and E is approximate.) All rows are
// brought up to date once the draws since the last time have cost as much as that will: at most twice what would have been
// best. What counts is how many rows differ, not how many there are, so that copies are as good as weights.
template <class Near>
class PlainPlusPlus {
public:
    PlainPlusPlus(Near& near, Uniforms& uniforms)
        : near_(near), uniforms_(uniforms), different_(static_cast<double>(near.potential().different())) {}

    std::vector<int64_t> run(int64_t first, int k) {
        chosen_ = {first};
        near_.first(first);
        while (static_cast<int>(chosen_.size()) < k) {
            if (worth_looking()) look();
            if (near_.potential().total() == 0) chosen_.resize(k, first); // every row is a copy of a center
            else draw();
        }
        return chosen_;
    }

private:
    static constexpr size_t few = 32;         // centers that are worth a look in any case: distances fall fast
    static constexpr double a_draw = 100;     // what it costs beside the distances to those that wait, in distances
    static constexpr double of_all_rows = 20; // so many times faster are distances that screens find for all rows

    size_t waiting() const { return chosen_.size() - known_; }

    bool worth_looking() const {
        if (known_ < few && waiting() >= known_) return true;
        return waiting() > 0 && cost_ * of_all_rows >= different_ * static_cast<double>(waiting());
    }

    void look() {
        near_.add({chosen_.begin() + static_cast<int64_t>(known_), chosen_.end()});
        known_ = chosen_.size();
        cost_ = 0;
    }

    void draw() {
        const double where = uniforms_.next(), keep = uniforms_.next();
        const auto [row, first] = near_.potential().draw(&where, 1)[0];
        const double closest = near_.nearest_of(row, chosen_, known_);
        cost_ += a_draw + static_cast<double>(waiting());
        if (near_.potential().keeps(row, closest, keep)) chosen_.push_back(first);
    }

    Near& near_;
    Uniforms& uniforms_;
    const double different_;
    std::vector<int64_t> chosen_;
    size_t known_ = 1; // centers that the rows were brought up to date for
    double cost_ = 0;  // of draws since
};

// k-means|| (Bahmani, Moseley, Vattani, Kumar & Vassilvitskii 2012) but for its last step: in each round `each` rows are
// drawn with probability proportional to w D^2, all by the distances that the round began with (their section 5.3 draws
// exactly as many, too). No row twice. More rounds where fewer than `least` have come, as long as there are others.
template <class Near>
std::vector<int64_t> oversample(Near& near, int64_t first, int each, int rounds, int least, Uniforms& uniforms) {
    std::vector<int64_t> chosen = {first};
    near.first(first);
    for (int round = 0; round < rounds || static_cast<int>(chosen.size()) < least; ++round) {
        if (near.potential().total() == 0) break; // every row is a copy of one of them
        const std::vector<double> numbers = uniforms.next(each);
        std::unordered_set<int64_t> seen;
        std::vector<int64_t> drawn;
        for (const int64_t row : first_copies(near.potential().draw(numbers.data(), each)))
            if (seen.insert(row).second) drawn.push_back(row);
        near.add(drawn);
        chosen.insert(chosen.end(), drawn.begin(), drawn.end());
    }
    return chosen;
}

// Candidates, and for each the weight of the rows that it is nearest to.
struct Oversampled {
    std::vector<int64_t> rows;
    std::vector<double> weights;
};

// Added up as whole numbers, so that the order of the rows does not matter: of 62 bits, from the largest weight.
template <class Rows, class Near>
std::vector<double> weights_of(const Rows& rows, const Near& near, size_t candidates, double largest_weight) {
    const int exponent = 61 - (largest_weight > 0 ? std::ilogb(largest_weight) : 0);
    const PowerOfTwo unit(exponent);
    std::vector<Wide> sums(candidates);
    for (int64_t i = 0; i < rows.n; ++i)
        if (rows.weight(i) > 0)
            sums[near.nearest(i)] += static_cast<Wide>(static_cast<int64_t>(std::nearbyint(unit.times(rows.weight(i))))) * rows.count(i);
    std::vector<double> weights;
    for (const Wide sum : sums) weights.push_back(std::ldexp(static_cast<double>(sum), -exponent));
    return weights;
}

} // namespace kmosaic
