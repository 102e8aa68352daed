// The head: a few leading coordinates of every row and the length of the rest, for a lower bound on distances.
//
// B: m directions of d coordinates, nearly orthonormal, in float32. y, z: a row and a center less `middle`, scaled,
// unrounded. Kept of y are h(y) = B y (m numbers) and r(y) >= the length of y outside the span of B. Cauchy-Schwarz,
// outside the span, says y.z <= (inside) + r(y) r(z), so that with half(z) = |z|^2 / 2 and
//
//     score = half(z) - h(y).h(z) - r(y) r(z)            one product in m + 1 dimensions, as every screen has them
//     |x - c|^2 scale^2  >=  |y|^2 + 2 score - slack     slack = base + slope |y|^2
//
// Proof. u = 2^-24, P the projector on the span of B, G = B B', eta >= ||G - 1|| (Frobenius, measured, not assumed).
// 1. Inside: Py.Pz = (By)' G^-1 (Bz), and ||G^-1 - 1|| <= eta / (1 - eta), |By| <= (1 + eta) |y|. So
//    |Py.Pz - By.Bz| <= eta (1 + eta)^2 / (1 - eta) |y| |z|.
// 2. Rounding of h: each entry is a score with half norm 0, so its error is <= screen_error(d) |B_i| |y|, and what
//    vanishes below the smallest float32 is less than (d + 8) 2^-140. Hence h = By + delta with |delta| <= e |y| + t,
//    e = sqrt(m) screen_error(d) (1 + eta), t = sqrt(m) (d + 8) 2^-140, and
//    |By.Bz - h(y).h(z)| <= (2 e (1 + eta) + e^2) |y| |z| + t (1 + eta + e) (|y| + |z|) + t^2.
// 3. Rest: |y - Py|^2 = |y|^2 - (By)' G^-1 (By) <= |y|^2 - (1 - eta) |By|^2, and from |By| >= |h| - |delta| follows
//    |By|^2 >= |h|^2 - 2 |delta| |h|. So r^2 = |y|^2 - |h|^2 + eta |h|^2 + 2 (e |y| + t) |h|, taken in float64 and
//    rounded up, is never too short. Only that matters: a longer r makes the score smaller, and the bound still holds.
// 4. The score in float32: off by screen_error(m + 1) (|z|^2 / 2 + |h'(y)| |h'(z)|) with h' = (h, r), where
//    |h'|^2 <= 1.02 |y|^2 as long as eta and e are below 1/1000 (checked), plus what vanishes.
// 5. The float64 distance that decides is off by (d/16 + 16) 2^-53 of itself, itself at most 2 (|y|^2 + |z|^2); and
//    putting the bound together in float32 costs less than 8 u (|y|^2 + |z|^2).
// With |y| |z| <= (|y|^2 + |z|^2) / 2 and |z| <= the largest center, all errors are base + slope |y|^2.
#pragma once

#include "centers.hpp"
#include "screen.hpp"

#include <vector>

namespace kmosaic {

// Centers seen from the head.
struct HeadCenters {
    std::vector<float> rows;       // (k, width): h(z), r(z)
    std::vector<float> half_norms; // (k): |z|^2 / 2
    double base = 0, slope = 0;    // slack = base + slope |y|^2

    double slack(double squared_norm) const { return base + slope * squared_norm; }
};

template <class T>
class Head {
public:
    // basis: (m, d), orthonormal up to rounding, or std::invalid_argument. frame.middle is taken as it is now.
    Head(const Rows<T>& rows, const Frame<T>& frame, const Kernels& kernels, const double* basis, int m, int threads,
         const Poll& poll);

    int64_t width() const { return m_ + 1; }
    const float* row(int64_t i) const { return rows_.get() + i * width(); } // h(y), r(y)
    float squared_norm(int64_t i) const { return squared_norms_[i]; }       // |y|^2
    const float* squared_norms() const { return squared_norms_.data(); }

    void project(const Centers& centers, HeadCenters& out) const;

    // Two rows seen from the head: with h' = (h, r) the score of the proof is (|z|^2 - 2 h'(y).h'(z)) / 2, so that
    // |x - c|^2 scale^2 >= |h'(y) - h'(z)|^2 - overlength(y) - overlength(z) - slack_within(the larger of |y|^2, |z|^2).
    double overlength(int64_t i) const; // >= |h'(y)|^2 - |y|^2
    double slack_within(double largest_squared_norm) const {
        HeadCenters seen;
        bound_error(largest_squared_norm, seen);
        return seen.slack(largest_squared_norm);
    }

    int64_t bytes() const;

private:
    void measure_basis(const double* basis);
    void bound_error(double largest_squared_norm, HeadCenters& out) const;

    // The tile's rows, of squared norms |y|^2, into `out`, (count, width).
    void write(const float* tile, int count, const double* norms, float* products, float* out) const;
    float rest(double squared_norm, double inside) const;

    const Kernels& kernels_;
    const int m_;
    const int64_t d_;
    const std::vector<double> middle_; // (d)
    const double scale_;
    const bool screens_;
    FloatBuffer panels_;               // B, packed as centers
    const std::vector<float> no_norms_; // (m) zeros: the products alone are wanted
    double eta_ = 0, error_ = 0, vanished_ = 0; // eta, e and t of the proof
    FloatBuffer rows_;                 // (n, width)
    std::vector<float> squared_norms_; // (n)
};

extern template class Head<float>;
extern template class Head<double>;
extern template class Head<uint8_t>;

} // namespace kmosaic
