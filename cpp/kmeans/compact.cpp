#include "measure.hpp"

#include <algorithm>

namespace kmosaic {

template <class T>
Compact<T>::Compact(const Problem<T>& problem)
    : d_(problem.rows.d), low_(d_), bytes_(problem.rows.n * d_), residual_(problem.rows.n) {
    const Frame<T>& frame = problem.frame;
    double widest = 0, farthest = 0;
    for (int64_t j = 0; j < d_; ++j) {
        const auto shift = static_cast<double>(frame.shift[j]);
        low_[j] = shift - frame.half[j];
        widest = std::max(widest, frame.half[j]);
        farthest = std::max(farthest, std::abs(shift) + 2 * frame.half[j]);
    }
    step_ = widest > 0 ? 2 * widest / 255 : 1.0; // exactly 1 for pixels
    // low + byte * step and the difference from x are rounded three times, each by 2^-53 of the farthest value at most.
    coarse_ = std::sqrt(static_cast<double>(d_)) * farthest * 0x1p-50;
    const auto& kernel = RowKernelsOf<T>::of(problem.kernels);
    const int threads = worth_threads(10.0 * problem.rows.n * d_, problem.threads);
    const Blocks blocks = cut(problem.rows.n, 10.0 * d_, threads, 16);
    std::vector<double> sums(threads);
    parallel(threads, blocks.count, [&](int worker, int64_t block) {
        for (int64_t i = blocks.begin(block); i < blocks.end(block); ++i) {
            const double squared = kernel.compact(problem.rows.row(i), d_, low_.data(), step_, bytes_.data() + i * d_);
            const double length = std::sqrt(squared) * (1 + 0x1p-30) + coarse_;
            residual_[i] = static_cast<float>(length * (1 + 0x1p-22));
            sums[worker] += length;
        }
    }, problem.poll);
    for (const double sum : sums) typical_ += sum / static_cast<double>(problem.rows.n);
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
                const double value = (from.center(c)[j] - low_[j]) / step_;
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
    return (std::sqrt(most) * (1 + 0x1p-20) + std::sqrt(far) * 0x1p-50) * step_ + coarse_;
}

template <class T>
std::shared_ptr<const Compact<T>> compact_for(const Problem<T>& problem) {
    constexpr double cache = 24e6;
    const double bytes = static_cast<double>(problem.rows.n) * problem.rows.d * sizeof(T);
    if (sizeof(T) == 1 || bytes < cache || problem.rows.d < 32) return nullptr;
    double squared = 0; // of the data's half width
    for (const double half : problem.frame.half) squared += half * half;
    const auto found = std::make_shared<const Compact<T>>(problem);
    return found->typical_residual() <= std::sqrt(squared) * 0x1p-12 ? found : nullptr;
}

template std::shared_ptr<const Compact<float>> compact_for(const Problem<float>&);
template std::shared_ptr<const Compact<double>> compact_for(const Problem<double>&);
template std::shared_ptr<const Compact<uint8_t>> compact_for(const Problem<uint8_t>&);
template class Compact<float>;
template class Compact<double>;
template class Compact<uint8_t>;

} // namespace kmosaic
