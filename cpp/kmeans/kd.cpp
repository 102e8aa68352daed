#include "kd.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <numeric>
#include <utility>

namespace kmosaic {

template <class T>
bool Kd<T>::fits(const Problem<T>& problem, int) {
    return problem.rows.d <= max_leaf_columns && problem.rows.n < int64_t(1) << 32 && problem.frame.screens;
}

template <class T>
Kd<T>::Kd(const Problem<T>& problem, int k)
    : problem_(problem), kernel_(RowKernelsOf<T>::of(problem.kernels)), units_(problem.frame.scale),
      tree_(kd_tree(problem)), all_(k),
      workers_(problem.threads), work_(50.0 * problem.rows.n) {
    std::iota(all_.begin(), all_.end(), 0);
    drifts_.each.resize(k);
}

template <class T>
void Kd<T>::start(const Clusters<T>& clusters) {
    labels_ = std::make_unique_for_overwrite<int32_t[]>(tree_.leaves * leaf_rows);
    slack_.assign(tree_.leaves, 0);
    unwritten_.assign(tree_.leaves, 0);
    groups_.resize(tree_.groups.size());
    blocks_.resize(tree_.blocks.size());
    read_labels(clusters);
    started_ = true;
}

// Whatever labels the rows have now; leaves where that is news are looked at again.
template <class T>
void Kd<T>::read_labels(const Clusters<T>& clusters) {
    const int threads = worth_threads(10.0 * problem_.rows.n, problem_.threads);
    const Blocks parts = cut(tree_.leaves, 10.0 * leaf_rows, threads, 1);
    parallel(threads, parts.count, [&](int, int64_t part) {
        for (int64_t leaf = parts.begin(part); leaf < parts.end(part); ++leaf)
            for (int64_t place = leaf * leaf_rows; place < (leaf + 1) * leaf_rows; ++place)
                if (std::exchange(labels_[place], clusters.label(tree_.order[place])) != labels_[place]) slack_[leaf] = 0;
    }, problem_.poll);
    relabeled_ = false;
}

template <class T>
void Kd<T>::write_labels(Clusters<T>& clusters) {
    if (!started_) return;
    std::vector<int32_t>& labels = clusters.labels_to_write();
    const int threads = worth_threads(2.0 * problem_.rows.n, problem_.threads);
    const Blocks parts = cut(tree_.leaves, 10.0 * leaf_rows, threads, 1);
    parallel(threads, parts.count, [&](int, int64_t part) {
        for (int64_t leaf = parts.begin(part); leaf < parts.end(part); ++leaf)
            if (std::exchange(unwritten_[leaf], 0))
                for (int64_t place = leaf * leaf_rows; place < (leaf + 1) * leaf_rows; ++place)
                    labels[tree_.order[place]] = labels_[place];
    }, problem_.poll);
}

template <class T>
void Kd<T>::forget(int64_t) {
    relabeled_ = true;
}

template <class T>
void Kd<T>::measure_drifts(const Centers& centers) {
    drifts_.largest = 0;
    for (size_t c = 0; c < centers.drift.size(); ++c) {
        drifts_.each[c] = units_.up(centers.drift[c]);
        drifts_.largest = std::max(drifts_.largest, drifts_.each[c]);
    }
}

template <class T>
void Kd<T>::assign(const Centers& centers, Clusters<T>& clusters) {
    if (!started_) start(clusters);
    else if (relabeled_) read_labels(clusters);
    measure_drifts(centers);
    const int threads = worth_threads(work_, problem_.threads);
    parallel(threads, tree_.groups.size(), [&](int worker, int64_t group) {
        visit_group(group, centers, clusters, worker);
    }, problem_.poll);
    work_ = 20.0 * static_cast<double>(tree_.blocks.size());
    for (Worker& worker : workers_) {
        work_ += 500.0 * static_cast<double>(worker.leaves);
        worker.all_leaves += std::exchange(worker.leaves, 0);
    }
}

// How far away a center may be and still be listed: a longer list takes longer to go through, a shorter one has to be
// made anew sooner.
template <class T>
double Kd<T>::spare(const KdBox& box, uint32_t drift) const {
    constexpr double iterations = 8, part_of_box = 0.25;
    double squared = 0;
    for (int64_t j = 0; j < tree_.d; ++j) squared += (box.high[j] - box.low[j]) * (box.high[j] - box.low[j]);
    const double wanted = iterations * units_.length(drift), most = part_of_box * std::sqrt(squared);
    return wanted < most ? wanted : 0.0;
}

template <class T>
void Kd<T>::visit_group(int64_t number, const Centers& centers, Clusters<T>& clusters, int worker) {
    const KdGroup& group = tree_.groups[number];
    KdList& list = groups_[number];
    const uint32_t drift = kd_sum(drifts_.largest, drifts_.each[list.near()]);
    list.room = kd_rest(list.room, drift);
    list.gained = false;
    if (!list.room) list.refill(group.box, centers, all_, spare(group.box, drift), units_);
    const uint32_t largest = list.largest_drift(drifts_);
    for (int64_t block = group.first_block; block < group.first_block + group.blocks; ++block)
        visit_block(block, list, largest, centers, clusters, worker);
}

// from: the list of the block's group; drift: the largest of its members'.
template <class T>
void Kd<T>::visit_block(int64_t number, const KdList& from, uint32_t drift, const Centers& centers,
                        Clusters<T>& clusters, int worker) {
    const KdBlock& block = tree_.blocks[number];
    KdList& list = blocks_[number];
    const uint32_t together = list.drift_of_two(drifts_);
    drift = kd_sum(drift, drifts_.each[list.near()]);
    list.room = kd_rest(list.room, drift);
    list.gained = false;
    if (from.gained || !list.room) list.refill(block.box, centers, from.members, spare(block.box, drift), units_);
    uint32_t* slack = &slack_[block.first_leaf];
    const uint32_t lost = list.gained ? KdUnits::most : together;
    int due[KdTree<T>::block_rows / leaf_rows], count = 0;
    for (int leaf = 0; leaf < block.leaves; ++leaf) {
        slack[leaf] = kd_rest(slack[leaf], lost);
        due[count] = leaf;
        count += slack[leaf] == 0;
    }
    if (!count) return;
    for (int i = 0; i < count; ++i) prefetch(block.first_leaf + due[i]);
    std::vector<double>& near = workers_[worker].centers;
    near.clear();
    for (const int32_t c : list.members) near.insert(near.end(), centers.center(c), centers.center(c) + tree_.d);
    for (int i = 0; i < count; ++i) look(block, due[i], list, clusters, worker);
}

// Leaves that are due lie here and there: half the time would go by in waiting for their rows, one after the other.
template <class T>
void Kd<T>::prefetch(int64_t leaf) const {
    const auto* rows = reinterpret_cast<const char*>(tree_.leaf(leaf));
    for (int64_t at = 0; at < tree_.d * leaf_rows * static_cast<int64_t>(sizeof(T)); at += 64) __builtin_prefetch(rows + at);
    __builtin_prefetch(&labels_[leaf * leaf_rows]);
}

// With a the nearest and b the second nearest center of a row, |x-b| - |x-a| >= (|x-b|^2 - |x-a|^2) / (2 |x-b|), half
// the root of what leaf_nearest() calls least. Its squares have a relative error e = (d/16 + 16) u, u = 2^-53, so the
// difference is wrong by 2 e |x-b|^2 at most, and the gap by e |x-b| and the few roundings behind; another
// 8 e |x-b| let the float64 decisions be as far apart as the distances are (see KdList): together less than 2^-44 |x-b|.
template <class T>
void Kd<T>::look(const KdBlock& block, int leaf, const KdList& list, Clusters<T>& clusters, int worker) {
    const int64_t number = block.first_leaf + leaf;
    int32_t* labels = &labels_[number * leaf_rows];
    alignas(64) int32_t fresh[leaf_rows];
    const LeafFound found =
        kernel_.leaf_nearest(tree_.leaf(number), tree_.d, workers_[worker].centers.data(), list.members.data(),
                             static_cast<int>(list.members.size()), labels, fresh);
    ++workers_[worker].leaves;
    if (list.members.size() == 1) {
        slack_[number] = KdUnits::most;
    } else if (found.widest < 0x1p900) {
        const double gap = std::sqrt(found.least) / 2;
        slack_[number] = units_.down(gap * (1 - 0x1p-40) - (std::sqrt(found.widest) * 0x1p-44 + 0x1p-500));
    }
    if (!found.changed) return;
    move(block, leaf, found.changed, fresh, clusters, worker);
    std::memcpy(labels, fresh, sizeof fresh);
}

template <class T>
void Kd<T>::move(const KdBlock& block, int leaf, uint32_t changed, const int32_t* fresh, Clusters<T>& clusters,
                 int worker) {
    const int64_t number = block.first_leaf + leaf;
    const int32_t* labels = &labels_[number * leaf_rows];
    unwritten_[number] = 1;
    changed &= (1u << block.rows_in(leaf)) - 1;
    if (!problem_.rows.copies) clusters.count_moved(worker, std::popcount(changed));
    while (changed) {
        const int first = std::countr_zero(changed);
        const int32_t from = labels[first], to = fresh[first];
        uint32_t rows = 0;
        for (uint32_t rest = changed; rest; rest &= rest - 1) {
            const int r = std::countr_zero(rest);
            if (labels[r] == from && fresh[r] == to) rows |= 1u << r;
        }
        changed &= ~rows;
        if (problem_.rows.weights || problem_.rows.copies) {
            move_singly(number, rows, from, to, clusters, worker);
            continue;
        }
        int64_t sums[max_leaf_columns];
        kernel_.leaf_sum(tree_.leaf(number), tree_.d, problem_.frame.shift.data(), problem_.frame.grid.data(), rows, sums);
        clusters.part(worker).move_together(from, to, sums, std::popcount(rows));
    }
}

template <class T>
void Kd<T>::move_singly(int64_t leaf, uint32_t rows, int from, int to, Clusters<T>& clusters, int worker) {
    for (; rows; rows &= rows - 1) {
        const int64_t row = tree_.order[leaf * leaf_rows + std::countr_zero(rows)];
        if (problem_.rows.copies) clusters.count_moved(worker, problem_.rows.count(row));
        if (problem_.rows.weight(row) == 0) continue;
        if (from >= 0) clusters.part(worker).take(from, row);
        clusters.part(worker).add(to, row);
    }
}

template <class T>
int64_t Kd<T>::bytes() const {
    int64_t all = tree_.leaves * static_cast<int64_t>(leaf_rows * sizeof(int32_t) + sizeof(uint32_t) + 1);
    for (const auto* lists : {&groups_, &blocks_})
        for (const KdList& list : *lists) all += list.bytes();
    return tree_.bytes() + std::max(all, tree_.bytes_beside);
}

template <class T>
Tally Kd<T>::tally() const {
    Tally all;
    for (const Worker& worker : workers_) all.screened += worker.all_leaves * leaf_rows;
    all.decided = all.screened; // in float64 at once
    return all;
}

template class Kd<float>;
template class Kd<double>;
template class Kd<uint8_t>;

} // namespace kmosaic
