#include "sparse_sums.hpp"

#include <cmath>
#include <utility>

namespace kmosaic {
namespace {

// Rounded once, as the conversion of the language is, and quicker: the upper part is exact.
double rounded(Wide value) {
    const auto low = static_cast<int64_t>(value);
    if (low == value) return static_cast<double>(low);
    const auto high = static_cast<int64_t>(value >> 32);
    constexpr int64_t limit = int64_t(1) << 53;
    if (high <= -limit || high >= limit || static_cast<Wide>(high) != value >> 32) return static_cast<double>(value);
    return static_cast<double>(high) * 0x1p32 + static_cast<double>(static_cast<int64_t>(static_cast<uint32_t>(value)));
}

} // namespace

template <class T>
Sums<Sparse<T>>::Sums(int k, int64_t d, const Frame<Sparse<T>>& frame, const Kernels&, bool weighted)
    : k_(k), d_(d), frame_(frame), weighted_(weighted), weight_grid_(frame.largest_weight), pending_(k),
      weight_{std::vector<Wide>(k), std::vector<Wide>(k)} {}

template <class T>
void Sums<Sparse<T>>::widen() {
    if (!zero_.empty()) return;
    for (int half = 0; half <= weighted_; ++half) sum_[half].resize(k_ * d_);
    zero_.resize(d_);
    for (int64_t j = 0; j < d_; ++j) zero_[j] = on_grid(0, j);
}

// round((value - shift) * grid), the same operations as in the kernel accumulate().
template <class T>
int64_t Sums<Sparse<T>>::on_grid(double value, int64_t j) const {
    constexpr double magic = 0x1.8p52; // its sum with |v| < 2^51 has the rounded v in its low bits
    const double v = (value - static_cast<double>(frame_.shift[j])) * frame_.grid[j] + magic;
    int64_t bits, none;
    std::memcpy(&bits, &v, sizeof bits);
    std::memcpy(&none, &magic, sizeof none);
    return bits - none;
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
void Sums<Sparse<T>>::carry_out(int cluster, std::vector<Change>& changes) {
    for (const Change& change : changes) {
        const SparseRow<T>& x = change.row;
        const int sign = change.weight > 0 ? 1 : -1;
        const auto [high, low] = weighted_ ? weight_grid_.halves(std::abs(change.weight)) : std::array<int64_t, 2>{1, 0};
        for (int64_t p = 0; p < x.count; ++p) {
            const int64_t j = x.columns[p], at = cluster * d_ + j;
            const int64_t q = sign * (on_grid(static_cast<double>(x.values[p]), j) - zero_[j]);
            sum_[0][at] += static_cast<Wide>(high) * q;
            if (weighted_) sum_[1][at] += static_cast<Wide>(low) * q;
        }
    }
    changes.clear();
}

template <class T>
bool Sums<Sparse<T>>::absorb(int cluster, Sums& part) {
    std::vector<Change>& changes = part.pending_[cluster];
    if (changes.empty()) return false;
    carry_out(cluster, changes);
    for (int half = 0; half < 2; ++half) weight_[half][cluster] += std::exchange(part.weight_[half][cluster], 0);
    return true;
}

template <class T>
void Sums<Sparse<T>>::settle() {
    for (int cluster = 0; cluster < k_; ++cluster) carry_out(cluster, pending_[cluster]);
}

template <class T>
Wide Sums<Sparse<T>>::exact_weight_of(double weight) const {
    if (!weighted_) return 1;
    const auto [high, low] = weight_grid_.halves(weight);
    return (static_cast<Wide>(high) << WeightGrid::low_bits) + low;
}

// The sum of column j with `zeros` in place of q(0): q(0) itself for the sum of the dense rows, 0 for that of x alone.
template <class T>
double Sums<Sparse<T>>::sum(int cluster, int64_t j, int64_t zeros) const {
    const int64_t at = cluster * d_ + j;
    if (!weighted_) return rounded(sum_[0][at] + static_cast<Wide>(static_cast<int64_t>(weight_[1][cluster])) * zeros); // rows
    return combined(sum_[0][at] + weight_[0][cluster] * zeros, sum_[1][at] + weight_[1][cluster] * zeros);
}

template <class T>
void Sums<Sparse<T>>::mean(int cluster, int64_t begin, int64_t end, double* mean) const {
    const double weight = static_cast<double>(exact_weight(cluster));
    for (int64_t j = begin; j < end; ++j) {
        const double offset = sum(cluster, j, zero_[j]) / weight * (1 / frame_.grid[j]);
        mean[j - begin] = static_cast<double>(static_cast<T>(static_cast<double>(frame_.shift[j]) + offset));
    }
}

template <class T>
double Sums<Sparse<T>>::off_spread(int cluster, int64_t begin, int64_t end, const double* center) const {
    const double unit = weighted_ ? weight_grid_.unit() : 1.0;
    const double weight = static_cast<double>(exact_weight(cluster)) * unit;
    double off = 0;
    for (int64_t j = begin; j < end; ++j)
        off += center[j] * (2 * unit * sum(cluster, j, 0) * (1 / frame_.grid[j]) - weight * center[j]);
    return off;
}

template class Sums<Sparse<float>>;
template class Sums<Sparse<double>>;

} // namespace kmosaic
