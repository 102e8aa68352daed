// Sums of sparse rows: the integers of sums.hpp to the last bit, without touching the zeros.
//
// A row adds q(x[j]) to column j, and a zero adds q(0). With W the weight of a cluster, its sum is
// W q(0) + sum over its rows' nonzeros of w (q(x[j]) - q(0)): only the second part is kept.
//
// Without weights it is kept in 64 bits. Each row adds less than 2^52, so a column that at most 1,024 rows store a value in
// fits; of the others, the crowded ones, the sum of the lower 26 bits is kept there, and that of the upper bits beside it.
#pragma once

#include "sparse.hpp"
#include "sums.hpp"

namespace kmosaic {

template <class T>
class Sums<Sparse<T>> {
public:
    Sums(int k, int64_t d, const Frame<Sparse<T>>& frame, const Kernels& kernels, bool weighted);

    // Noted here, and carried out where a cluster is absorbed or settled, slice by slice of its columns: each by one
    // thread, so that no worker needs sums of its own, and one large cluster keeps them all busy.
    void add(int cluster, const SparseRow<T>& row, double weight, int = 1) { note(cluster, row, weight, 1); }
    void take(int cluster, const SparseRow<T>& row, double weight, int = 1) { note(cluster, row, weight, -1); }

    int size() const { return k_; }

    // Make this the total that absorb() and settle() add to.
    void widen();

    // First every slice, in any order and at once, then absorb().
    static constexpr int slices = 4;
    void absorb_slice(int cluster, const Sums& part, int slice) { carry_out(cluster, part.pending_[cluster], slice); }
    bool absorb(int cluster, Sums& part);
    void settle();

    bool empty(int cluster) const { return weight_[0][cluster] == 0 && weight_[1][cluster] == 0; }
    Wide exact_weight(int cluster) const { return (weight_[0][cluster] << WeightGrid::low_bits) + weight_[1][cluster]; }
    Wide exact_weight_of(double weight) const;

    // Of the columns [begin, end), as those of the dense rows.
    void mean(int cluster, int64_t begin, int64_t end, double* mean) const;

    // Sum over the cluster's rows of w (|x|^2 - |x - center|^2), from the sums.
    double off_spread(int cluster, int64_t begin, int64_t end, const double* center) const;

private:
    static constexpr int64_t some = 256; // columns that are looked at together

    struct Change {
        SparseRow<T> row;
        double weight; // > 0: came, < 0: went
    };
    struct Column { // all that adding a value needs to know, small as it is read at random
        T shift;
        int16_t grid; // the exponent of two
        bool crowded;
    };
    struct Part { // columns [begin, end) of one cluster, at most `some`
        CutColumns<T> columns;
        double beyond[some];
    };

    void note(int cluster, const SparseRow<T>& row, double weight, int sign);
    void carry_out(int cluster, const std::vector<Change>& changes, int slice);
    void add_weighted(int cluster, const SparseRow<T>& x, double weight);
    void add(int64_t* sums, int cluster, const SparseRow<T>& x, int sign);
    SparseRow<T> within(const SparseRow<T>& x, int slice) const;
    int64_t beyond_at(int cluster, int64_t j) const;
    bool cut(int cluster) const;
    void set(Part& part, int cluster, int64_t begin, int64_t end) const;
    double sum(int cluster, int64_t j, bool zeros) const;
    static int64_t on_grid(double value, const Column& column);

    int k_;
    int64_t d_;
    const Frame<Sparse<T>>& frame_;
    const Kernels& kernels_;
    bool weighted_;
    WeightGrid weight_grid_;
    std::vector<std::vector<Change>> pending_; // (k)
    std::vector<Column> column_;               // (d)
    std::vector<double> zeros_, inverse_grid_; // (d)
    std::vector<int64_t> sum_;                 // (k, d) without weights
    std::vector<int32_t> slot_;                // (d) of a crowded column in beyond_
    std::vector<int64_t> beyond_;              // (k, crowded columns)
    std::array<std::vector<Wide>, 2> wide_;    // (k, d) high and low half of the weights, with weights
    std::array<std::vector<Wide>, 2> weight_;  // (k)
};

extern template class Sums<Sparse<float>>;
extern template class Sums<Sparse<double>>;

} // namespace kmosaic
