#include "sparse_screen.hpp"

#include <algorithm>
#include <cmath>

namespace kmosaic {
namespace {

constexpr float infinite = std::numeric_limits<float>::infinity();
constexpr double largest_scaled = 0x1p50; // beyond it float32 squares might overflow: float64 decides everything

} // namespace

void SparseCenters::follow(const Centers& from, double scale, int threads, const Poll& poll) {
    const bool fresh = !columns_;
    k_ = from.k;
    d_ = from.d;
    if (fresh) {
        columns_ = float_buffer(d_ * padded());
        std::fill(columns_.get(), columns_.get() + d_ * padded(), 0.0f);
        half_norms_.assign(padded(), infinite);
        norms_.assign(k_, 0.0);
    }
    std::vector<int> moved;
    for (int c = 0; c < k_; ++c)
        if (fresh || from.drift.empty() || from.drift[c] > 0) moved.push_back(c);
    if (moved.empty()) return;
    const auto count = static_cast<int64_t>(moved.size());
    const int busy = worth_threads(4.0 * static_cast<double>(count * d_), threads);
    const Blocks norms = cut(count, 4.0 * static_cast<double>(d_), busy, 1);
    parallel(busy, norms.count, [&](int, int64_t block) {
        for (int64_t i = norms.begin(block); i < norms.end(block); ++i) {
            const double* center = from.center(moved[i]);
            double part[8] = {};
            for (int64_t j = 0; j < d_; ++j) part[j % 8] += center[j] * scale * (center[j] * scale);
            double squared = 0;
            for (const double sum : part) squared += sum;
            half_norms_[moved[i]] = static_cast<float>(squared / 2);
            norms_[moved[i]] = std::sqrt(squared);
        }
    }, poll);
    const Blocks columns = cut(d_, 4.0 * static_cast<double>(count), busy, 64);
    parallel(busy, columns.count, [&](int, int64_t block) {
        for (int64_t begin = columns.begin(block); begin < columns.end(block); begin += 128) {
            const int64_t end = std::min(begin + 128, columns.end(block));
            for (const int c : moved) {
                const int first = c / panel * panel;
                const int stride = width(first);
                float* to = columns_.get() + first * d_ + c - first;
                for (int64_t j = begin; j < end; ++j) to[j * stride] = static_cast<float>(from.center(c)[j] * scale);
            }
        }
    }, poll);
    largest_norm_ = 0;
    for (const double norm : norms_) largest_norm_ = norm <= largest_norm_ ? largest_norm_ : norm; // NaN stays
}

template <class T>
SparseScreen<T>::SparseScreen(const Rows<Sparse<T>>& rows, const Frame<Sparse<T>>& frame, const Kernels& kernels,
                              int threads, const Poll& poll)
    : rows_(rows), frame_(frame), kernels_(kernels), kernel_(SparseKernelsOf<T>::of(kernels)), norms_(rows.n) {
    threads = worth_threads(2.0 * static_cast<double>(rows.stored()), threads);
    const Blocks blocks = cut(rows.n, 2.0 * rows.width(), threads, 1);
    const auto scale = static_cast<double>(frame.scale);
    parallel(threads, blocks.count, [&](int, int64_t block) {
        for (int64_t i = blocks.begin(block); i < blocks.end(block); ++i) {
            const SparseRow<T> x = rows_.row(i);
            double squared = 0;
            for (int64_t p = 0; p < x.count; ++p) {
                const double value = static_cast<double>(x.values[p]) * scale;
                squared += value * value;
            }
            norms_[i] = static_cast<float>(std::sqrt(squared) * (1 + 0x1p-22));
        }
    }, poll);
}

template <class T>
void SparseScreen<T>::score(const SparseCenters& centers, int64_t row, SparseScratch<T>& scratch) const {
    const SparseRow<T> x = rows_.row(row);
    float* scores = scratch.scores.data();
    for (int first = 0; first < centers.padded(); first += SparseCenters::panel)
        kernel_.scores(x.values, x.columns, x.count, frame_.scale, centers.columns(first), centers.width(first),
                       scores + first);
    const float* half_norms = centers.half_norms();
    for (int c = 0; c < centers.padded(); ++c) scores[c] = half_norms[c] - scores[c];
}

// With u = 2^-24 a score passes, for each product: the roundings of x, of c and of the product, at most m/2 + 2 of
// sums over m values, and the last subtraction; |c|^2/2 is rounded twice, and is a float64 sum of d terms in eight
// parts. So with n = m/2 + 10 and e = n u / (1 - n u) (Higham 2002, section 3.1) the error is at most
// e (|c|^2/2 + |x||c|) (Cauchy-Schwarz over what is stored; the second-order terms are in the 10). Products and
// coordinates below the smallest float32 lose at most 2^-149 (1 + |x| + |c|) each. The float64 distances that decide
// have an error of their own: a relative (d/16 + 16) 2^-53 of at most (|x| + |c|)^2.
template <class T>
double SparseScreen<T>::margin(const SparseCenters& centers, int64_t row) const {
    const double x = norms_[row], c = centers.largest_norm();
    if (!frame_.screens || !(x < largest_scaled) || !(c < largest_scaled)) return infinite;
    const auto d = static_cast<double>(rows_.d);
    const auto stored = static_cast<double>(rows_.starts[row + 1] - rows_.starts[row]);
    const double terms = (stored / 2 + 10) * 0x1p-24;
    if (terms > 0.25) return infinite;
    const double screened = (terms / (1 - terms) + d * 0x1p-55) * (c * c / 2 + x * c);
    const double decided = decision_error(rows_.d) * (x + c) * (x + c);
    const double vanished = (stored + 8) * 0x1p-140 * (1 + x + c);
    return (2 * screened + decided + 2 * vanished) * (1 + 0x1p-20);
}

// "Not above" lets NaN through: what cannot be told is decided in float64.
template <class T>
void SparseScreen<T>::keep_candidates(float limit, int k, SparseScratch<T>& scratch) const {
    scratch.candidates.clear();
    for (int c = 0; c < k; ++c)
        if (!(scratch.scores[c] > limit)) scratch.candidates.push_back(c);
}

template <class T>
int SparseScreen<T>::nearest(const Centers& exact, int64_t row, double margin, SparseScratch<T>& scratch) const {
    const float* scores = scratch.scores.data();
    int best = 0;
    float low = infinite, next = infinite;
    for (int c = 0; c < exact.k; ++c) {
        const float s = scores[c];
        const bool lower = s < low, unclear = !(s >= low) && !lower; // NaN
        next = lower ? low : unclear ? -infinite : std::min(next, s);
        low = lower ? s : low;
        best = lower ? c : best;
    }
    ++scratch.tally.screened;
    // Rounding upwards by a unit covers that of this addition.
    const auto limit = static_cast<float>((static_cast<double>(low) + margin) + std::abs(static_cast<double>(low)) * 0x1p-23);
    if (next > limit) return best;
    ++scratch.tally.decided;
    keep_candidates(limit, exact.k, scratch);
    int label = -1;
    double closest = 0;
    for (const int c : scratch.candidates) { // ascending, so the first of equal distances has the lowest index
        const double squared = scratch.exact(row, exact.center(c));
        if (label >= 0 && !(squared < closest)) continue;
        label = c;
        closest = squared;
    }
    return label;
}

template <class T>
typename SparseScreen<T>::Two SparseScreen<T>::nearest_two(const Centers& exact, int64_t row, double margin,
                                                           SparseScratch<T>& scratch) const {
    float low = infinite, next = infinite;
    for (int c = 0; c < exact.k; ++c) {
        const float s = scratch.scores[c];
        next = std::min(next, std::max(s, low));
        low = std::min(low, s);
    }
    const double limit = static_cast<double>(next) + margin + std::abs(static_cast<double>(next)) * 0x1p-23;
    keep_candidates(static_cast<float>(limit), exact.k, scratch);
    Two two;
    for (const int c : scratch.candidates) {
        const double squared = scratch.exact(row, exact.center(c));
        if (two.label < 0 || squared < two.distance) {
            two.second_label = two.label;
            two.second_distance = two.distance;
            two.label = c;
            two.distance = squared;
        } else if (two.second_label < 0 || squared < two.second_distance) {
            two.second_label = c;
            two.second_distance = squared;
        }
    }
    return two;
}

template class SparseScreen<float>;
template class SparseScreen<double>;

} // namespace kmosaic
