// The nearest of a few centers from rows of bytes: whole numbers are multiplied faster than floats, and read from a quarter
// of the memory, or from an eighth.
//
// A row x is low + step (b + e) with bytes b and |e| <= r / step, r its residual; a center is low + step (w / 2^p + f) with
// whole numbers w, p = center_bits places behind the point, and |f| <= o / step (measure.hpp). Their distance is off by
// (r + o) / step = t of D = |b - w / 2^p|, in steps, and
//
//     D^2 = |b|^2 + 2^(1-p) s,   s = |w|^2 / 2^(p+1) - b.w.
//
// few_bytes() finds s. All its terms are positive, so that the product b.w is off by a relative few_bytes_error(), and the
// score s by E = few_bytes_error() (H + b.w), H the largest |w|^2 / 2^(p+1), which has room for the roundings of H and of
// the difference as well. No b.w is larger than H less the smallest score.
//
// The center l with the smallest score is the nearest, and float64 finds so, when for every other one
// D_c - D_l > 2 t + 2 q (D_c + t), q = decision_error(). If that is true of the second smallest, it is of all. With
// D_c + D_l <= 2 D_c and 2^(p-1) (D_c^2 - D_l^2) = s_c - s_l it follows from
//
//     s_c - s_l  >  2 E + 2^(p+1) (t + q (D_c + t)) D_c.
#pragma once

#include "measure.hpp"

#include <cmath>

namespace kmosaic {

template <class T>
class ByteScreen {
public:
    explicit ByteScreen(const Problem<T>& problem);

    // Whether centers are few, and rows are bytes, or worth to be kept as such.
    static bool suits(const Problem<T>& problem, int k);
    static constexpr bool pixels = std::is_same_v<T, uint8_t>; // nothing need be kept
    static int64_t bytes_for(const Problem<T>& problem) { return pixels ? 0 : problem.rows.n * (problem.rows.d + 4); }

    // False: some center lies so far outside of the rows that bytes tell too little.
    bool prepare(const Centers& centers);

    // Of `count` rows from `first` on: best, second and index, and in place of the squared norms what the first two have to
    // be apart.
    void look(int64_t first, int count, Scratch<T>& scratch) const;

    // bound(row, center, length) for each of `count` rows from `first` on and each center: the true distance, scaled, is not
    // below it.
    template <class Bound>
    void lowest(int64_t first, int count, Scratch<T>& scratch, Bound bound) const {
        score(first, count, scratch);
        for (int r = 0; r < count; ++r)
            for (int c = 0; c < static_cast<int>(half_norms_.size()); ++c)
                bound(first + r, c, least(first + r, r, c, scratch));
    }

private:
    const uint8_t* row(int64_t i) const {
        if constexpr (pixels) return problem_.rows.row(i);
        else return compact_->row(i);
    }
    // Scores, best, second, index and squared norms.
    void score(int64_t first, int count, Scratch<T>& scratch) const;
    double error(double best) const { return few_bytes_error(problem_.rows.d) * (2 * largest_half_norm_ - best) * (1 + 0x1p-10); }
    double off(int64_t row) const { return ((compact_ ? compact_->residual(row) : 0.0) + off_) / grid_.step; }
    double least(int64_t row, int r, int c, const Scratch<T>& scratch) const;
    double apart(int64_t row, double squared_norm, double best, double second) const;

    const Problem<T> problem_;
    std::shared_ptr<const Compact<T>> compact_; // null: the rows are bytes
    const ByteGrid<T> grid_;
    ByteCenters<T> centers_;
    std::vector<float> half_norms_;
    double largest_half_norm_ = 0, off_ = 0;
};

extern template class ByteScreen<float>;
extern template class ByteScreen<double>;
extern template class ByteScreen<uint8_t>;

} // namespace kmosaic
