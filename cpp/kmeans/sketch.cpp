#include "sketch.hpp"

#include "extent.hpp"
#include "head.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

namespace kmosaic {
namespace {

constexpr int64_t narrow = 64;              // fewer columns are worth two bytes each
constexpr double most = 256 << 20;          // bytes of points
constexpr int32_t nothing = std::numeric_limits<int32_t>::max(), anything = std::numeric_limits<int32_t>::min();

// Whole numbers 0 .. levels, such that sums over all columns fit.
double levels_for(int64_t width, bool shorts) {
    return std::min(shorts ? 4095.0 : 255.0, std::floor(std::sqrt(0x1p30 / static_cast<double>(width))));
}

} // namespace

template <class T>
Sketch::Sketch(const Problem<T>& problem, double most_bytes)
    : kernels_(problem.kernels), useful_(problem.frame.screens), norms_(problem.rows.n) {
    const int64_t wide = kernels_.tile_rows;
    limits_.assign((problem.rows.n + wide - 1) / wide * wide, nothing);
    const double column = static_cast<double>(limits_.size()) * (problem.head || problem.rows.d < narrow ? 2 : 1);
    const int64_t columns = std::max<int64_t>(static_cast<int64_t>(std::min(most, most_bytes) / column / 2) * 2, 2);
    if (problem.head) from_head(problem, columns);
    else from_rows(problem, columns);
}

template <class T>
void Sketch::from_rows(const Problem<T>& problem, int64_t columns) {
    const Rows<T>& rows = problem.rows;
    const auto row = [&](int64_t i) { return rows.row(i); };
    Points<decltype(row)> points{row, 1, {}};
    points.stride = (rows.d + columns - 1) / columns;
    for (int64_t j = 0; j < rows.d; j += points.stride) {
        const auto middle = static_cast<double>(problem.frame.shift[j]);
        points.low.push_back(middle - problem.frame.half[j]);
        points.widest = std::max(points.widest, 2 * problem.frame.half[j]);
        points.farthest = std::max(points.farthest, std::abs(middle) + 2 * problem.frame.half[j]);
    }
    ratio_ = 1;
    fill(problem, points);
}

template <class T>
void Sketch::from_head(const Problem<T>& problem, int64_t columns) {
    const Head<T>& head = *problem.head;
    const auto row = [&](int64_t i) { return head.row(i); };
    const int threads = worth_threads(4.0 * problem.rows.n * head.width(), problem.threads);
    const Blocks blocks = cut(problem.rows.n, 4.0 * head.width(), threads, 1);
    std::vector<Extent> extents(threads, Extent(head.width()));
    parallel(threads, blocks.count, [&](int worker, int64_t block) {
        for (int64_t i = blocks.begin(block); i < blocks.end(block); ++i)
            if (problem.rows.weight(i) > 0) extents[worker].add(head.row(i), head.squared_norm(i), head.overlength(i));
    }, problem.poll);
    for (const Extent& extent : extents) extents[0].add(extent);
    const Extent& all = extents[0];
    const int64_t width = std::min(head.width(), columns); // the first are those along which rows spread most
    Points<decltype(row)> points{row, 1, {all.low.begin(), all.low.begin() + width}};
    for (int64_t j = 0; j < width; ++j) {
        points.widest = std::max(points.widest, all.high[j] - all.low[j]);
        points.farthest = std::max({points.farthest, std::abs(all.high[j]), std::abs(all.low[j])});
    }
    const auto scale = static_cast<double>(problem.frame.scale);
    ratio_ = scale * scale;
    lift_ = head.slack_within(all.longest * (1 + 0x1p-23)) + 2 * all.over;
    fill(problem, points);
}

template <class T, class Row>
void Sketch::fill(const Problem<T>& problem, const Points<Row>& points) {
    const Rows<T>& rows = problem.rows;
    width_ = static_cast<int64_t>(points.low.size());
    pairs_ = (width_ + 1) / 2;
    const bool shorts = problem.head || rows.d < narrow;
    step_ = points.widest > 0 ? points.widest / levels_for(width_, shorts) : 1.0;
    const size_t numbers = limits_.size() * 2 * pairs_;
    if (shorts) shorts_.resize(numbers);
    else bytes_.resize(numbers);
    const int64_t wide = kernels_.tile_rows;
    const int threads = worth_threads(4.0 * rows.n * width_, problem.threads);
    const Blocks blocks = cut(rows.n, 4.0 * width_, threads, wide);
    std::vector<double> residual(threads);
    const auto& kernel = RowKernelsOf<T>::of(kernels_);
    const bool plain = !shorts && points.stride == 1 && levels_for(width_, false) == 255; // as the kernel for it has it
    std::vector<std::vector<uint8_t>> plain_row(threads, std::vector<uint8_t>(2 * pairs_));
    parallel(threads, blocks.count, [&](int worker, int64_t block) {
        for (int64_t i = blocks.begin(block); i < blocks.end(block); ++i) {
            const int64_t at = (i / wide * pairs_ * wide + i % wide) * 2;
            const double squared = shorts  ? put(points, i, shorts_.data() + at)
                                   : plain ? put_bytes(kernel, rows.row(i), points.low.data(), i, plain_row[worker].data(), at)
                                           : put(points, i, bytes_.data() + at);
            if (rows.weight(i) > 0) residual[worker] = std::max(residual[worker], squared);
        }
    }, problem.poll);
    // low + q step and its difference from p are rounded three times, each by 2^-53 of the farthest number at most.
    const double coarse = std::sqrt(static_cast<double>(width_)) * points.farthest * 0x1p-50;
    const double longest = std::sqrt(*std::max_element(residual.begin(), residual.end()));
    spread_ = 2 * (longest * (1 + 0x1p-20) + coarse) / step_;
    const double decided = decision_error(rows.d);
    ratio_ *= (1 + 3 * decided) * (1 + 0x1p-40) / step_ / step_;
    lift_ = lift_ / step_ / step_ * (1 + 0x1p-40) + 0x1p-20; // the constant for squares that vanish
    useful_ = useful_ && std::isfinite(spread_) && std::isfinite(ratio_) && std::isfinite(lift_);
}

// One row into its places of the tile; returns the square of what is left out.
template <class Number, class Row>
double Sketch::put(const Points<Row>& points, int64_t i, Number* tile) {
    const auto* numbers = points.row(i);
    const double inverse = 1 / step_, top = levels_for(width_, sizeof(Number) == 2);
    const int64_t between = 2 * kernels_.tile_rows;
    double left_out = 0;
    int32_t norm = 0;
    for (int64_t j = 0; j < width_; ++j) {
        const auto value = static_cast<double>(numbers[j * points.stride]);
        const double rounded = ((value - points.low[j]) * inverse + 0x1.8p52) - 0x1.8p52;
        const double whole = rounded > 0 ? std::min(rounded, top) : 0.0; // rows of weight 0 may be anywhere, or NaN
        const double gap = value - (points.low[j] + whole * step_);
        left_out += gap * gap;
        const auto q = static_cast<int32_t>(whole);
        norm += q * q;
        tile[j / 2 * between + j % 2] = static_cast<Number>(q);
    }
    norms_[i] = norm;
    return left_out;
}

// The same, of all columns as bytes.
template <class T>
double Sketch::put_bytes(const RowKernels<T>& kernel, const T* row, const double* low, int64_t i, uint8_t* bytes, int64_t at) {
    const double left_out = kernel.compact(row, width_, low, step_, bytes);
    const int64_t between = 2 * kernels_.tile_rows;
    int32_t norm = 0;
    for (int64_t j = 0; j < width_; ++j) norm += int32_t(bytes[j]) * bytes[j];
    for (int64_t p = 0; p < pairs_; ++p) std::memcpy(bytes_.data() + at + p * between, bytes + 2 * p, 2);
    norms_[i] = norm;
    return left_out;
}

void Sketch::limit(int64_t row, double squared) {
    if (!(squared > 0)) { // none is nearer
        limits_[row] = nothing;
        return;
    }
    const double longest = std::sqrt(squared * ratio_ + lift_) + spread_;
    const double least = std::floor((norms_[row] - longest * longest * (1 + 0x1p-40)) / 2) - 2;
    limits_[row] = useful_ && least > anything ? static_cast<int32_t>(least) : anything;
}

template <class Number>
void Sketch::copy(const std::vector<Number>& tiles, int64_t row, int16_t* to) const {
    const int64_t wide = kernels_.tile_rows;
    const Number* from = tiles.data() + (row / wide * pairs_ * wide + row % wide) * 2;
    for (int64_t j = 0; j < 2 * pairs_; ++j) to[j] = from[j / 2 * 2 * wide + j % 2];
}

void Sketch::aim(const std::vector<int64_t>& rows) {
    aims_.resize(rows.size() * 2 * pairs_);
    half_norms_.resize(rows.size());
    for (size_t c = 0; c < rows.size(); ++c) {
        int16_t* to = aims_.data() + static_cast<int64_t>(c) * 2 * pairs_;
        if (bytes_.empty()) copy(shorts_, rows[c], to);
        else copy(bytes_, rows[c], to);
        half_norms_[c] = norms_[rows[c]] / 2;
    }
}

uint64_t Sketch::reach(int64_t first, uint64_t* masks) const {
    const auto count = static_cast<int>(half_norms_.size());
    const int32_t* limits = limits_.data() + first;
    if (bytes_.empty())
        kernels_.reach_shorts(shorts_.data() + first * 2 * pairs_, pairs_, aims_.data(), half_norms_.data(), count, limits, masks);
    else
        kernels_.reach_bytes(bytes_.data() + first * 2 * pairs_, pairs_, aims_.data(), half_norms_.data(), count, limits, masks);
    uint64_t any = 0;
    for (int c = 0; c < count; ++c) any |= masks[c];
    return any;
}

template Sketch::Sketch(const Problem<float>&, double);
template Sketch::Sketch(const Problem<double>&, double);
template Sketch::Sketch(const Problem<uint8_t>&, double);

} // namespace kmosaic
