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
// The rows are brought up to date for many centers at once, which costs no more than an iteration of Lloyd does. Meanwhile
// rows are drawn by their old distance, and one is refused as often as it has come nearer to the centers since: it is kept
// with probability D_new^2 / D_old^2, so that each is kept with probability proportional to w D_new^2, exactly.
template <class Near>
class PlainPlusPlus {
public:
    PlainPlusPlus(Near& near, Uniforms& uniforms) : near_(near), uniforms_(uniforms) {}

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
    static constexpr size_t most_waiting = 256; // each draw is measured against all that wait

    size_t waiting() const { return chosen_.size() - known_; }

    // A refusal costs about what a center costs that the rows are brought up to date for.
    bool worth_looking() const {
        return waiting() >= std::min(known_, most_waiting) || refused_ > 8 + waiting() / 4;
    }

    void look() {
        near_.add({chosen_.begin() + static_cast<int64_t>(known_), chosen_.end()});
        known_ = chosen_.size();
        refused_ = 0;
    }

    void draw() {
        const double where = uniforms_.next(), keep = uniforms_.next();
        const auto [row, first] = near_.potential().draw(&where, 1)[0];
        double closest = near_.potential().closest(row);
        for (size_t c = known_; c < chosen_.size(); ++c) closest = std::min(closest, near_.distance(row, chosen_[c]));
        if (near_.potential().keeps(row, closest, keep)) chosen_.push_back(first);
        else ++refused_;
    }

    Near& near_;
    Uniforms& uniforms_;
    std::vector<int64_t> chosen_;
    size_t known_ = 1, refused_ = 0; // centers that the rows were brought up to date for; draws since
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
