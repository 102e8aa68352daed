#include "sums.hpp"

#include <algorithm>
#include <utility>

namespace kmosaic {
namespace {

// Rows that may be added or taken away before 51-bit values could overflow 63 bits.
constexpr int spill_after = 2048;

} // namespace

double combined(Wide high, Wide low) {
    constexpr int bits = WeightGrid::low_bits;
    const Wide whole = high + (low >> bits);
    const Wide rest = low & ((Wide(1) << bits) - 1);
    const Wide limit = Wide(1) << 100;
    if (whole < limit && whole > -limit) return static_cast<double>((whole << bits) + rest);
    // Over 100 bits are left above the cut: a sticky last bit is all that the rounding needs to know of the rest.
    return std::ldexp(static_cast<double>(whole | (rest != 0)), bits);
}

template <class T>
Sums<T>::Sums(int k, const Rows<T>& rows, const Frame<T>& frame, const Kernels& kernels)
    : k_(k), d_(rows.d), rows_(rows), frame_(frame), kernel_(RowKernelsOf<T>::of(kernels)), weighted_(rows.weights != nullptr),
      weight_grid_(frame.largest_weight), pending_(k),
      weight_{std::vector<Wide>(k), std::vector<Wide>(k)}, touched_(k) {
    if (!weighted_) return;
    for (auto& half : sum_) half.resize(k_ * d_);
}

template <class T>
void Sums<T>::change(int cluster, int64_t row, int times) {
    touched_[cluster] = 1;
    if (weighted_) return change_weighted(cluster, rows_.row(row), rows_.weights[row], times);
    if (times != 1 && times != -1) return change_often(cluster, rows_.row(row), times);
    if (near_.empty()) near_.resize(k_ * d_); // not every worker comes to this
    kernel_.accumulate(rows_.row(row), d_, frame_.shift.data(), frame_.grid.data(), times, &near_[cluster * d_]);
    weight_[1][cluster] += times;
    if (++pending_[cluster] == spill_after) spill(cluster);
}

template <class T>
void Sums<T>::change_weight(int cluster, int64_t row, double weight, int sign) {
    if (weighted_) change_weighted(cluster, rows_.row(row), weight, sign);
    else change(cluster, row, sign * rows_.count(row));
}

template <class T>
void Sums<T>::change_weighted(int cluster, const T* row, double weight, int times) {
    const auto [high, low] = weight_grid_.halves(weight);
    one_.assign(d_, 0);
    kernel_.accumulate(row, d_, frame_.shift.data(), frame_.grid.data(), times, one_.data());
    for (int64_t j = 0; j < d_; ++j) {
        sum_[0][cluster * d_ + j] += static_cast<Wide>(high) * one_[j];
        sum_[1][cluster * d_ + j] += static_cast<Wide>(low) * one_[j];
    }
    weight_[0][cluster] += times * high;
    weight_[1][cluster] += times * low;
}

template <class T>
void Sums<T>::change_often(int cluster, const T* row, int times) {
    one_.assign(d_, 0);
    kernel_.accumulate(row, d_, frame_.shift.data(), frame_.grid.data(), 1, one_.data());
    if (sum_[0].empty()) sum_[0].resize(k_ * d_);
    for (int64_t j = 0; j < d_; ++j) sum_[0][cluster * d_ + j] += static_cast<Wide>(one_[j]) * times;
    weight_[1][cluster] += times;
}

template <class T>
void Sums<T>::move_together(int from, int to, const int64_t* sums, int rows) {
    if (from >= 0) change_together(from, sums, rows, -1);
    change_together(to, sums, rows, 1);
}

template <class T>
void Sums<T>::change_together(int cluster, const int64_t* sums, int rows, int sign) {
    touched_[cluster] = 1;
    if (near_.empty()) near_.resize(k_ * d_);
    for (int64_t j = 0; j < d_; ++j) near_[cluster * d_ + j] += sign * sums[j];
    weight_[1][cluster] += sign * rows;
    pending_[cluster] += rows;
    if (pending_[cluster] >= spill_after) spill(cluster);
}

template <class T>
void Sums<T>::spill(int cluster) {
    if (!pending_[cluster]) return;
    if (sum_[0].empty()) sum_[0].resize(k_ * d_); // the sums of a worker seldom need it
    for (int64_t at = cluster * d_; at < (cluster + 1) * d_; ++at) {
        sum_[0][at] += near_[at];
        near_[at] = 0;
    }
    pending_[cluster] = 0;
}

template <class T>
void Sums<T>::settle() {
    for (int cluster = 0; cluster < k_; ++cluster) spill(cluster);
}

// Add a cluster's row of `from`, which may be empty, and leave zeros there.
template <class T>
template <class From>
void Sums<T>::move_in(int half, int cluster, std::vector<From>& from) {
    if (from.empty()) return;
    if (sum_[half].empty()) sum_[half].resize(k_ * d_);
    for (int64_t at = cluster * d_; at < (cluster + 1) * d_; ++at) sum_[half][at] += std::exchange(from[at], 0);
}

template <class T>
bool Sums<T>::absorb(int cluster, Sums& part) {
    if (!part.touched_[cluster]) return false;
    part.touched_[cluster] = 0;
    for (int half = 0; half < 2; ++half) {
        weight_[half][cluster] += std::exchange(part.weight_[half][cluster], 0);
        move_in(half, cluster, part.sum_[half]);
    }
    if (std::exchange(part.pending_[cluster], 0)) move_in(0, cluster, part.near_);
    return true;
}

template <class T>
std::vector<char> Sums<T>::absorb(const std::vector<Sums*>& parts, int threads, const Poll& poll) {
    if (sum_[0].empty()) sum_[0].resize(k_ * d_); // so that different clusters can be absorbed at once
    std::vector<char> came(k_);
    threads = worth_threads(2.0 * k_ * static_cast<double>(d_), threads);
    const Blocks blocks = cut(k_, 4.0 * static_cast<double>(d_), threads, 1);
    parallel(threads, blocks.count, [&](int, int64_t block) {
        for (auto c = static_cast<int>(blocks.begin(block)); c < blocks.end(block); ++c)
            for (Sums* part : parts) came[c] |= absorb(c, *part);
    }, poll);
    return came;
}

template <class T>
Wide Sums<T>::exact_weight_of(double weight) const {
    if (!weighted_) return 1;
    const auto [high, low] = weight_grid_.halves(weight);
    return (static_cast<Wide>(high) << WeightGrid::low_bits) + low;
}

template <class T>
double Sums<T>::sum(int64_t at) const {
    if (weighted_) return combined(sum_[0][at], sum_[1][at]);
    const Wide all = sum_[0][at];
    const auto low = static_cast<int64_t>(all);
    return low == all ? static_cast<double>(low) : static_cast<double>(all); // the short way gives the same number
}

// Not rounded to Held<T>. What Halves::over() gives of a sum without weights, in a third of the time.
template <class T>
double Sums<T>::mean_at(int cluster, int64_t j, double inverse) const {
    const int64_t at = cluster * d_ + j;
    double offset;
    if (weighted_) {
        offset = Halves{sum_[0][at], sum_[1][at]}.over({weight_[0][cluster], weight_[1][cluster]}, inverse);
    } else {
        const double whole = nearest_whole(sum(at) * inverse);
        const Wide left = sum_[0][at] - weight_[1][cluster] * static_cast<int64_t>(whole); // less than twice the rows
        offset = whole + static_cast<double>(static_cast<int64_t>(left)) * inverse;
    }
    return static_cast<double>(frame_.shift[j]) + offset * inverse_of_power(frame_.grid[j]);
}

template <class T>
void Sums<T>::mean(int cluster, int64_t begin, int64_t end, double* mean) const {
    const double inverse = 1 / static_cast<double>(exact_weight(cluster));
    for (int64_t j = begin; j < end; ++j) mean[j - begin] = static_cast<double>(static_cast<Held<T>>(mean_at(cluster, j, inverse)));
}

template <class T>
CenterStep Sums<T>::move(int cluster, int64_t begin, int64_t end, double* center) const {
    const double inverse = 1 / static_cast<double>(exact_weight(cluster)), unit = weighted_ ? weight_grid_.unit() : 1.0;
    RunningSteps steps;
    for (int64_t j = begin; j < end; ++j) {
        const auto after = static_cast<double>(static_cast<Held<T>>(mean_at(cluster, j, inverse)));
        const double twice = 2 * unit * sum(cluster * d_ + j) * inverse_of_power(frame_.grid[j]);
        steps.add(j - begin, center[j], after, static_cast<double>(frame_.shift[j]), twice, weight(cluster));
        center[j] = after;
    }
    return steps.all();
}

template <class T>
double Sums<T>::off_spread(int cluster, int64_t begin, int64_t end, const double* center) const {
    const double unit = weighted_ ? weight_grid_.unit() : 1.0;
    const double weight = static_cast<double>(exact_weight(cluster)) * unit;
    double off = 0;
    for (int64_t j = begin; j < end; ++j) {
        const double offset = center[j] - static_cast<double>(frame_.shift[j]);
        off += offset * (2 * unit * sum(cluster * d_ + j) * inverse_of_power(frame_.grid[j]) - weight * offset);
    }
    return off;
}

template <class T>
double Sums<T>::squared_offset(int cluster) const {
    const double weight = static_cast<double>(exact_weight(cluster));
    double squared = 0;
    for (int64_t j = 0; j < d_; ++j) {
        const double offset = sum(cluster * d_ + j) / weight * inverse_of_power(frame_.grid[j]);
        squared += offset * offset;
    }
    return squared;
}

template class Sums<uint8_t>;
template class Sums<float>;
template class Sums<double>;

} // namespace kmosaic
