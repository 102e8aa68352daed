// Drawing rows at random so that neither their order nor their copies matter.
//
// The rows stand in the order of a hash of their content; a draw takes the row at which the masses, added up in that
// order, pass a given share of their sum. Shuffled data, or a row given three times instead of weight three, lead to
// the same draw.
#pragma once

#include "parallel.hpp"
#include "rows.hpp"

#include <cstdint>
#include <vector>

namespace kmosaic {

using Wide = __int128;

template <class T>
class ContentOrder {
public:
    ContentOrder(const Rows<T>& rows, int threads, const Poll& poll);

    // For each uniform number in [0, 1): the row at that share of all mass, the first of its copies. mass(row) >= 0
    // is an integer, and copies have equal mass per weight. Row 0 where there is no mass at all.
    template <class Mass>
    std::vector<int64_t> draw(const double* uniforms, int count, Mass mass) const;

private:
    struct Place {
        int bucket;
        Wide share; // of the mass of this bucket
    };

    int bucket(int64_t row) const { return static_cast<int>(hash_[row] >> shift_); }
    bool before(int64_t a, int64_t b) const; // in the order of content, copies by row number
    bool copies(int64_t a, int64_t b) const;

    template <class Mass>
    std::vector<Wide> bucket_masses(Mass mass) const;
    std::vector<std::vector<int64_t>> members(const std::vector<Place>& places) const;
    std::vector<Place> places(const std::vector<Wide>& masses, const double* uniforms, int count) const;

    const Rows<T>& rows_;
    const Poll& poll_;
    int threads_;
    Blocks blocks_;
    int shift_;
    int buckets_;
    std::vector<uint64_t> hash_;
};

template <class T>
template <class Mass>
std::vector<Wide> ContentOrder<T>::bucket_masses(Mass mass) const {
    std::vector<std::vector<Wide>> part(threads_, std::vector<Wide>(buckets_));
    parallel(threads_, blocks_.count, [&](int worker, int64_t block) {
        for (int64_t i = blocks_.begin(block); i < blocks_.end(block); ++i) part[worker][bucket(i)] += mass(i);
    }, poll_);
    for (int worker = 1; worker < threads_; ++worker)
        for (int b = 0; b < buckets_; ++b) part[0][b] += part[worker][b];
    return part[0];
}

template <class T>
template <class Mass>
std::vector<int64_t> ContentOrder<T>::draw(const double* uniforms, int count, Mass mass) const {
    const std::vector<Place> wanted = places(bucket_masses(mass), uniforms, count);
    const std::vector<std::vector<int64_t>> rows = members(wanted);
    std::vector<int64_t> drawn;
    for (const Place& place : wanted) {
        if (place.bucket < 0) {
            drawn.push_back(0);
            continue;
        }
        const std::vector<int64_t>& in_order = rows[place.bucket];
        Wide left = place.share;
        size_t at = 0;
        for (Wide own; left >= (own = mass(in_order[at])); ++at) left -= own;
        while (at > 0 && copies(in_order[at - 1], in_order[at])) --at;
        drawn.push_back(in_order[at]);
    }
    return drawn;
}

extern template class ContentOrder<float>;
extern template class ContentOrder<double>;

} // namespace kmosaic
