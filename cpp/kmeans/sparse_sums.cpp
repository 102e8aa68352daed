#include "sparse_sums.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace kmosaic {

template <class T>
Sums<Sparse<T>>::Sums(int k, const Rows<Sparse<T>>& rows, const Frame<Sparse<T>>& frame, const Kernels& kernels)
    : k_(k), d_(rows.d), rows_(rows), frame_(frame), columns_(frame.columns), kernels_(kernels),
      weighted_(rows.weights != nullptr), weight_grid_(frame.largest_weight), pending_(k),
      values_(k), weight_{std::vector<Wide>(k), std::vector<Wide>(k)} {}

// Only what is absorbed into needs it.
template <class T>
void Sums<Sparse<T>>::make_room() {
    if (weighted_) {
        for (auto& half : wide_) half.resize(k_ * d_);
    } else {
        sum_.resize(k_ * d_);
        beyond_.resize(k_ * columns_.crowded.size());
    }
}

template <class T>
int64_t Sums<Sparse<T>>::beyond_at(int cluster, int64_t j) const {
    return cluster * static_cast<int64_t>(columns_.crowded.size()) + columns_.place[j];
}

template <class T>
void Sums<Sparse<T>>::note(int cluster, int64_t row, int sign) {
    pending_[cluster].push_back(sign > 0 ? row : ~row);
    values_[cluster] += rows_.row(row).count;
    if (!weighted_) {
        weight_[1][cluster] += sign;
        return;
    }
    const auto [high, low] = weight_grid_.halves(rows_.weights[row]);
    weight_[0][cluster] += sign * high;
    weight_[1][cluster] += sign * low;
}

template <class T>
void Sums<Sparse<T>>::add_weighted(int cluster, const SparseRow<T>& x, double weight, int sign) {
    const auto [high, low] = weight_grid_.halves(weight);
    for (int64_t p = 0; p < x.count; ++p) {
        const int64_t at = cluster * d_ + x.columns[p];
        const int64_t q = sign * columns_.all[x.columns[p]].beyond_base(static_cast<double>(x.values[p]));
        wide_[0][at] += static_cast<Wide>(high) * q;
        wide_[1][at] += static_cast<Wide>(low) * q;
    }
}

template <class T>
void Sums<Sparse<T>>::change_weight(int cluster, int64_t row, double weight, int sign) {
    if (!weighted_) return note(cluster, row, sign);
    const auto [high, low] = weight_grid_.halves(weight);
    add_weighted(cluster, rows_.row(row), weight, sign);
    weight_[0][cluster] += sign * high;
    weight_[1][cluster] += sign * low;
}

