#include "aside.hpp"

#include "missing.hpp"
#include "to_centers.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace kmosaic {

template <class T>
Aside<T>::Aside(const Problem<T>& problem, double most) : problem_(problem), most_(most) {
    if (!wanted()) return;
    distance_.resize(problem.rows.n);
    for (int64_t i = 0; i < problem.rows.n; ++i)
        if (problem.rows.weight(i) > 0) order_.push_back(i);
}

template <class T>
void Aside<T>::put_back(Clusters<T>& clusters) {
    for (size_t i = 0; i < rows_.size(); ++i) clusters.change_weight(rows_[i], part_of(i), 1);
    clusters.settle();
    rows_.clear();
}

template <class T>
int64_t Aside<T>::set_aside(const Centers& centers, Clusters<T>& clusters) {
    measure(centers, clusters.labels());
    choose();
    if (!ToCenters<T>::exact && !rows_.empty()) {
        refine(centers, clusters.labels());
        choose();
    }
    for (size_t i = 0; i < rows_.size(); ++i) clusters.change_weight(rows_[i], part_of(i), -1);
    clusters.settle();
    inertia_ = sum_up(centers);
    return note_changes();
}

template <class T>
int64_t Aside<T>::note_changes() {
    std::vector<std::pair<int64_t, double>> now, changed;
    for (size_t i = 0; i < rows_.size(); ++i) now.emplace_back(rows_[i], part_of(i));
    std::sort(now.begin(), now.end());
    std::set_symmetric_difference(now.begin(), now.end(), before_.begin(), before_.end(), std::back_inserter(changed));
    before_ = std::move(now);
    const auto same_row = [](const auto& a, const auto& b) { return a.first == b.first; };
    return std::unique(changed.begin(), changed.end(), same_row) - changed.begin();
}

template <class T>
void Aside<T>::measure(const Centers& centers, const std::vector<int32_t>& labels) {
    const double operations = 2.0 * problem_.rows.width();
    const int threads = worth_threads(operations * static_cast<double>(problem_.rows.n), problem_.threads);
    const Blocks blocks = cut(problem_.rows.n, operations, threads, 1);
    ToCenters<T> to(problem_, centers, threads);
    parallel(threads, blocks.count, [&](int worker, int64_t block) {
        for (int64_t i = blocks.begin(block); i < blocks.end(block); ++i) distance_[i] = to(worker, i, labels[i]);
    }, problem_.poll);
}

template <class T>
bool Aside<T>::is_farther(int64_t a, int64_t b) const {
    if (distance_[a] != distance_[b]) return distance_[a] > distance_[b];
    const int order = compare(problem_.rows, a, b);
    return order != 0 ? order < 0 : a < b;
}

// rows_ becomes the farthest, as many as most_ has room for. How many that are is not known before where rows have weights.
template <class T>
void Aside<T>::choose() {
    rows_.clear();
    const auto farther = [this](int64_t a, int64_t b) { return is_farther(a, b); };
    const auto all = static_cast<int64_t>(order_.size());
    double left = most_;
    for (int64_t seen = 0, until = std::min<int64_t>(all, problem_.rows.weights ? 1024 : static_cast<int64_t>(most_)); seen < until;) {
        std::nth_element(order_.begin() + seen, order_.begin() + until - 1, order_.end(), farther);
        std::sort(order_.begin() + seen, order_.begin() + until, farther);
        for (; seen < until; ++seen) {
            const double weight = problem_.rows.weight(order_[seen]);
            constexpr double nothing = 0x1p-30; // of a row: what roundings leave
            if (left <= weight * nothing) return;
            rows_.push_back(order_[seen]);
            last_part_ = left >= weight * (1 - nothing) ? weight : left;
            if (last_part_ < weight) return;
            left -= weight;
        }
        until = problem_.rows.weights ? std::min(all, 2 * until) : until;
    }
}

// Distances that are not exact decide only what is clear: rows nearly as far as the last that was set aside are measured as the
// contract states it. With |x - c|^2 > |c|^2 / 8 the error of a SparseDistance is below 44 (stored + 4) 2^-53 of it.
template <class T>
void Aside<T>::refine(const Centers& centers, const std::vector<int32_t>& labels) {
    RowDistance<T> exact(problem_.rows, problem_.kernels);
    const double limit = distance_[rows_.back()];
    const double near = limit * 0x1p-46 * (4 + static_cast<double>(problem_.rows.d));
    for (const int64_t i : order_)
        if (distance_[i] >= limit - near && distance_[i] <= limit + near) distance_[i] = exact(i, centers.center(labels[i]));
}

template <class T>
double Aside<T>::sum_up(const Centers& centers) const {
    const Rows<T>& rows = problem_.rows;
    ExactSum sum(problem_.frame.nearest_reach(centers.exact) * problem_.frame.largest_weight);
    std::vector<char> aside(rows.n);
    for (const int64_t row : rows_) aside[row] = 1;
    for (const int64_t row : order_)
        if (!aside[row]) sum.add(rows.weight(row) * distance_[row]);
    if (!rows_.empty()) sum.add(weight_left(rows_.back()) * distance_[rows_.back()]);
    return sum.value();
}

template <class T>
std::vector<int64_t> Aside<T>::whole_rows() const {
    std::vector<int64_t> whole = rows_;
    if (!rows_.empty() && weight_left(rows_.back()) > 0) whole.pop_back();
    std::sort(whole.begin(), whole.end());
    return whole;
}

template class Aside<float>;
template class Aside<double>;
template class Aside<uint8_t>;
template class Aside<Sparse<float>>;
template class Aside<Sparse<double>>;
template class Aside<Missing<float>>;
template class Aside<Missing<double>>;

} // namespace kmosaic
