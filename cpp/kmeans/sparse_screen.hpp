// The nearest center of sparse rows: scores in float32 from what is stored alone, decided in float64 where those
// cannot tell.
#pragma once

#include "distance.hpp"
#include "screen.hpp"

namespace kmosaic {

// Centers as the screen needs them: scaled, in 16 bits, the column outermost, so that one value of a row meets its
// coordinates of up to `panel` centers side by side, two of them in a word.
class SparseCenters {
public:
    static constexpr int panel = 4 * group_width, few = group_width / 2;

    // Follow the centers; only those that moved since the last call are looked at, with those they share a word with.
    void follow(const Centers& from, double scale, const Kernels& kernels, int threads, const Poll& poll);

    int k() const { return k_; }
    int padded() const { return padded(k_); }
    int held() const { return held(k_); }
    int width(int first) const { return std::min(panel, held() - first); }
    const uint32_t* columns(int first) const { return words_.get() + first / 2 * d_; }
    const float* half_norms() const { return half_norms_.data(); } // (padded) |c|^2 / 2; infinity beyond k
    double scale() const { return scale_; }
    double squared_norm(int c) const { return squared_[c]; }       // as exact as float64 sums of d terms are
    double largest_norm() const { return largest_norm_; }
    double largest_error() const { return largest_error_; }        // how far 16 bits are off, at most
    int64_t bytes() const { return bytes_for(d_, k_); }
    static int64_t bytes_for(int64_t d, int k) { return d * 2 * held(k) + 4 * padded(k); }

private:
    static int padded(int k) { return (k + group_width - 1) / group_width * group_width; }
    static int held(int k) { return k <= few ? few : padded(k); } // the memory that columns take is what takes time

    struct Pair {
        int a, b;     // the centers; b is k or more where there is none
        int64_t word; // of the first column
        int stride;
    };
    struct Squares {
        double of_a = 0, of_b = 0, off_a = 0, off_b = 0;

        void operator+=(const Squares& other) {
            of_a += other.of_a;
            of_b += other.of_b;
            off_a += other.off_a;
            off_b += other.off_b;
        }
    };

    std::vector<Pair> moved_pairs(const Centers& from, bool fresh) const;
    Squares pack(const Centers& from, const Pair& pair, const Kernels& kernels, int64_t begin, int64_t end);
    void note(const std::vector<Pair>& pairs, const std::vector<Squares>& squares);

    int k_ = 0;
    int64_t d_ = 0;
    double scale_ = 1;
    Buffer<uint32_t> words_; // starts with a line of the cache, as the centers of a column are one
    std::vector<float> half_norms_;
    std::vector<double> squared_, errors_; // (k) |c|^2, and the square of what 16 bits are off by
    double largest_norm_ = 0, largest_error_ = 0;
};

// What one worker needs to look at sparse rows.
template <class T>
struct SparseScratch {
    std::vector<float> scores; // (padded)
    std::vector<int> candidates;
    std::vector<double> clearer, sorted; // their scores in float64
    float low = 0, next = 0;     // the two smallest scores
    RowDistance<Sparse<T>> exact;
    Tally tally;
};

template <class T>
class SparseScreen {
public:
    SparseScreen(const Rows<Sparse<T>>& rows, const Frame<Sparse<T>>& frame, const Kernels& kernels, int threads,
                 const Poll& poll);

    SparseScratch<T> scratch(const SparseCenters& centers) const {
        return {std::vector<float>(centers.padded(), std::numeric_limits<float>::infinity()), {}, {}, {}, 0, 0, RowDistance<Sparse<T>>(rows_, kernels_), {}};
    }

    double norm(int64_t row) const { return norms_[row]; } // |x|, scaled, not less than it is

    // scratch.scores[c] = |c|^2 / 2 - x.c; infinity from k on.
    void score(const SparseCenters& centers, int64_t row, SparseScratch<T>& scratch) const;

    // Twice the error of a score: two that lie farther apart are in the right order, and so are the float64 distances.
    double margin(const SparseCenters& centers, int64_t row) const;

    // The nearest center of a scored row, decided; scratch.low and next are set where the margin is finite.
    int nearest(const SparseCenters& centers, const Centers& exact, int64_t row, double margin, SparseScratch<T>& scratch) const;

    struct Two {
        int label = -1, second_label = -1;
        double distance = 0, second_distance = 0;
    };
    Two nearest_two(const SparseCenters& centers, const Centers& exact, int64_t row, double margin, SparseScratch<T>& scratch) const;

private:
    double clear_margin(const SparseCenters& centers, int64_t row) const;
    void keep_candidates(float limit, int k, SparseScratch<T>& scratch) const;
    void narrow_candidates(const SparseCenters& centers, const Centers& exact, int64_t row, size_t wanted, SparseScratch<T>& scratch) const;
    int decide(const Centers& exact, int64_t row, SparseScratch<T>& scratch) const;

    const Rows<Sparse<T>>& rows_;
    const Frame<Sparse<T>>& frame_;
    const Kernels& kernels_;
    const SparseKernels<T>& kernel_;
    std::vector<float> norms_; // (n)
};

extern template class SparseScreen<float>;
extern template class SparseScreen<double>;

} // namespace kmosaic
