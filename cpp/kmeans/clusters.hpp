// Which cluster each row belongs to, and the sums that follow every move.
#pragma once

#include "centers.hpp"
#include "parallel.hpp"
#include "sums.hpp"

#include <memory>

namespace kmosaic {

template <class T>
class Clusters {
public:
    Clusters(const Rows<T>& rows, const Frame<T>& frame, const Kernels& kernels, int k, int workers);

    const std::vector<int32_t>& labels() const { return labels_; } // -1: in no cluster yet
    std::vector<int32_t> take_labels() { return std::move(labels_); }
    int32_t label(int64_t row) const { return labels_[row]; }
    int workers() const { return static_cast<int>(parts_.size()); }

    // For the assign steps: the row's label changes. Each row by one worker, each worker on one thread.
    void move(int worker, int64_t row, int32_t label) {
        Part& part = *parts_[worker];
        const int32_t before = labels_[row];
        if (label == before) return;
        part.moved += rows_.count(row);
        labels_[row] = label;
        if (rows_.weight(row) == 0) return; // in no sum, however far away
        if (before >= 0) part.sums.take(before, row);
        part.sums.add(label, row);
    }

    // Many rows moved at once, without a call of move() for each (rows whose sums are known together).
    void count_moved(int worker, int64_t rows) { parts_[worker]->moved += rows; }
    Sums<T>& part(int worker) { return parts_[worker]->sums; }
    std::vector<int32_t>& labels_to_write() { return labels_; }

    // What the workers did becomes part of the sums. Returns how many rows moved.
    int64_t collect(const Poll& poll);

    // Put one row elsewhere than the nearest center says (the empty-cluster rule); settle() after the last. aside: so much of its
    // weight is not in the sums, and comes back later. The halves of a difference are not the differences of halves, so both go.
    void relabel(int64_t row, int32_t label, double aside);
    void settle() { total_.settle(); }

    // A row takes (sign -1) so much of its weight out of the sums of its cluster, or brings it back (1); settle() after the last.
    void change_weight(int64_t row, double weight, int sign);

    const Sums<T>& sums() const { return total_; }

    bool any_empty() const;

    // Every center whose rows changed goes to their mean; centers.before and centers.drift follow. off_spread is of the
    // centers before.
    CenterStep move_to_means(Centers& centers, const Poll& poll);

    // What the rows are nearer to these centers than to the middle of the frame (sums.hpp): the spread less the inertia. Its
    // error is some units of spread * 2^-53.
    double off_spread(const Centers& centers, const Poll& poll);

private:
    // For each cluster, the sum of what work(cluster, begin, end) returns of its columns.
    template <class Work>
    std::vector<CenterStep> by_columns(double operations, const Poll& poll, Work work) const;

    struct Part {
        Sums<T> sums;
        int64_t moved = 0;
    };

    const Rows<T>& rows_;
    const Frame<T>& frame_;
    std::vector<int32_t> labels_;
    Sums<T> total_;
    std::vector<std::unique_ptr<Part>> parts_;
    std::vector<char> changed_;  // (k) rows came or went since the last move to the mean
    std::vector<char> stale_;    // (k) sums or center changed since own_ was computed
    std::vector<double> own_;    // (k) what the cluster takes off the spread
};

extern template class Clusters<float>;
extern template class Clusters<double>;
extern template class Clusters<uint8_t>;

} // namespace kmosaic
