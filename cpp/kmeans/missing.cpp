#include "missing.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace kmosaic {

template <class T>
Sums<Missing<T>>::Sums(int k, const Rows<Missing<T>>& rows, const Frame<Missing<T>>& frame, const Kernels& kernels)
    : k_(k), d_(rows.d), rows_(rows), frame_(frame), kernel_(RowKernelsOf<T>::of(kernels)), grid_(frame.largest_weight),
      rows_weight_(k), touched_(k) {}

template <class T>
void Sums<Missing<T>>::change_weight(int cluster, int64_t row, double weight, int sign) {
    const auto [high, low] = grid_.halves(weight);
    const Halves part{Wide(sign) * high, Wide(sign) * low};
    const T* x = rows_.row(row);
    if (columns_.empty()) columns_.resize(k_ * d_);
    one_.assign(d_, 0);
    kernel_.accumulate(x, d_, frame_.shift.data(), frame_.grid.data(), 1, one_.data()); // means nothing where x is missing
    for (int64_t j = 0; j < d_; ++j) {
        if (std::isnan(x[j])) continue;
        Column& column = columns_[cluster * d_ + j];
        column.sum += {part.high * one_[j], part.low * one_[j]};
        column.weight += part;
    }
    rows_weight_[cluster] += part;
    touched_[cluster] = 1;
}

template <class T>
std::vector<char> Sums<Missing<T>>::absorb(const std::vector<Sums*>& parts, int threads, const Poll& poll) {
    if (columns_.empty()) columns_.resize(k_ * d_);
    std::vector<char> came(k_);
    threads = worth_threads(4.0 * k_ * static_cast<double>(d_), threads);
    const Blocks blocks = cut(k_, 8.0 * static_cast<double>(d_), threads, 1);
    parallel(threads, blocks.count, [&](int, int64_t block) {
        for (auto c = static_cast<int>(blocks.begin(block)); c < blocks.end(block); ++c)
            for (Sums* part : parts) {
                if (!std::exchange(part->touched_[c], 0)) continue;
                came[c] = 1;
                rows_weight_[c] += std::exchange(part->rows_weight_[c], {});
                for (int64_t at = c * d_; at < (c + 1) * d_; ++at) {
                    columns_[at].sum += std::exchange(part->columns_[at].sum, {});
                    columns_[at].weight += std::exchange(part->columns_[at].weight, {});
                }
            }
    }, poll);
    return came;
}

template <class T>
Wide Sums<Missing<T>>::exact_weight_of(double weight) const {
    const auto [high, low] = grid_.halves(weight);
    return Halves{high, low}.joined();
}

// Not rounded to T.
template <class T>
double Sums<Missing<T>>::mean_at(int cluster, int64_t j) const {
    const Column& column = at(cluster, j);
    const double offset = column.sum.over(column.weight, 1 / column.weight.value());
    return static_cast<double>(frame_.shift[j]) + offset * inverse_of_power(frame_.grid[j]);
}

template <class T>
void Sums<Missing<T>>::mean(int cluster, int64_t begin, int64_t end, double* mean) const {
    for (int64_t j = begin; j < end; ++j)
        if (known(cluster, j)) mean[j - begin] = static_cast<double>(static_cast<T>(mean_at(cluster, j)));
}

template <class T>
CenterStep Sums<Missing<T>>::move(int cluster, int64_t begin, int64_t end, double* center) const {
    RunningSteps steps;
    for (int64_t j = begin; j < end; ++j) {
        if (!known(cluster, j)) continue;
        const auto after = static_cast<double>(static_cast<T>(mean_at(cluster, j)));
        const double twice = 2 * grid_.unit() * at(cluster, j).sum.value() * inverse_of_power(frame_.grid[j]);
        const double weight = at(cluster, j).weight.value() * grid_.unit();
        steps.add(j - begin, center[j], after, static_cast<double>(frame_.shift[j]), twice, weight);
        center[j] = after;
    }
    return steps.all();
}