template <class T>
void Sums<Sparse<T>>::add(int cluster, const SparseRow<T>& x, int sign) {
    int64_t* sums = sum_.data() + cluster * d_;
    if (columns_.crowded.empty()) {
        SparseKernelsOf<T>::of(kernels_).add(x.values, x.columns, x.count, columns_.all.data(), sign, sums);
        return;
    }
    constexpr int64_t low_bits = (int64_t(1) << sum_low_bits) - 1;
    for (int64_t p = 0; p < x.count; ++p) {
        const int64_t j = x.columns[p];
        const SparseColumn<T> column = columns_.all[j];
        const int64_t q = column.beyond_base(static_cast<double>(x.values[p]));
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
SparseRow<T> Sums<Sparse<T>>::within(const SparseRow<T>& x, const Slice& slice) const {
    if (slice.count == 1) return x;
    const int32_t* end = x.columns + x.count;
    const int32_t* from = std::lower_bound(x.columns, end, d_ * slice.number / slice.count);
    const int32_t* to = std::lower_bound(from, end, d_ * (slice.number + 1) / slice.count);
    return {x.values + (from - x.columns), from, to - from};
}

template <class T>
void Sums<Sparse<T>>::carry_out(const Slice& slice, const std::vector<int64_t>& changes) {
    const auto row_of = [](int64_t change) { return change < 0 ? ~change : change; };
    for (size_t i = 0; i < changes.size(); ++i) {
        if (i + 1 < changes.size()) rows_.row(row_of(changes[i + 1])).fetch(); // rows of a cluster lie far apart
        const int64_t row = row_of(changes[i]);
        const int sign = changes[i] < 0 ? -1 : 1;
        const SparseRow<T> x = within(rows_.row(row), slice);
        if (weighted_) add_weighted(slice.cluster, x, rows_.weights[row], sign);
        else add(slice.cluster, x, sign);
    }
}

// values: of each cluster, that its pending rows store. A cluster that is more than half of what a thread has to do is cut;
// the others are not, since finding what of a row is in a slice takes time.
template <class T>
auto Sums<Sparse<T>>::slices_of(const std::vector<double>& values, double all, int threads) -> std::vector<Slice> {
    constexpr double most = 64;
    std::vector<Slice> slices;
    for (int c = 0; c < static_cast<int>(values.size()); ++c) {
        const double halves = std::ceil(values[c] * 2 * threads / all);
        const int count = threads > 1 ? static_cast<int>(std::min(halves, most)) : 1;
        for (int number = 0; values[c] > 0 && number < count; ++number) slices.push_back({c, number, count});
    }
    return slices;
}

template <class T>
std::vector<char> Sums<Sparse<T>>::absorb(const std::vector<Sums*>& parts, int threads, const Poll& poll) {
    make_room();
    std::vector<double> values(k_);
    for (const Sums* part : parts)
        for (int c = 0; c < k_; ++c) values[c] += static_cast<double>(part->values_[c]);
    const double all = std::accumulate(values.begin(), values.end(), 0.0);
    threads = worth_threads(16 * all, threads);
    const std::vector<Slice> slices = slices_of(values, all, threads);
    parallel(threads, static_cast<int64_t>(slices.size()), [&](int, int64_t i) {
        for (const Sums* part : parts) carry_out(slices[i], part->pending_[slices[i].cluster]);
    }, poll);
    std::vector<char> came(k_);
    for (Sums* part : parts)
        for (int c = 0; c < k_; ++c) {
            came[c] |= !part->pending_[c].empty();
            part->forget_pending(c);
            for (int half = 0; half < 2; ++half) weight_[half][c] += std::exchange(part->weight_[half][c], 0);
        }
    return came;
}

template <class T>
void Sums<Sparse<T>>::settle() {
    for (int cluster = 0; cluster < k_; ++cluster) {
        carry_out({cluster, 0, 1}, pending_[cluster]);
        forget_pending(cluster);
    }
}

// In the first iteration all rows are pending, later few are: their memory is not kept.
template <class T>
void Sums<Sparse<T>>::forget_pending(int cluster) {
    constexpr size_t few = 1024;
    if (pending_[cluster].capacity() > few) pending_[cluster] = {};
    pending_[cluster].clear();
    values_[cluster] = 0;
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
    static constexpr double none[some] = {};
    const auto& crowded = columns_.crowded;
    part.columns = {sum_.data() + cluster * d_ + begin, none, columns_.bases.data() + begin,
                    columns_.inverse_grid.data() + begin, frame_.shift.data() + begin};
    const auto first = std::lower_bound(crowded.begin(), crowded.end(), begin);
    if (first == crowded.end() || *first >= end) return;
    std::fill_n(part.beyond, end - begin, 0.0);
    part.columns.beyond = part.beyond;
    for (auto at = first; at != crowded.end() && *at < end; ++at)
        part.beyond[*at - begin] = static_cast<double>(beyond_[beyond_at(cluster, *at)]);
}

// The center as seen from the base, in `seen` where that is another place.
template <class T>
const double* Sums<Sparse<T>>::from_base(const double* center, int64_t begin, int64_t end, double* seen) const {
    const auto& full = columns_.full;
    auto at = std::lower_bound(full.begin(), full.end(), begin);
    if (at == full.end() || *at >= end) return center + begin;
    std::copy(center + begin, center + end, seen);
    for (; at != full.end() && *at < end; ++at) seen[*at - begin] -= columns_.all[*at].base();
    return seen;
}

// The sum of column j: that of the dense rows, or of what its values are beyond the base.
template <class T>
Halves Sums<Sparse<T>>::parts(int cluster, int64_t j, bool dense) const {
    const int64_t at = cluster * d_ + j;
    const Wide base = dense ? static_cast<int64_t>(columns_.bases[j]) : 0;
    if (weighted_) return {wide_[0][at] + weight_[0][cluster] * base, wide_[1][at] + weight_[1][cluster] * base};
    const Wide beyond = columns_.all[j].crowded ? beyond_[beyond_at(cluster, j)] : 0;
    return {0, sum_[at] + (beyond << sum_low_bits) + weight_[1][cluster] * base};
}

template <class T>
double Sums<Sparse<T>>::sum(int cluster, int64_t j) const {
    if (!weighted_ && !columns_.all[j].crowded) return static_cast<double>(sum_[cluster * d_ + j]); // the short way
    return parts(cluster, j, false).value();
}

// Not rounded to T.
template <class T>
double Sums<Sparse<T>>::mean_at(int cluster, int64_t j, const Halves& weight, double inverse) const {
    return static_cast<double>(frame_.shift[j]) + parts(cluster, j, true).over(weight, inverse) * columns_.inverse_grid[j];
}

template <class T>
void Sums<Sparse<T>>::mean(int cluster, int64_t begin, int64_t end, double* mean) const {
    const Halves weight{weight_[0][cluster], weight_[1][cluster]};
    const double inverse = 1 / weight.value();
    for (int64_t j = begin; j < end; ++j)
        mean[j - begin] = static_cast<double>(static_cast<T>(mean_at(cluster, j, weight, inverse)));
}

template <class T>
CenterStep Sums<Sparse<T>>::move(int cluster, int64_t begin, int64_t end, double* center) const {
    if (cut(cluster)) {
        Part part;
        set(part, cluster, begin, end);
        return SparseKernelsOf<T>::of(kernels_).move(part.columns, static_cast<double>(exact_weight(cluster)), end - begin, center + begin);
    }
    const double unit = weighted_ ? weight_grid_.unit() : 1.0;
    const Halves whole{weight_[0][cluster], weight_[1][cluster]};
    const double inverse = 1 / whole.value();
    RunningSteps steps;
    for (int64_t j = begin; j < end; ++j) {
        const auto after = static_cast<double>(static_cast<T>(mean_at(cluster, j, whole, inverse)));
        const double twice = 2 * unit * sum(cluster, j) * columns_.inverse_grid[j];
        steps.add(j - begin, center[j], after, columns_.all[j].base(), twice, weight(cluster));
        center[j] = after;
    }
    return steps.all();
}

template <class T>
double Sums<Sparse<T>>::off_spread(int cluster, int64_t begin, int64_t end, const double* center) const {
    const double unit = weighted_ ? weight_grid_.unit() : 1.0;
    const double weight = static_cast<double>(exact_weight(cluster)) * unit;
    if (cut(cluster)) {
        Part part;
        double seen[some];
        set(part, cluster, begin, end);
        return kernels_.off_spread(part.columns.sums, part.columns.beyond, part.columns.inverse_grid,
                                   from_base(center, begin, end, seen), weight, end - begin);
    }
    double off = 0;
    for (int64_t j = begin; j < end; ++j) {
        const double offset = center[j] - columns_.all[j].base();
        off += offset * (2 * unit * sum(cluster, j) * columns_.inverse_grid[j] - weight * offset);
    }
    return off;
}

template <class T>
double Sums<Sparse<T>>::squared_offset(int cluster) const {
    const double weight = static_cast<double>(exact_weight(cluster));
    double squared = 0;
    for (int64_t j = 0; j < d_; ++j) {
        const double offset = sum(cluster, j) / weight * columns_.inverse_grid[j];
        squared += offset * offset;
    }
    return squared;
}

template class Sums<Sparse<float>>;
template class Sums<Sparse<double>>;

} // namespace kmosaic
