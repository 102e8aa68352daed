#include "sparse_screen.hpp"

#include <algorithm>
#include <cmath>

namespace kmosaic {
namespace {

constexpr float infinite = std::numeric_limits<float>::infinity();
constexpr double largest_scaled = 0x1p50; // beyond it float32 squares might overflow: float64 decides everything
constexpr double least_norm = 0x1p-126;   // below it a float32 loses places, and a float64 its square

// What all the operations on m values lose at most to numbers that are too small: those below 2^-126, which may count as
// zero (flush to zero), as a threaded library may have told the processor.
double vanished(double m, double x, double c) { return (m + 8) * 0x1p-116 * (1 + x + c); }

} // namespace

void SparseCenters::follow(const Centers& from, double scale, const Kernels& kernels, int threads, const Poll& poll) {
    constexpr int64_t together = 128; // columns: what a pair of centers writes of them stays in the nearest cache
    const bool fresh = !words_;
    k_ = from.k;
    d_ = from.d;
    scale_ = scale;
    if (fresh) {
        words_ = buffer<uint32_t>(d_ * held() / 2);
        half_norms_.assign(padded(), infinite);
        squared_.assign(k_, 0.0);
        errors_.assign(k_, 0.0);
    }
    const std::vector<Pair> pairs = moved_pairs(from, fresh);
    const auto count = static_cast<int64_t>(pairs.size());
    const int busy = worth_threads(8.0 * static_cast<double>(count * d_), threads);
    const Blocks blocks = cut(d_, 8.0 * static_cast<double>(count), busy, together);
    std::vector<Squares> part(std::max<int64_t>(blocks.count, 1) * count);
    parallel(busy, count ? blocks.count : 0, [&](int, int64_t block) {
        for (int64_t begin = blocks.begin(block); begin < blocks.end(block); begin += together)
            for (int64_t i = 0; i < count; ++i)
                part[block * count + i] += pack(from, pairs[i], kernels, begin, std::min(begin + together, blocks.end(block)));
    }, poll);
    for (int64_t block = 1; block < blocks.count; ++block)
        for (int64_t i = 0; i < count; ++i) part[i] += part[block * count + i];
    note(pairs, part);
}

std::vector<SparseCenters::Pair> SparseCenters::moved_pairs(const Centers& from, bool fresh) const {
    const auto moved = [&](int c) { return c < k_ && (fresh || from.drift.empty() || from.drift[c] > 0); };
    std::vector<Pair> pairs;
    for (int first = 0; first < held(); first += panel) {
        const int words = width(first) / 2;
        for (int i = 0; i < words; ++i) {
            const int a = first + i, b = a + words;
            if (fresh || moved(a) || moved(b)) pairs.push_back({a, b, first / 2 * d_ + i, words});
        }
    }
    return pairs;
}

SparseCenters::Squares SparseCenters::pack(const Centers& from, const Pair& pair, const Kernels& kernels, int64_t begin,
                                           int64_t end) {
    constexpr int64_t most = 128;
    static constexpr double none[most] = {};
    uint32_t words[most];
    double sums[4] = {};
    const auto columns = [&](int c) { return c < k_ ? from.center(c) + begin : none; };
    kernels.pair_columns(columns(pair.a), columns(pair.b), end - begin, scale_, words, sums);
    for (int64_t j = begin; j < end; ++j) words_[pair.word + j * pair.stride] = words[j - begin];
    return {sums[0], sums[1], sums[2], sums[3]};
}

void SparseCenters::note(const std::vector<Pair>& pairs, const std::vector<Squares>& squares) {
    for (size_t i = 0; i < pairs.size(); ++i) {
        const auto set = [&](int c, double squared, double error) {
            if (c >= k_) return;
            squared_[c] = squared;
            errors_[c] = error;
            half_norms_[c] = static_cast<float>(squared / 2);
        };
        set(pairs[i].a, squares[i].of_a, squares[i].off_a);
        set(pairs[i].b, squares[i].of_b, squares[i].off_b);
    }
    const auto largest = [](const std::vector<double>& squared) {
        double most = 0;
        for (const double one : squared) most = one <= most ? most : one; // NaN stays
        return std::sqrt(most) * (1 + 0x1p-20); // more than a sum of d < 2^30 terms is off by
    };
    largest_norm_ = largest(squared_);
    largest_error_ = largest(errors_);
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
            norms_[i] = static_cast<float>(std::sqrt(squared) * (1 + 0x1p-22) + least_norm);
        }
    }, poll);
}

template <class T>
void SparseScreen<T>::score(const SparseCenters& centers, int64_t row, SparseScratch<T>& scratch) const {
    const SparseRow<T> x = rows_.row(row);
    for (int first = 0; first < centers.held(); first += SparseCenters::panel)
        kernel_.scores(x.values, x.columns, x.count, frame_.scale, centers.columns(first), centers.width(first),
                       centers.half_norms() + first, scratch.scores.data() + first);
}

