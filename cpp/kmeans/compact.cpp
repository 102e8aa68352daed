#include "measure.hpp"

#include <algorithm>
#include <utility>

namespace kmosaic {

template <class T>
ByteGrid<T>::ByteGrid(const Frame<T>& frame) : low(frame.shift.begin(), frame.shift.end()) {
    double widest = 0, farthest = 0;
    for (size_t j = 0; j < low.size(); ++j) {
        widest = std::max(widest, frame.half[j]);
        farthest = std::max(farthest, std::abs(low[j]) + 2 * frame.half[j]);
        low[j] -= frame.half[j];
    }
    step = widest > 0 ? 2 * widest / 255 : 1.0; // exactly 1 for pixels
    // low + byte * step and the difference from x are rounded three times, each by 2^-53 of the farthest value at most.
    coarse = std::sqrt(static_cast<double>(low.size())) * farthest * 0x1p-50;
}

template <class T>
float ByteGrid<T>::write(const RowKernels<T>& kernel, const T* row, uint8_t* bytes) const {
    const double squared = kernel.compact(row, static_cast<int64_t>(low.size()), low.data(), step, bytes);
    return static_cast<float>((std::sqrt(squared) * (1 + 0x1p-30) + coarse) * (1 + 0x1p-22));
}

template <class T>
Compact<T>::Compact(const Problem<T>& problem, ByteGrid<T> grid)
    : d_(problem.rows.d), grid_(std::move(grid)), bytes_(problem.rows.n * d_), residual_(problem.rows.n) {
    const auto& kernel = RowKernelsOf<T>::of(problem.kernels);
    const int threads = worth_threads(10.0 * problem.rows.n * d_, problem.threads);
    const Blocks blocks = cut(problem.rows.n, 10.0 * d_, threads, 16);
    parallel(threads, blocks.count, [&](int, int64_t block) {
        for (int64_t i = blocks.begin(block); i < blocks.end(block); ++i)
            residual_[i] = grid_.write(kernel, problem.rows.row(i), bytes_.data() + i * d_);
    }, problem.poll);
}

template <class T>
double Compact<T>::centers(const Centers& from, const Problem<T>& problem, std::vector<float>& to) const {
    to.resize(from.exact.size());
    const int threads = worth_threads(4.0 * from.k * d_, problem.threads);
    const Blocks blocks = cut(from.k, 4.0 * d_, threads, 1);
    std::vector<double> worst(threads), farthest(threads);
    parallel(threads, blocks.count, [&](int worker, int64_t block) {
        for (auto c = static_cast<int>(blocks.begin(block)); c < blocks.end(block); ++c) {
            double off = 0, length = 0;
            for (int64_t j = 0; j < d_; ++j) {
                const double value = (from.center(c)[j] - grid_.low[j]) / grid_.step;
                const auto rounded = static_cast<float>(value);
                to[c * d_ + j] = rounded;
                off += (value - static_cast<double>(rounded)) * (value - static_cast<double>(rounded));
                length += value * value;
            }
            worst[worker] = std::max(worst[worker], off);
            farthest[worker] = std::max(farthest[worker], length);
        }
    }, problem.poll);
    // The division and the difference are rounded too: for centers far outside the rows that counts.
    const double most = *std::max_element(worst.begin(), worst.end());
    const double far = *std::max_element(farthest.begin(), farthest.end());
    return (std::sqrt(most) * (1 + 0x1p-20) + std::sqrt(far) * 0x1p-50) * grid_.step + grid_.coarse;
}

template <class T>
std::shared_ptr<const Compact<T>> compact_for(const Problem<T>& problem) {
    constexpr double cache = 24e6;
    const double bytes = static_cast<double>(problem.rows.n) * problem.rows.d * sizeof(T);
    if (sizeof(T) == 1 || bytes < cache || problem.rows.d < 32) return nullptr;
    ByteGrid<T> grid(problem.frame);
    constexpr int64_t sample = 256;
    const int64_t step = std::max<int64_t>(problem.rows.n / sample, 1);
    std::vector<uint8_t> unused(problem.rows.d);
    double squared = 0, left_out = 0;
    for (const double half : problem.frame.half) squared += half * half;
    for (int64_t i = 0; i < problem.rows.n; i += step)
        left_out += static_cast<double>(grid.write(RowKernelsOf<T>::of(problem.kernels), problem.rows.row(i), unused.data()));
    const double typical = left_out / static_cast<double>((problem.rows.n + step - 1) / step);
    return typical <= std::sqrt(squared) * 0x1p-12 ? std::make_shared<const Compact<T>>(problem, std::move(grid)) : nullptr;
}

template std::shared_ptr<const Compact<float>> compact_for(const Problem<float>&);
template std::shared_ptr<const Compact<double>> compact_for(const Problem<double>&);
template std::shared_ptr<const Compact<uint8_t>> compact_for(const Problem<uint8_t>&);
template struct ByteGrid<float>;
template struct ByteGrid<double>;
template struct ByteGrid<uint8_t>;
template class Compact<float>;
template class Compact<double>;
template class Compact<uint8_t>;

} // namespace kmosaic
