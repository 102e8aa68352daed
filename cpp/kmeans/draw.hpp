// Drawing rows at random so that neither their order nor their copies matter.
//
// The rows stand in the order of a 64-bit hash of their content; a draw takes the row at which the masses, added up in
// that order, pass a given share of their sum. Shuffled data, or a row given three times instead of weight three, lead
// to the same draw. The hash is of values rounded to float32, and zeros add nothing to it: so the same rows as float32,
// float64, bytes or sparse stand in the same order (those of one hash in that of their coordinates).
#pragma once

#include "frame.hpp"
#include "parallel.hpp"
#include "rows.hpp"

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace kmosaic {

// A row that was drawn, which has mass, and the first of its copies, which may have none.
struct Drawn {
    int64_t row, first;
};

template <class T>
class ContentOrder {
public:
    ContentOrder(const Rows<T>& rows, const Frame<T>& frame, int threads, const Poll& poll);

    // The rows are cut into buckets by the first bits of their hash: whoever keeps the mass of each bucket up to date
    // needs to look at the rows of one bucket only for a draw.
    int buckets() const { return static_cast<int>(starts_.size()) - 1; }
    int bucket(int64_t row) const { return static_cast<int>(hash_[row] >> shift_); }

    // How many rows differ, of those for which counts(row).
    template <class Counts>
    int64_t different(Counts counts) const;

    // All rows in this order.
    std::vector<int64_t> take_rows() && { return std::move(sorted_); }

    // The mass of every bucket. mass(row) >= 0 is an integer, and copies have equal mass per weight.
    template <class Mass>
    std::vector<Wide> bucket_masses(const Poll& poll, Mass mass) const;

    // For each uniform number in [0, 1): the row at that share of all mass. Row 0 where there is no mass at all.
    template <class Mass>
    std::vector<Drawn> draw(const std::vector<Wide>& masses, const double* uniforms, int count, Mass mass) const;

private:
    struct Place {
        int bucket; // -1: there is no mass
        Wide share; // of the mass of this bucket
    };

    void sort(const Poll& poll);
    std::vector<Place> places(const std::vector<Wide>& masses, const double* uniforms, int count) const;
    std::span<const int64_t> members(int bucket) const {
        return {sorted_.data() + starts_[bucket], static_cast<size_t>(starts_[bucket + 1] - starts_[bucket])};
    }

    // The row at this share of the mass of these rows.
    template <class Mass>
    Drawn row_at(std::span<const int64_t> rows, Wide share, Mass mass) const;

    bool copies(int64_t a, int64_t b) const { return hash_[a] == hash_[b] && compare(rows_, a, b) == 0; }

    Rows<T> rows_;
    int threads_;
    Blocks blocks_;
    int shift_;
    std::vector<uint64_t> hash_;
    std::vector<int64_t> sorted_; // (n) rows by hash, then by coordinates, copies by number
    std::vector<int64_t> starts_; // (buckets + 1) where the rows of each bucket begin in sorted_
};

template <class T>
template <class Counts>
int64_t ContentOrder<T>::different(Counts counts) const {
    int64_t found = 0, last = -1;
    for (const int64_t row : sorted_)
        if (counts(row)) {
            if (last < 0 || !copies(row, last)) ++found;
            last = row;
        }
    return found;
}

template <class T>
template <class Mass>
std::vector<Wide> ContentOrder<T>::bucket_masses(const Poll& poll, Mass mass) const {
    std::vector<std::vector<Wide>> part(threads_, std::vector<Wide>(buckets()));
    parallel(threads_, blocks_.count, [&](int worker, int64_t block) {
        for (int64_t i = blocks_.begin(block); i < blocks_.end(block); ++i) part[worker][bucket(i)] += mass(i);
    }, poll);
    for (int worker = 1; worker < threads_; ++worker)
        for (int b = 0; b < buckets(); ++b) part[0][b] += part[worker][b];
    return part[0];
}

template <class T>
template <class Mass>
std::vector<Drawn> ContentOrder<T>::draw(const std::vector<Wide>& masses, const double* uniforms, int count,
                                          Mass mass) const {
    std::vector<Drawn> drawn;
    for (const Place& place : places(masses, uniforms, count))
        drawn.push_back(place.bucket < 0 ? Drawn{0, 0} : row_at(members(place.bucket), place.share, mass));
    return drawn;
}

template <class T>
template <class Mass>
Drawn ContentOrder<T>::row_at(std::span<const int64_t> rows, Wide share, Mass mass) const {
    size_t at = 0;
    for (; at + 1 < rows.size(); ++at) {
        const Wide here = mass(rows[at]);
        if (share < here) break;
        share -= here;
    }
    const int64_t row = rows[at];
    while (at > 0 && copies(rows[at - 1], row)) --at;
    return {row, rows[at]};
}

extern template class ContentOrder<float>;
extern template class ContentOrder<double>;
extern template class ContentOrder<uint8_t>;

inline std::vector<int64_t> first_copies(const std::vector<Drawn>& drawn) {
    std::vector<int64_t> rows;
    for (const Drawn& each : drawn) rows.push_back(each.first);
    return rows;
}

} // namespace kmosaic
