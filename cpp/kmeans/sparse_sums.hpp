// Sums of sparse rows: the integers of sums.hpp to the last bit, without touching the zeros.
//
// A row adds q(x[j]) to column j, and what is not stored adds q(0). With W the weight of a cluster, its sum is
// W q(0) + sum over its rows' values of w (q(x[j]) - q(0)): only the second part is kept. Where all rows store a value, zero
// may be far outside of the range that the grid is made for: there the middle takes its place (SparseColumn::base()).
//
// Without weights it is kept in 64 bits. What all values of a column add up to is known to be less than that, but for columns
// of many large values, the crowded ones: of these the sum of the lower 26 bits is kept there, and that of the upper bits
// beside it.
#pragma once

#include "sparse.hpp"
#include "sums.hpp"

namespace kmosaic {

template <class T>
class Sums<Sparse<T>> {
public:
    Sums(int k, const Rows<Sparse<T>>& rows, const Frame<Sparse<T>>& frame, const Kernels& kernels);

    // Noted here, and carried out where a cluster is absorbed or settled, so that no worker needs sums of its own.
    void add(int cluster, int64_t row) { note(cluster, row, 1); }
    void take(int cluster, int64_t row) { note(cluster, row, -1); }

    // As of the dense rows; only of what absorbs.
    void change_weight(int cluster, int64_t row, double weight, int sign);

    static constexpr int64_t some = 256;

    int size() const { return k_; }

    // As of the dense rows.
    std::vector<char> absorb(const std::vector<Sums*>& parts, int threads, const Poll& poll);
    void settle();

    bool empty(int cluster) const { return exact_weight(cluster) == 0; }
    double weight(int cluster) const { return static_cast<double>(exact_weight(cluster)) * (weighted_ ? weight_grid_.unit() : 1.0); }
    Wide exact_weight(int cluster) const { return (weight_[0][cluster] << WeightGrid::low_bits) + weight_[1][cluster]; }
    Wide exact_weight_of(double weight) const;

    // Of the columns [begin, end), as those of the dense rows.
    void mean(int cluster, int64_t begin, int64_t end, double* mean) const;
    CenterStep move(int cluster, int64_t begin, int64_t end, double* center) const;

    // Sum over the cluster's rows of w (|x - base|^2 - |x - center|^2), from the sums; the part of these columns.
    double off_spread(int cluster, int64_t begin, int64_t end, const double* center) const;

    // |mean - base|^2, the mean not rounded.
    double squared_offset(int cluster) const;

private:
    struct Slice { // of the columns of a cluster: for one thread, and so small that all have something to do
        int cluster, number, count;
    };
    struct Part { // columns [begin, end) of one cluster, at most `some`
        CutColumns<T> columns;
        double beyond[some];
    };

    void note(int cluster, int64_t row, int sign);
    void make_room();
    void forget_pending(int cluster);
    static std::vector<Slice> slices_of(const std::vector<double>& values, double all, int threads);
    void carry_out(const Slice& slice, const std::vector<int64_t>& changes);
    void add_weighted(int cluster, const SparseRow<T>& x, double weight, int sign);
    void add(int cluster, const SparseRow<T>& x, int sign);
    SparseRow<T> within(const SparseRow<T>& x, const Slice& slice) const;
    int64_t beyond_at(int cluster, int64_t j) const;
    bool cut(int cluster) const;
    void set(Part& part, int cluster, int64_t begin, int64_t end) const;
    const double* from_base(const double* center, int64_t begin, int64_t end, double* seen) const;
    Halves parts(int cluster, int64_t j, bool dense) const;
    double sum(int cluster, int64_t j) const;
    double mean_at(int cluster, int64_t j, const Halves& weight, double inverse) const;

    int k_;
    int64_t d_;
    const Rows<Sparse<T>>& rows_;
    const Frame<Sparse<T>>& frame_;
    const ColumnsOf<Sparse<T>>& columns_;
    const Kernels& kernels_;
    bool weighted_;
    WeightGrid weight_grid_;
    std::vector<std::vector<int64_t>> pending_; // (k) rows that came, and ~ of those that went
    std::vector<int64_t> values_;               // (k) that the pending rows store
    std::vector<int64_t> sum_;                  // (k, d) without weights
    std::vector<int64_t> beyond_;               // (k, crowded columns)
    std::array<std::vector<Wide>, 2> wide_;     // (k, d) high and low half of the weights, with weights
    std::array<std::vector<Wide>, 2> weight_;   // (k)
};

extern template class Sums<Sparse<float>>;
extern template class Sums<Sparse<double>>;

} // namespace kmosaic
