// All pairs of sparse rows: neither shifted nor rounded (pairs.hpp).
#include "pairs.hpp"

#include <cmath>

namespace kmosaic {

template <class T>
Pairs<Sparse<T>>::Pairs(const Problem<Sparse<T>>& problem, const std::vector<int64_t>& order)
    : problem_(problem), order_(order), scale_(static_cast<double>(problem.frame.scale)), norms_(problem.rows.n + pair_rows),
      limits_(problem.rows.n + pair_rows) {
    for (int64_t place = 0; place < problem.rows.n; ++place) {
        const SparseRow<T> x = row(place);
        double sum = 0;
        for (int64_t p = 0; p < x.count; ++p) {
            const double value = static_cast<double>(x.values[p]) * scale_;
            sum += value * value;
        }
        norms_[place] = sum;
        limits_[place] = std::ldexp(static_cast<double>(2 * x.count + 16) * sum, pair_bits - 53);
    }
}

template <class T>
double Pairs<Sparse<T>>::decide(int64_t a, int64_t b) const {
    const SparseRow<T> x = row(a), y = row(b);
    double sum = 0;
    for (int64_t p = 0, q = 0; p < x.count || q < y.count;) {
        const bool from_x = p < x.count && (q >= y.count || x.columns[p] <= y.columns[q]);
        const bool from_y = q < y.count && (p >= x.count || y.columns[q] <= x.columns[p]);
        const T left = from_x ? x.values[p++] : T(0), right = from_y ? y.values[q++] : T(0);
        const double gap = (static_cast<double>(left) - static_cast<double>(right)) * scale_;
        sum += gap * gap;
    }
    return sum;
}

// The columns of a few rows are few: others have to look at no more than these.
template <class T>
void PairBlocks<Sparse<T>>::write_out(int64_t first, int count) {
    for (const int32_t column : used_) local_[column] = -1;
    used_.clear();
    for (int r = 0; r < count; ++r) {
        const SparseRow<T> x = pairs_.row(first + r);
        for (int64_t p = 0; p < x.count; ++p)
            if (int32_t& at = local_[x.columns[p]]; at < 0) {
                at = static_cast<int32_t>(used_.size());
                used_.push_back(x.columns[p]);
            }
    }
    panels_.assign(used_.size() * pair_rows, 0.0);
    for (int r = 0; r < count; ++r) {
        const SparseRow<T> x = pairs_.row(first + r);
        double* panel = panels_.data() + r / dots_width * dots_width * used_.size() + r % dots_width;
        for (int64_t p = 0; p < x.count; ++p)
            panel[int64_t(local_[x.columns[p]]) * dots_width] = static_cast<double>(x.values[p]) * pairs_.scale_;
    }
}

template <class T>
void PairBlocks<Sparse<T>>::multiply(int64_t other, double* products) {
    const auto& kernel = SparseKernelsOf<T>::of(pairs_.problem_.kernels);
    const SparseRow<T> y = pairs_.row(other);
    values_.clear();
    columns_.clear();
    for (int64_t p = 0; p < y.count; ++p)
        if (const int32_t at = local_[y.columns[p]]; at >= 0) {
            values_.push_back(y.values[p]);
            columns_.push_back(at);
        }
    const auto stored = static_cast<int64_t>(values_.size());
    for (int r = 0; r < pair_rows; r += dots_width)
        kernel.dots(values_.data(), columns_.data(), stored, panels_.data() + r * used_.size(), products + r);
    for (int r = 0; r < pair_rows; ++r) products[r] *= pairs_.scale_;
}

template <class T>
void PairBlocks<Sparse<T>>::squared(int64_t tile, int64_t from, int count, double* out) {
    static_assert(pair_rows % dots_width == 0);
    const int64_t row = rows_ + tile, other = others_ + from;
    const int rows = static_cast<int>(std::min<int64_t>(pair_rows, rows_end_ - row));
    write_out(row, rows);
    for (int c = 0; c < count; ++c) multiply(other + c, out + c * pair_rows);
    if (pairs_.problem_.kernels.pair_squares(out, count, &pairs_.norms_[row], &pairs_.limits_[row], &pairs_.norms_[other],
                                             &pairs_.limits_[other]))
        settle_open(out, count, rows, [&](int c, int r) { return pairs_.decide(row + r, other + c); });
    clear_beyond(out, count, rows);
}

template class Pairs<Sparse<float>>;
template class Pairs<Sparse<double>>;
template class PairBlocks<Sparse<float>>;
template class PairBlocks<Sparse<double>>;

} // namespace kmosaic
