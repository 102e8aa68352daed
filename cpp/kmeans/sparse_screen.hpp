// The nearest center of sparse rows: scores in float32 from what is stored alone, decided in float64 where those
// cannot tell.
#pragma once

#include "distance.hpp"
#include "screen.hpp"

namespace kmosaic {

template <class T>
struct SparseKernelsOf;
template <>
struct SparseKernelsOf<float> {
    static const SparseKernels<float>& of(const Kernels& kernels) { return kernels.sparse32; }
};
template <>
struct SparseKernelsOf<double> {
    static const SparseKernels<double>& of(const Kernels& kernels) { return kernels.sparse64; }
};

// Centers as the screen needs them: scaled, in float32, the column outermost, so that one value of a row meets its
// coordinates of up to `panel` centers side by side.
class SparseCenters {
public:
    static constexpr int panel = 4 * group_width;

    // Follow the centers; only those that moved since the last call are looked at.
    void follow(const Centers& from, double scale, int threads, const Poll& poll);

    int k() const { return k_; }
    int padded() const { return (k_ + group_width - 1) / group_width * group_width; }
    int width(int first) const { return std::min(panel, padded() - first); }
    const float* columns(int first) const { return columns_.get() + first * d_; }
    const float* half_norms() const { return half_norms_.data(); } // (padded) |c|^2 / 2; infinity beyond k
    double largest_norm() const { return largest_norm_; }
    int64_t bytes() const { return (d_ + 1) * padded() * 4; }

private:
    int k_ = 0;
    int64_t d_ = 0;
    FloatBuffer columns_;
    std::vector<float> half_norms_;
    std::vector<double> norms_; // (k) |c|
    double largest_norm_ = 0;
};

// What one worker needs to look at sparse rows.
template <class T>
struct SparseScratch {
    std::vector<float> scores; // (padded)
    std::vector<int> candidates;
    RowDistance<Sparse<T>> exact;
    Tally tally;
};

template <class T>
class SparseScreen {
public:
    SparseScreen(const Rows<Sparse<T>>& rows, const Frame<Sparse<T>>& frame, const Kernels& kernels, int threads,
                 const Poll& poll);

    SparseScratch<T> scratch(const SparseCenters& centers) const {
        return {std::vector<float>(centers.padded()), {}, RowDistance<Sparse<T>>(rows_, kernels_), {}};
    }

    double norm(int64_t row) const { return norms_[row]; } // |x|, scaled, not less than it is

    // scratch.scores[c] = |c|^2 / 2 - x.c; infinity from k on.
    void score(const SparseCenters& centers, int64_t row, SparseScratch<T>& scratch) const;

    // Twice the error of a score: two that lie farther apart are in the right order, and so are the float64 distances.
    double margin(const SparseCenters& centers, int64_t row) const;

    // The nearest center of a scored row, decided.
    int nearest(const Centers& exact, int64_t row, double margin, SparseScratch<T>& scratch) const;

    struct Two {
        int label = -1, second_label = -1;
        double distance = 0, second_distance = 0;
    };
    Two nearest_two(const Centers& exact, int64_t row, double margin, SparseScratch<T>& scratch) const;

private:
    void keep_candidates(float limit, int k, SparseScratch<T>& scratch) const;

    const Rows<Sparse<T>>& rows_;
    const Frame<Sparse<T>>& frame_;
    const Kernels& kernels_;
    const SparseKernels<T>& kernel_;
    std::vector<float> norms_; // (n)
};

extern template class SparseScreen<float>;
extern template class SparseScreen<double>;

} // namespace kmosaic