// With c' what 16 bits say of c, e >= |c - c'| measured (pair_columns), |c'| <= |c| + e. A score is off by |x| e
// (Cauchy-Schwarz over what is stored), and, with u = 2^-24, for each product by the roundings of x and of the product,
// at most m + 2 of sums over m values, and the last subtraction; |c|^2/2 is rounded twice, and is a float64 sum of d
// terms. So with n = m + 10 and g = n u / (1 - n u) (Higham 2002, section 3.1) the error is at most
// g (|c|^2/2 + |x||c'|) + |x| e (the second-order terms are in the 10). What is too small for
// float32 is lost (vanished). The float64 distances that decide have an error of their own: a relative
// (d/16 + 16) 2^-53 of at most (|x| + |c|)^2.
template <class T>
double SparseScreen<T>::margin(const SparseCenters& centers, int64_t row) const {
    const double x = norms_[row], c = centers.largest_norm(), e = centers.largest_error();
    if (!frame_.screens || !(x < largest_scaled) || !(c < largest_scaled) || !(e < largest_scaled)) return infinite;
    const auto d = static_cast<double>(rows_.d);
    const auto stored = static_cast<double>(rows_.starts[row + 1] - rows_.starts[row]);
    const double terms = (stored + 10) * 0x1p-24;
    if (terms > 0.25) return infinite;
    const double screened = (terms / (1 - terms) + d * 0x1p-53) * (c * c / 2 + x * (c + e)) + x * e;
    const double decided = decision_error(rows_.d) * (x + c) * (x + c);
    return (2 * screened + decided + 2 * vanished(stored, x, c)) * (1 + 0x1p-20);
}

// The same of scores in float64 from the centers themselves: sums of m and of d terms.
template <class T>
double SparseScreen<T>::clear_margin(const SparseCenters& centers, int64_t row) const {
    const double x = norms_[row], c = centers.largest_norm();
    const auto d = static_cast<double>(rows_.d);
    const auto stored = static_cast<double>(rows_.starts[row + 1] - rows_.starts[row]);
    const double scored = (stored + 8) * 0x1p-53 * x * c + (d + 8) * 0x1p-53 * c * c / 2;
    const double decided = decision_error(rows_.d) * (x + c) * (x + c);
    return (2 * scored + decided + 2 * vanished(stored, x, c)) * (1 + 0x1p-20);
}

// "Not above" lets NaN through: what cannot be told is decided in float64.
template <class T>
void SparseScreen<T>::keep_candidates(float limit, int k, SparseScratch<T>& scratch) const {
    scratch.candidates.clear();
    for (int c = 0; c < k; ++c)
        if (!(scratch.scores[c] > limit)) scratch.candidates.push_back(c);
}

// Of the candidates only those stay that may be among the `wanted` nearest by their scores in float64, which take no more
// than what is stored: writing the row out takes d.
template <class T>
void SparseScreen<T>::narrow_candidates(const SparseCenters& centers, const Centers& exact, int64_t row, size_t wanted,
                                        SparseScratch<T>& scratch) const {
    if (scratch.candidates.size() <= wanted) return;
    const SparseRow<T> x = rows_.row(row);
    const double scale = centers.scale();
    scratch.clearer.clear();
    for (const int c : scratch.candidates) {
        const double* center = exact.center(c);
        double product = 0;
        for (int64_t p = 0; p < x.count; ++p) product += static_cast<double>(x.values[p]) * scale * (center[x.columns[p]] * scale);
        scratch.clearer.push_back(centers.squared_norm(c) / 2 - product);
    }
    std::vector<double>& sorted = scratch.sorted = scratch.clearer;
    std::nth_element(sorted.begin(), sorted.begin() + static_cast<int64_t>(wanted) - 1, sorted.end());
    const double limit = sorted[wanted - 1] + clear_margin(centers, row);
    size_t kept = 0;
    for (size_t i = 0; i < scratch.candidates.size(); ++i)
        if (!(scratch.clearer[i] > limit)) scratch.candidates[kept++] = scratch.candidates[i];
    scratch.candidates.resize(kept);
}

// The nearest of the candidates, which ascend: the first of equal distances has the lowest index.
template <class T>
int SparseScreen<T>::decide(const Centers& exact, int64_t row, SparseScratch<T>& scratch) const {
    ++scratch.tally.decided;
    if (scratch.candidates.size() == 1) return scratch.candidates[0];
    int label = -1;
    double closest = 0;
    for (const int c : scratch.candidates) {
        const double squared = scratch.exact(row, exact.center(c));
        if (label >= 0 && !(squared < closest)) continue;
        label = c;
        closest = squared;
    }
    return label;
}

template <class T>
int SparseScreen<T>::nearest(const SparseCenters& centers, const Centers& exact, int64_t row, double margin,
                             SparseScratch<T>& scratch) const {
    ++scratch.tally.screened;
    if (margin == infinite) { // scores may be NaN
        keep_candidates(infinite, exact.k, scratch);
        return decide(exact, row, scratch);
    }
    const int best = kernels_.least_lanes(scratch.scores.data(), centers.padded(), &scratch.low, &scratch.next);
    const float low = scratch.low, next = scratch.next;
    // Rounding upwards by a unit covers that of this addition.
    const auto limit = static_cast<float>((static_cast<double>(low) + margin) + std::abs(static_cast<double>(low)) * 0x1p-23);
    if (next > limit) return best;
    keep_candidates(limit, exact.k, scratch);
    narrow_candidates(centers, exact, row, 1, scratch);
    return decide(exact, row, scratch);
}

template <class T>
typename SparseScreen<T>::Two SparseScreen<T>::nearest_two(const SparseCenters& centers, const Centers& exact, int64_t row,
                                                           double margin, SparseScratch<T>& scratch) const {
    float low = infinite, next = infinite;
    for (int c = 0; c < exact.k; ++c) {
        const float s = scratch.scores[c];
        next = std::min(next, std::max(s, low));
        low = std::min(low, s);
    }
    const double limit = static_cast<double>(next) + margin + std::abs(static_cast<double>(next)) * 0x1p-23;
    keep_candidates(static_cast<float>(limit), exact.k, scratch);
    if (margin != infinite) narrow_candidates(centers, exact, row, 2, scratch);
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
