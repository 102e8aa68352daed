// Each row once, and how often it stands in the data: a picture of 400,000 pixels may have 20,000 colors.
//
// All sums are of whole numbers, so a row counted three times gives the same bits as three rows.
#pragma once

#include "parallel.hpp"
#include "rows.hpp"

#include <memory>
#include <vector>

namespace kmosaic {

template <class T>
struct Distinct {
    std::vector<T> values;       // (count, d)
    std::vector<int32_t> copies; // (count)
    std::vector<int64_t> first;  // (count) the first of the copies
    std::vector<int32_t> place;  // (n) which of them each row is

    Rows<T> rows(int64_t d) const { return {values.data(), static_cast<int64_t>(copies.size()), d, nullptr, copies.data()}; }

    // The labels of all rows from those of the distinct ones.
    std::vector<int32_t> spread(const std::vector<int32_t>& labels, int threads, const Poll& poll) const;

    int64_t bytes() const {
        return static_cast<int64_t>(values.size() * sizeof(T) + first.size() * sizeof(int64_t) +
                                    (copies.size() + place.size()) * sizeof(int32_t));
    }
};

// Null where few rows have copies (a sample tells), or rows have weights, or are long (finding out would take longer than
// it spares), or where that could take more memory than the limit (0: none).
template <class T>
std::unique_ptr<const Distinct<T>> distinct(const Rows<T>& rows, int threads, int64_t memory_limit, const Poll& poll);

extern template struct Distinct<float>;
extern template struct Distinct<double>;
extern template struct Distinct<uint8_t>;
extern template std::unique_ptr<const Distinct<float>> distinct(const Rows<float>&, int, int64_t, const Poll&);
extern template std::unique_ptr<const Distinct<double>> distinct(const Rows<double>&, int, int64_t, const Poll&);
extern template std::unique_ptr<const Distinct<uint8_t>> distinct(const Rows<uint8_t>&, int, int64_t, const Poll&);

} // namespace kmosaic
