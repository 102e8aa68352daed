#include "byte_screen.hpp"

#include <algorithm>

namespace kmosaic {
namespace {

constexpr double places = 1 << center_bits;

template <class T>
ByteGrid<T> grid_of(const Problem<T>& problem) {
    return ByteScreen<T>::pixels ? ByteGrid<T>::of_pixels(problem.frame) : ByteGrid<T>(problem.frame);
}

} // namespace

template <class T>
ByteScreen<T>::ByteScreen(const Problem<T>& problem)
    : problem_(problem), compact_(compact_for(problem)), grid_(grid_of(problem)), centers_(grid_) {}

template <class T>
bool ByteScreen<T>::suits(const Problem<T>& problem, int k) {
    constexpr int64_t fewest_columns = 32, most_columns = 1 << 24; // as for few(); errors stay far below 1
    return k >= 2 && k <= group_width && problem.rows.d >= fewest_columns && problem.rows.d <= most_columns && Measure<T>::fits(problem) &&
           (pixels || worth_bytes(problem));
}

template <class T>
bool ByteScreen<T>::prepare(const Centers& centers) {
    off_ = centers_.follow(centers, problem_);
    half_norms_.resize(centers.k);
    for (int c = 0; c < centers.k; ++c) {
        const int16_t* whole = centers_.data() + c * centers.d;
        int64_t squared = 0;
        for (int64_t j = 0; j < centers.d; ++j) squared += static_cast<int32_t>(whole[j]) * whole[j];
        half_norms_[c] = static_cast<float>(static_cast<double>(squared) / (2 * places));
    }
    largest_half_norm_ = static_cast<double>(*std::max_element(half_norms_.begin(), half_norms_.end()));
    return off_ <= std::sqrt(static_cast<double>(centers.d)) * grid_.step / places; // rounding alone is half of that at most
}

template <class T>
double ByteScreen<T>::apart(int64_t row, double squared_norm, double best, double second) const {
    const double q = decision_error(problem_.rows.d), t = off(row), e = error(best);
    const double squared = squared_norm * (1 + 2 * few_bytes_error(problem_.rows.d)) + (second + e) / (places / 2);
    const double far = std::sqrt(std::max(0.0, squared));
    return (2 * e + 2 * places * (t + q * (far + t)) * far) * (1 + 0x1p-20);
}

template <class T>
double ByteScreen<T>::least(int64_t row, int r, int c, const Scratch<T>& scratch) const {
    const auto score = static_cast<double>(scratch.scores[r * group_width + c]);
    const double norm = static_cast<double>(scratch.squared_norms[r]) * (1 - 2 * few_bytes_error(problem_.rows.d));
    const double squared = norm + (score - error(static_cast<double>(scratch.best[r]))) / (places / 2);
    const double length = (std::sqrt(std::max(0.0, squared)) * (1 - 0x1p-30) - off(row)) * grid_.step;
    return std::max(0.0, length) * static_cast<double>(problem_.frame.scale) * (1 - 0x1p-20);
}

template <class T>
void ByteScreen<T>::score(int64_t first, int count, Scratch<T>& scratch) const {
    const uint8_t* rows[max_tile_rows];
    for (int r = 0; r < count; ++r) rows[r] = row(first + r);
    problem_.kernels.few_bytes(rows, count, problem_.rows.d, centers_.data(), half_norms_.data(),
                               static_cast<int>(half_norms_.size()), scratch.scores.get(), scratch.squared_norms);
    problem_.kernels.best_of_few(scratch.scores.get(), count, scratch.best, scratch.second, scratch.index);
}

template <class T>
void ByteScreen<T>::look(int64_t first, int count, Scratch<T>& scratch) const {
    score(first, count, scratch);
    double largest = 0;
    for (int r = 0; r < count; ++r) {
        const double margin = apart(first + r, static_cast<double>(scratch.squared_norms[r]),
                                    static_cast<double>(scratch.best[r]), static_cast<double>(scratch.second[r]));
        scratch.squared_norms[r] = static_cast<float>(margin);
        largest = std::max(largest, margin);
    }
    const double unit = grid_.step * static_cast<double>(problem_.frame.scale);
    scratch.tally.largest_bound = std::max(scratch.tally.largest_bound, largest * unit * unit / places);
}

template class ByteScreen<float>;
template class ByteScreen<double>;
template class ByteScreen<uint8_t>;

} // namespace kmosaic
