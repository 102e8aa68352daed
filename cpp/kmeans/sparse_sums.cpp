#include "sparse_sums.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace kmosaic {

template <class T>
Sums<Sparse<T>>::Sums(int k, int64_t d, const Frame<Sparse<T>>& frame, const Kernels& kernels, bool weighted)
    : k_(k), d_(d), frame_(frame), kernels_(kernels), weighted_(weighted), weight_grid_(frame.largest_weight), pending_(k),
      weight_{std::vector<Wide>(k), std::vector<Wide>(k)} {}

template <class T>
void Sums<Sparse<T>>::widen() {
    if (!column_.empty()) return;
    if (weighted_) {
        for (auto& half : wide_) half.resize(k_ * d_);
    } else {
        sum_.resize(k_ * d_);
        beyond_.resize(k_ * frame_.crowded.size());
    }
    column_.resize(d_);
    slot_.resize(d_);
    zeros_.resize(d_);
    inverse_grid_.resize(d_);
    for (int64_t j = 0; j < d_; ++j) {
        column_[j] = {frame_.shift[j], static_cast<int16_t>(std::ilogb(frame_.grid[j])), false};
        zeros_[j] = static_cast<double>(on_grid(0, column_[j]));
        inverse_grid_[j] = 1 / frame_.grid[j];
    }
    for (size_t i = 0; i < frame_.crowded.size(); ++i) {
        column_[frame_.crowded[i]].crowded = true;
        slot_[frame_.crowded[i]] = static_cast<int32_t>(i);
    }
}

// round((value - shift) * grid), the same operations as in the kernel accumulate().
template <class T>
int64_t Sums<Sparse<T>>::on_grid(double value, const Column& column) {
    constexpr double magic = 0x1.8p52; // its sum with |v| < 2^51 has the rounded v in its low bits
    const auto exponent = static_cast<uint64_t>(1023 + column.grid) << 52;
    double grid;
    std::memcpy(&grid, &exponent, sizeof grid);
    const double v = (value - static_cast<double>(column.shift)) * grid + magic;
    int64_t bits, none;
    std::memcpy(&bits, &v, sizeof bits);
    std::memcpy(&none, &magic, sizeof none);
    return bits - none;
}

template <class T>
int64_t Sums<Sparse<T>>::beyond_at(int cluster, int64_t j) const {
    return cluster * static_cast<int64_t>(frame_.crowded.size()) + slot_[j];
}

template <class T>
void Sums<Sparse<T>>::note(int cluster, const SparseRow<T>& row, double weight, int sign) {
    pending_[cluster].push_back({row, sign * weight});
    if (!weighted_) {
        weight_[1][cluster] += sign;
        return;
    }
    const auto [high, low] = weight_grid_.halves(weight);
    weight_[0][cluster] += sign * high;
    weight_[1][cluster] += sign * low;
}

template <class T>
void Sums<Sparse<T>>::add_weighted(int cluster, const SparseRow<T>& x, double weight) {
    const int sign = weight > 0 ? 1 : -1;
    const auto [high, low] = weight_grid_.halves(std::abs(weight));
    for (int64_t p = 0; p < x.count; ++p) {
        const Column column = column_[x.columns[p]];
        const int64_t at = cluster * d_ + x.columns[p];
        const int64_t q = sign * (on_grid(static_cast<double>(x.values[p]), column) - on_grid(0, column));
        wide_[0][at] += static_cast<Wide>(high) * q;
        wide_[1][at] += static_cast<Wide>(low) * q;
    }
}

template <class T>
void Sums<Sparse<T>>::add(int64_t* sums, int cluster, const SparseRow<T>& x, int sign) {
    constexpr int64_t low_bits = (int64_t(1) << sum_low_bits) - 1;
    for (int64_t p = 0; p < x.count; ++p) {
        const int64_t j = x.columns[p];
        const Column column = column_[j];
        const int64_t q = on_grid(static_cast<double>(x.values[p]), column) - on_grid(0, column);
        if (column.crowded) {
            sums[j] += sign * (q & low_bits);
            beyond_[beyond_at(cluster, j)] += sign * (q >> sum_low_bits);
        } else {
            sums[j] += sign * q;
        }
    }
}

// What the row stores in a slice of the columns.
template <class T>
SparseRow<T> Sums<Sparse<T>>::within(const SparseRow<T>& x, int slice) const {
    const int32_t* end = x.columns + x.count;
    const int32_t* from = slice == 0 ? x.columns : std::lower_bound(x.columns, end, d_ * slice / slices);
    const int32_t* to = slice + 1 == slices ? end : std::lower_bound(from, end, d_ * (slice + 1) / slices);
    return {x.values + (from - x.columns), from, to - from};
}

