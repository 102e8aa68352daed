// Drawing rows at random so that neither their order nor their copies matter.
//
// The rows stand in the order of a 64-bit hash of their content; a draw takes the row at which the masses, added up in
// that order, pass a given share of their sum. Shuffled data, or a row given three times instead of weight three, lead
// to the same draw. (Should two different rows have one hash, the first of them stands for both in a draw: the draw is
// then a little off, and nothing else.)
#pragma once

#include "parallel.hpp"
#include "rows.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

namespace kmosaic {

template <class T>
class ContentOrder {
public:
    ContentOrder(const Rows<T>& rows, int threads, const Poll& poll);

    // For each uniform number in [0, 1): the row at that share of all mass, the first of its copies. mass(row) >= 0
    // is an integer, and copies have equal mass per weight. Row 0 where there is no mass at all.
    template <class Mass>
    std::vector<int64_t> draw(const double* uniforms, int count, const Poll& poll, Mass mass) const;

private:
    struct Place {
        int bucket; // -1: there is no mass
        Wide share; // of the mass of this bucket
    };

    int bucket(int64_t row) const { return static_cast<int>(hash_[row] >> shift_); }

    template <class Mass>
    std::vector<Wide> bucket_masses(const Poll& poll, Mass mass) const;
    std::vector<std::vector<int64_t>> members(const std::vector<Place>& places, const Poll& poll) const;
    std::vector<Place> places(const std::vector<Wide>& masses, const double* uniforms, int count) const;

    // The row at this share of the mass of these rows, whose hashes agree above their lowest `shift` bits.
    template <class Mass>
    int64_t row_at(std::vector<int64_t> rows, Wide share, Mass mass) const;

    // All hashes equal? Then the rows are copies.
    bool alike(const std::vector<int64_t>& rows) const;

    int threads_;
    Blocks blocks_;
    int shift_;
    int buckets_;
    std::vector<uint64_t> hash_;
};

template <class T>
template <class Mass>
std::vector<Wide> ContentOrder<T>::bucket_masses(const Poll& poll, Mass mass) const {
    std::vector<std::vector<Wide>> part(threads_, std::vector<Wide>(buckets_));
    parallel(threads_, blocks_.count, [&](int worker, int64_t block) {
        for (int64_t i = blocks_.begin(block); i < blocks_.end(block); ++i) part[worker][bucket(i)] += mass(i);
    }, poll);
    for (int worker = 1; worker < threads_; ++worker)
        for (int b = 0; b < buckets_; ++b) part[0][b] += part[worker][b];
    return part[0];
}

template <class T>
template <class Mass>
std::vector<int64_t> ContentOrder<T>::draw(const double* uniforms, int count, const Poll& poll, Mass mass) const {
    const std::vector<Place> wanted = places(bucket_masses(poll, mass), uniforms, count);
    const std::vector<std::vector<int64_t>> rows = members(wanted, poll);
    std::vector<int64_t> drawn;
    for (const Place& place : wanted) {
        drawn.push_back(place.bucket < 0 ? 0 : row_at(rows[place.bucket], place.share, mass));
        if (poll) poll();
    }
    return drawn;
}

// Eight bits of the hash at a time: a sort would take long where a large part of the rows are copies.
template <class T>
template <class Mass>
int64_t ContentOrder<T>::row_at(std::vector<int64_t> rows, Wide share, Mass mass) const {
    for (int shift = shift_; !alike(rows);) {
        shift = shift > 8 ? shift - 8 : 0;
        const auto digit = [&](int64_t row) { return hash_[row] >> shift & 255; };
        std::array<Wide, 256> masses{};
        for (const int64_t row : rows) masses[digit(row)] += mass(row);
        uint64_t chosen = 0;
        while (share >= masses[chosen]) share -= masses[chosen++];
        std::erase_if(rows, [&](int64_t row) { return digit(row) != chosen; });
    }
    return *std::min_element(rows.begin(), rows.end());
}

extern template class ContentOrder<float>;
extern template class ContentOrder<double>;
extern template class ContentOrder<uint8_t>;

} // namespace kmosaic