template <class T>
double Sums<Missing<T>>::off_spread(int cluster, int64_t begin, int64_t end, const double* center) const {
    double off = 0;
    for (int64_t j = begin; j < end && !columns_.empty(); ++j) {
        const Column& column = at(cluster, j);
        const double offset = center[j] - static_cast<double>(frame_.shift[j]);
        off += offset * grid_.unit() * (2 * column.sum.value() * inverse_of_power(frame_.grid[j]) - column.weight.value() * offset);
    }
    return off;
}

template <class T>
double Sums<Missing<T>>::known_weight(int cluster) const {
    double all = 0;
    for (int64_t j = 0; j < d_ && !columns_.empty(); ++j) all += at(cluster, j).weight.value() * grid_.unit();
    return all;
}

template <class T>
void MissingStep<T>::assign(const Centers& centers, Clusters<Missing<T>>& clusters) {
    const Rows<Missing<T>>& rows = problem_.rows;
    const RowDistance<Missing<T>> distance(rows, problem_.kernels);
    const double operations = 3.0 * static_cast<double>(rows.d) * centers.k;
    const int threads = worth_threads(operations * static_cast<double>(rows.n), problem_.threads);
    const Blocks blocks = cut(rows.n, operations, threads, 1);
    parallel(threads, blocks.count, [&](int worker, int64_t block) {
        for (int64_t i = blocks.begin(block); i < blocks.end(block); ++i) {
            clusters.move(worker, i, least_of(centers.k, [&](int c) { return distance(i, centers.center(c)); }).first);
        }
    }, problem_.poll);
    tally_.screened += rows.n;
    tally_.decided += rows.n;
}

// The kernel range() passes over NaN: it is neither less nor more.
template <class T>
Frame<Missing<T>> measure(const Rows<Missing<T>>& rows, const Kernels& kernels, int, const Poll& poll) {
    const auto& kernel = RowKernelsOf<T>::of(kernels);
    std::vector<T> low(rows.d, std::numeric_limits<T>::max()), high(rows.d, std::numeric_limits<T>::lowest());
    std::vector<T> lowest = low, highest = high; // of all rows, whatever their weight
    double largest_weight = 0;
    for (int64_t i = 0; i < rows.n; ++i) {
        kernel.range(rows.row(i), rows.d, lowest.data(), highest.data());
        if (rows.weight(i) > 0) kernel.range(rows.row(i), rows.d, low.data(), high.data());
        largest_weight = std::max(largest_weight, rows.weight(i));
        if (i % 65536 == 0 && poll) poll();
    }
    bool finite = true;
    for (int64_t j = 0; j < rows.d; ++j) {
        finite &= !std::isinf(lowest[j]) && !std::isinf(highest[j]);
        if (low[j] > high[j]) low[j] = high[j] = 0; // no row is known here
    }
    return frame_of<Missing<T>>(low, high, largest_weight, finite);
}

template <class T>
Moments moments_of(const Rows<Missing<T>>& rows, const Frame<Missing<T>>& frame, const Kernels& kernels, int threads, const Poll& poll) {
    const std::vector<double> middle(frame.shift.begin(), frame.shift.end());
    const auto [sums, spread] = look_at_all(rows, frame, middle, kernels, threads, poll);
    Moments found{middle, spread.value(), 0, spread.least_inertia()};
    if (sums.empty(0) || !(sums.known_weight(0) > 0)) return found;
    sums.mean(0, 0, rows.d, found.mean.data());
    found.variance = std::max(0.0, found.spread - sums.off_spread(0, 0, rows.d, found.mean.data())) / sums.known_weight(0);
    return found;
}

template class Sums<Missing<float>>;
template class Sums<Missing<double>>;
template class MissingStep<float>;
template class MissingStep<double>;
template Frame<Missing<float>> measure(const Rows<Missing<float>>&, const Kernels&, int, const Poll&);
template Frame<Missing<double>> measure(const Rows<Missing<double>>&, const Kernels&, int, const Poll&);
template Moments moments_of(const Rows<Missing<float>>&, const Frame<Missing<float>>&, const Kernels&, int, const Poll&);
template Moments moments_of(const Rows<Missing<double>>&, const Frame<Missing<double>>&, const Kernels&, int, const Poll&);

} // namespace kmosaic
