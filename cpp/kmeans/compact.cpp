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
    : d_(problem.rows.d), grid_(std::move(grid)), bytes_(buffer<uint8_t>(problem.rows.n * d_)), residual_(problem.rows.n) {
    const auto& kernel = RowKernelsOf<T>::of(problem.kernels);
    const int threads = worth_threads(10.0 * problem.rows.n * d_, problem.threads);
    const Blocks blocks = cut(problem.rows.n, 10.0 * d_, threads, 16);
    parallel(threads, blocks.count, [&](int, int64_t block) {
        for (int64_t i = blocks.begin(block); i < blocks.end(block); ++i)
            residual_[i] = grid_.write(kernel, problem.rows.row(i), bytes_.get() + i * d_);
    }, problem.poll);
}

template <class T>
ByteGrid<T> ByteGrid<T>::of_pixels(const Frame<T>& frame) {
    ByteGrid grid(frame);
    std::fill(grid.low.begin(), grid.low.end(), 0.0);
    grid.step = 1;
    return grid;
}

template <class T>
double ByteCenters<T>::follow(const Centers& from, const Problem<T>& problem) {
    const bool fresh = whole_.empty();
    whole_.resize(from.exact.size());
    off_.resize(from.k);
    const auto d = static_cast<double>(from.d);
    const int threads = worth_threads(6.0 * from.k * d, problem.threads);
    const Blocks blocks = cut(from.k, 6.0 * d, threads, 1);
    parallel(threads, blocks.count, [&](int, int64_t block) {
        for (auto c = static_cast<int>(blocks.begin(block)); c < blocks.end(block); ++c)
            if (fresh || from.drift.empty() || from.drift[c] > 0) off_[c] = round(from.center(c), whole_.data() + c * from.d);
    }, problem.poll);
    return *std::max_element(off_.begin(), off_.end());
}

// A center outside the rows' range is moved to its border. The division and the differences are rounded as well, by less
// than 2^-50 of what is far: for centers far outside the rows that counts.
template <class T>
double ByteCenters<T>::round(const double* center, int16_t* to) const {
    constexpr double places = 1 << center_bits, top = 255 * places, magic = 0x1.8p52;
    double off = 0, length = 0;
    for (size_t j = 0; j < grid_.low.size(); ++j) {
        const double value = (center[j] - grid_.low[j]) / grid_.step * places;
        const double whole = (std::min(std::max(value, 0.0), top) + magic) - magic; // rounded
        to[j] = static_cast<int16_t>(whole);
        off += (value - whole) * (value - whole);
        length += value * value;
    }
    return (std::sqrt(off) * (1 + 0x1p-20) + std::sqrt(length) * 0x1p-50) * unit() + grid_.coarse;
}

template <class T>
bool worth_bytes(const Problem<T>& problem) {
    constexpr double cache = 24e6;
    if (problem.room / 2 < problem.rows.n * (problem.rows.d + 4)) return false; // bounds are worth more
    const double bytes = static_cast<double>(problem.rows.n) * problem.rows.d * sizeof(T);
    if (sizeof(T) == 1 || bytes < cache || problem.rows.d < 32) return false;
    const ByteGrid<T> grid(problem.frame);
    constexpr int64_t sample = 256;
    const int64_t step = std::max<int64_t>(problem.rows.n / sample, 1);
    std::vector<uint8_t> unused(problem.rows.d);
    double squared = 0, left_out = 0;
    for (const double half : problem.frame.half) squared += half * half;
    for (int64_t i = 0; i < problem.rows.n; i += step)
        left_out += static_cast<double>(grid.write(RowKernelsOf<T>::of(problem.kernels), problem.rows.row(i), unused.data()));
    const double typical = left_out / static_cast<double>((problem.rows.n + step - 1) / step);
    return typical <= std::sqrt(squared) * 0x1p-12;
}

template bool worth_bytes(const Problem<float>&);
template bool worth_bytes(const Problem<double>&);
template bool worth_bytes(const Problem<uint8_t>&);
template struct ByteGrid<float>;
template struct ByteGrid<double>;
template struct ByteGrid<uint8_t>;
template class ByteCenters<float>;
template class ByteCenters<double>;
template class ByteCenters<uint8_t>;
template class Compact<float>;
template class Compact<double>;
template class Compact<uint8_t>;

} // namespace kmosaic
