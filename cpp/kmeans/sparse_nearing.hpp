// Where sparse rows stand to the centers so far, while centers come several at a time: what nearing.hpp is for dense rows.
#pragma once

#include "sampling.hpp"
#include "sparse_screen.hpp"

#include <algorithm>
#include <vector>

namespace kmosaic {

// Several rows written out side by side, for products with all others.
template <class T>
class WrittenOut {
public:
    WrittenOut(const Rows<Sparse<T>>& rows, const Kernels& kernels, int most)
        : rows_(rows), kernel_(SparseKernelsOf<T>::of(kernels)),
          panels_((most + dots_width - 1) / dots_width) {
        for (auto& panel : panels_) panel.resize(rows.d * dots_width);
    }

    void set(const std::vector<int64_t>& candidates) {
        put(false);
        candidates_ = candidates;
        put(true);
    }

    int count() const { return static_cast<int>(candidates_.size()); }
    int64_t row(int c) const { return candidates_[c]; }

    // dots[c] = row times candidate c, up to the next multiple of dots_width.
    void multiply(int64_t row, double* dots) const {
        const SparseRow<T> x = rows_.row(row);
        for (int first = 0; first < count(); first += dots_width)
            kernel_.dots(x.values, x.columns, x.count, panels_[first / dots_width].data(), dots + first);
    }

private:
    void put(bool values) {
        for (int c = 0; c < count(); ++c) {
            const SparseRow<T> x = rows_.row(candidates_[c]);
            for (int64_t p = 0; p < x.count; ++p)
                panels_[c / dots_width][int64_t(x.columns[p]) * dots_width + c % dots_width] =
                    values ? static_cast<double>(x.values[p]) : 0.0;
        }
    }

    const Rows<Sparse<T>>& rows_;
    const SparseKernels<T>& kernel_;
    std::vector<std::vector<double>> panels_;
    std::vector<int64_t> candidates_;
};

// |x - y|^2 column by column: zero for copies.
template <class T>
double difference(const SparseRow<T>& x, const SparseRow<T>& y) {
    double squared = 0;
    for (int64_t p = 0, q = 0; p < x.count || q < y.count;) {
        const bool from_x = p < x.count && (q >= y.count || x.columns[p] <= y.columns[q]);
        const bool from_y = q < y.count && (p >= x.count || y.columns[q] <= x.columns[p]);
        const double left = from_x ? static_cast<double>(x.values[p++]) : 0.0;
        const double right = from_y ? static_cast<double>(y.values[q++]) : 0.0;
        squared += (left - right) * (left - right);
    }
    return squared;
}

// How far every row is from the nearest of the centers so far, and which of several candidates brings them nearer.
// Potentials are exact integer sums, so no draw depends on blocks or threads; distances come from float64 products in a
// fixed order.
template <class T>
class SparseNearing {
public:
    static constexpr int together = 2 * dots_width; // centers that come at a time, where none are compared

    SparseNearing(const Rows<Sparse<T>>& rows, const Frame<Sparse<T>>& frame, const Kernels& kernels,
                  const ContentOrder<Sparse<T>>& order, int trials, int threads, const Poll& poll)
        : rows_(rows), poll_(poll),
          threads_(worth_threads(16.0 * static_cast<double>(rows.stored() + rows.n), threads)),
          blocks_(cut(rows.n, 16.0 * rows.width(), threads_, 16)),
          padded_((trials + dots_width - 1) / dots_width * dots_width),
          potential_(rows, order, frame.largest_weight, threads_, poll), candidates_(rows, kernels, trials),
          squared_(rows.n) {
        parallel(threads_, blocks_.count, [&](int, int64_t block) {
            for (int64_t i = blocks_.begin(block); i < blocks_.end(block); ++i)
                squared_[i] = difference(rows_.row(i), SparseRow<T>{nullptr, nullptr, 0});
        }, poll_);
    }

    const Potential<Sparse<T>>& potential() const { return potential_; }

    // From now on the number of its nearest center is known of each row. Before first().
    void keep_nearest() { nearest_.resize(rows_.n); }
    int32_t nearest(int64_t row) const { return nearest_[row]; }

    void first(int64_t row) {
        each_measured({row}, [&](int, int64_t i, const double* distance) { potential_.set_first(i, distance[0]); });
        potential_.start();
        count_ = 1;
    }

