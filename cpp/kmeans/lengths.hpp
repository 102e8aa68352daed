// Squared distances from rows to a few others, the candidates, as intervals that hold what float64 would find.
//
// From bytes where the rows are bytes, or are kept as such (measure.hpp): q = |b(x) - b(c)|^2 is a whole number, exact,
// and by the triangle inequality
//
//     (max(0, step sqrt(q) - r(x) - r(c)))^2  <=  |x - c|^2  <=  (step sqrt(q) + r(x) + r(c))^2
//
// with the residuals r. Float64 is off by (d/16 + 16) 2^-53 of |x - c|^2, and the few roundings here cost less than
// 2^-40. For pixels step = 1 and r = 0; there float64, of whole numbers below 2^53, is exact as well, and finds q.
// Other rows: quick distances in float32, which are off by quick_error(d) of themselves, and by squares that vanish.
#pragma once

#include "measure.hpp"

#include <limits>
#include <memory>
#include <vector>

namespace kmosaic {

template <class T>
class Lengths {
public:
    struct Squared {
        double least, most;
    };

    // most_bytes: that rows kept as bytes may take.
    explicit Lengths(const Problem<T>& problem, double most_bytes = std::numeric_limits<double>::infinity());

    // False: there are no quick distances of such rows, or the decision itself is as quick.
    bool quick() const { return quick_; }

    // They read less than the decision does, not just as much in less time.
    bool from_less_memory() const { return compact_ != nullptr; }

    // rows: the candidates, count <= 32; centers: the same, written out.
    void prepare(const std::vector<int64_t>& rows, const Centers& centers);

    // out[i]: from the row to candidate which[i].
    void look(int64_t row, const int32_t* which, int count, Squared* out) const;

    // The row will be looked at soon: from memory into the second-level cache.
    void fetch(int64_t row) const {
        constexpr int64_t most = 1024; // the processor guesses the rest
        const auto* from = reinterpret_cast<const char*>(rows_.row(row));
        int64_t bytes = rows_.d * static_cast<int64_t>(sizeof(T));
        if (compact_) {
            from = reinterpret_cast<const char*>(compact_->row(row));
            bytes = rows_.d;
        }
        for (int64_t at = 0; at < std::min(bytes, most); at += 64) __builtin_prefetch(from + at, 0, 2);
    }

private:
    static constexpr int64_t fewest_columns = 8; // of float rows
    static constexpr int most_candidates = 32;

    const uint8_t* byte_row(int64_t row) const;
    Squared from_bytes(int64_t row, int candidate) const;
    Squared from_float32(float quick) const;

    const Rows<T>& rows_;
    const Kernels& kernels_;
    std::shared_ptr<const Compact<T>> compact_;
    bool quick_, bytes_;            // bytes are at hand
    double step_ = 1;               // of the bytes
    double shorter_, longer_;       // times a square: what float64 may find
    std::vector<Real<T>> centers_;  // (candidates, d), where there are no bytes
    const uint8_t* candidates_[most_candidates] = {};
    double residuals_[most_candidates] = {};
};

extern template class Lengths<float>;
extern template class Lengths<double>;
extern template class Lengths<uint8_t>;

} // namespace kmosaic