template <class T>
void Sums<Sparse<T>>::carry_out(int cluster, const std::vector<Change>& changes, int slice) {
    int64_t* sums = sum_.data() + cluster * d_;
    for (size_t i = 0; i < changes.size(); ++i) {
        const Change& change = changes[i];
        if (i + 1 < changes.size()) changes[i + 1].row.fetch(); // rows of a cluster lie far apart
        const SparseRow<T> x = within(change.row, slice);
        if (weighted_) add_weighted(cluster, x, change.weight);
        else add(sums, cluster, x, change.weight > 0 ? 1 : -1);
    }
}

template <class T>
bool Sums<Sparse<T>>::absorb(int cluster, Sums& part) {
    if (part.pending_[cluster].empty()) return false;
    part.pending_[cluster].clear();
    for (int half = 0; half < 2; ++half) weight_[half][cluster] += std::exchange(part.weight_[half][cluster], 0);
    return true;
}

template <class T>
void Sums<Sparse<T>>::settle() {
    for (int cluster = 0; cluster < k_; ++cluster) {
        for (int slice = 0; slice < slices; ++slice) carry_out(cluster, pending_[cluster], slice);
        pending_[cluster].clear();
    }
}

template <class T>
Wide Sums<Sparse<T>>::exact_weight_of(double weight) const {
    if (!weighted_) return 1;
    const auto [high, low] = weight_grid_.halves(weight);
    return (static_cast<Wide>(high) << WeightGrid::low_bits) + low;
}

// Whether the kernels may do it: no weights, and so few rows that float64 holds what they multiply by it.
template <class T>
bool Sums<Sparse<T>>::cut(int cluster) const {
    return !weighted_ && weight_[1][cluster] < Wide(1) << 26;
}

template <class T>
void Sums<Sparse<T>>::set(Part& part, int cluster, int64_t begin, int64_t end) const {
    part.columns = {sum_.data() + cluster * d_ + begin, part.beyond, zeros_.data() + begin, inverse_grid_.data() + begin,
                    frame_.shift.data() + begin};
    std::fill_n(part.beyond, end - begin, 0.0);
    const auto first = std::lower_bound(frame_.crowded.begin(), frame_.crowded.end(), begin);
    for (auto at = first; at != frame_.crowded.end() && *at < end; ++at)
        part.beyond[*at - begin] = static_cast<double>(beyond_[beyond_at(cluster, *at)]);
}

// The sum of column j: that of the dense rows, or without what the zeros add.
template <class T>
double Sums<Sparse<T>>::sum(int cluster, int64_t j, bool zeros) const {
    const int64_t at = cluster * d_ + j;
    const Wide zero = zeros ? on_grid(0, column_[j]) : 0;
    if (weighted_) return combined(wide_[0][at] + weight_[0][cluster] * zero, wide_[1][at] + weight_[1][cluster] * zero);
    const Wide beyond = column_[j].crowded ? beyond_[beyond_at(cluster, j)] : 0;
    return static_cast<double>(sum_[at] + (beyond << sum_low_bits) + weight_[1][cluster] * zero);
}

template <class T>
void Sums<Sparse<T>>::mean(int cluster, int64_t begin, int64_t end, double* mean) const {
    const double weight = static_cast<double>(exact_weight(cluster));
    if (cut(cluster)) {
        Part part;
        for (; begin < end; mean += some, begin += some) {
            set(part, cluster, begin, std::min(begin + some, end));
            SparseKernelsOf<T>::of(kernels_).means(part.columns, weight, std::min(some, end - begin), mean);
        }
        return;
    }
    for (int64_t j = begin; j < end; ++j) {
        const double offset = sum(cluster, j, true) / weight * inverse_grid_[j];
        mean[j - begin] = static_cast<double>(static_cast<T>(static_cast<double>(frame_.shift[j]) + offset));
    }
}

template <class T>
double Sums<Sparse<T>>::off_spread(int cluster, int64_t begin, int64_t end, const double* center) const {
    const double unit = weighted_ ? weight_grid_.unit() : 1.0;
    const double weight = static_cast<double>(exact_weight(cluster)) * unit;
    double off = 0;
    if (cut(cluster)) {
        Part part;
        for (; begin < end; begin += some) {
            set(part, cluster, begin, std::min(begin + some, end));
            off += kernels_.off_spread(part.columns.sums, part.beyond, part.columns.inverse_grid, center + begin, weight,
                                       std::min(some, end - begin));
        }
        return off;
    }
    for (int64_t j = begin; j < end; ++j)
        off += center[j] * (2 * unit * sum(cluster, j, false) * inverse_grid_[j] - weight * center[j]);
    return off;
}

template class Sums<Sparse<float>>;
template class Sums<Sparse<double>>;

} // namespace kmosaic