    // More centers. Of equally near ones the first counts.
    void add(const std::vector<int64_t>& centers) {
        for (size_t from = 0; from < centers.size(); from += together) {
            const size_t to = std::min(from + together, centers.size());
            add_some({centers.begin() + static_cast<int64_t>(from), centers.begin() + static_cast<int64_t>(to)});
        }
        potential_.settle();
    }

    // The distance to the nearest of all centers of a row that knows those before centers[from].
    double nearest_of(int64_t row, const std::vector<int64_t>& centers, size_t from) const {
        double closest = potential_.closest(row);
        for (size_t c = from; c < centers.size(); ++c)
            closest = std::min(closest, difference(rows_.row(row), rows_.row(centers[c])));
        return closest;
    }

    // Take the candidate that leaves the smallest potential; the first of equals.
    int64_t keep_best(const std::vector<int64_t>& candidates) {
        look(candidates);
        std::vector<std::vector<Wide>> gain(threads_, std::vector<Wide>(candidates.size()));
        each_row([&](int worker, int64_t i) {
            const double* distance = distance_.data() + i * padded_;
            for (size_t c = 0; c < candidates.size(); ++c)
                if (distance[c] < potential_.closest(i)) gain[worker][c] += potential_.gain(i, distance[c]);
        });
        for (int worker = 1; worker < threads_; ++worker)
            for (size_t c = 0; c < candidates.size(); ++c) gain[0][c] += gain[worker][c];
        const auto best = std::max_element(gain[0].begin(), gain[0].end()) - gain[0].begin();
        take(best);
        return candidates[best];
    }

private:
    template <class Work>
    void each_row(Work work) {
        parallel(threads_, blocks_.count, [&](int worker, int64_t block) {
            for (int64_t i = blocks_.begin(block); i < blocks_.end(block); ++i)
                if (rows_.weight(i) > 0) work(worker, i);
        }, poll_);
    }

    // work(worker, row, squared distances to these rows) for each row that has a weight.
    template <class Work>
    void each_measured(const std::vector<int64_t>& others, Work work) {
        // What cancels to less than this share of the squared lengths is taken from the difference itself.
        constexpr double clear = 0x1p-20;
        candidates_.set(others);
        each_row([&](int worker, int64_t i) {
            double distance[most_trials];
            candidates_.multiply(i, distance);
            for (int c = 0; c < candidates_.count(); ++c) {
                const int64_t other = candidates_.row(c);
                const double both = squared_[i] + squared_[other], apart = both - 2 * distance[c];
                distance[c] = apart > both * clear ? apart : difference(rows_.row(i), rows_.row(other));
            }
            work(worker, i, distance);
        });
    }

    void add_some(const std::vector<int64_t>& centers) {
        each_measured(centers, [&](int worker, int64_t i, const double* distance) {
            const double* least = std::min_element(distance, distance + centers.size());
            if (!(*least < potential_.closest(i))) return;
            potential_.set(worker, i, *least);
            if (!nearest_.empty()) nearest_[i] = count_ + static_cast<int32_t>(least - distance);
        });
        count_ += static_cast<int32_t>(centers.size());
    }

    void look(const std::vector<int64_t>& candidates) {
        distance_.resize(rows_.n * padded_);
        each_measured(candidates, [&](int, int64_t i, const double* distance) {
            std::copy(distance, distance + candidates.size(), distance_.data() + i * padded_);
        });
    }

    void take(int64_t candidate) {
        each_row([&](int worker, int64_t i) {
            const double distance = distance_[i * padded_ + candidate];
            if (distance < potential_.closest(i)) potential_.set(worker, i, distance);
        });
        potential_.settle();
    }

    const Rows<Sparse<T>>& rows_;
    const Poll& poll_;
    int threads_;
    Blocks blocks_;
    int64_t padded_;
    Potential<Sparse<T>> potential_;
    WrittenOut<T> candidates_;
    int32_t count_ = 0;            // of centers
    std::vector<int32_t> nearest_; // (n) or none
    std::vector<double> squared_;  // (n) |x|^2
    std::vector<double> distance_; // (n, padded) to each candidate, squared; only where candidates are compared
};

} // namespace kmosaic
