#include "pairs.hpp"

#include <atomic>
#include <cmath>
#include <cstring>
#include <type_traits>

namespace kmosaic {
namespace {

constexpr int64_t few_columns = 16, fewest_whole_columns = 5; // measured
constexpr double most_whole = 32767, most_product = 0x1p31 - 1;
constexpr int chunk_bits = 26, least_grid = -400, vanishing = -500; // exponents

// The squared length, a chunk after the other, as pair_products() adds up; and that of the longest chunk.
struct Length {
    double squared, chunk;
};

Length length_of(const double* row, int64_t d) {
    Length found{0, 0};
    for (int64_t from = 0; from < d; from += pair_chunk) {
        double sum = 0;
        for (int64_t j = from; j < std::min(d, from + pair_chunk); ++j) sum += row[j] * row[j];
        found.squared = from == 0 ? sum : found.squared + sum;
        found.chunk = std::max(found.chunk, sum);
    }
    return found;
}

} // namespace

template <class T>
Pairs<T>::Pairs(const Problem<T>& problem, const std::vector<int64_t>& order)
    : problem_(problem), order_(order), middle_(problem.rows.d, 0.0), scale_(problem.rows.d, 1.0) {
    const Frame<T>& frame = problem.frame;
    const int64_t n = problem.rows.n, d = problem.rows.d;
    for (int64_t j = 0; j < d; ++j) middle_[j] = std::nearbyint(static_cast<double>(frame.middle[j]));
    way_ = d >= fewest_whole_columns && whole() ? Way::whole : d <= few_columns ? Way::differences : Way::products;
    for (int64_t j = 0; j < d && way_ != Way::whole; ++j) {
        middle_[j] = way_ == Way::differences ? 0.0 : static_cast<double>(frame.middle[j]);
        scale_[j] = frame.half[j] > 0 ? static_cast<double>(frame.scale) : 0.0; // what is the same in all rows may be far out
    }
    if (way_ == Way::differences) return;
    if (way_ == Way::whole) whole_middle_.assign(middle_.begin(), middle_.end());
    norms_.resize(n + pair_rows);
    limits_.resize(n + pair_rows, -1.0);
    if (way_ == Way::products) grid_.resize(n);
    const int threads = worth_threads(8.0 * static_cast<double>(n) * static_cast<double>(d), problem.threads);
    const Blocks blocks = cut(n, 8.0 * static_cast<double>(d), threads, 1);
    parallel(threads, blocks.count, [&](int, int64_t block) {
        std::vector<double> row(d);
        for (int64_t place = blocks.begin(block); place < blocks.end(block); ++place) prepare(place, row.data());
    }, problem.poll);
}

// Whether all rows, less the middle, are whole numbers of 16 bits whose products fit 32 bits.
template <class T>
bool Pairs<T>::whole() const {
    const Rows<T>& rows = problem_.rows;
    const int threads = worth_threads(2.0 * static_cast<double>(rows.n) * static_cast<double>(rows.d), problem_.threads);
    const Blocks blocks = cut(rows.n, 2.0 * static_cast<double>(rows.d), threads, 1);
    std::atomic<bool> all{true};
    parallel(threads, blocks.count, [&](int, int64_t block) {
        for (int64_t i = blocks.begin(block); i < blocks.end(block) && all.load(std::memory_order_relaxed); ++i) {
            const T* x = rows.row(i);
            double squared = 0, odd = 0;
            for (int64_t j = 0; j < rows.d; ++j) {
                const double value = static_cast<double>(x[j]) - middle_[j], size = std::abs(value);
                if (!(size <= most_whole)) odd = 1; // or the sums below would not be exact
                else if constexpr (!std::is_same_v<T, uint8_t>) odd += std::abs(size - ((size + 0x1p52) - 0x1p52));
                squared += value * value;
            }
            if (odd > 0 || !(squared <= most_product)) all = false;
        }
    }, problem_.poll);
    return all;
}

template <class T>
void Pairs<T>::prepare(int64_t place, double* row) {
    const int64_t d = problem_.rows.d;
    level(place, row);
    if (way_ == Way::whole) {
        norms_[place] = length_of(row, d).squared;
        return;
    }
    const Length raw = length_of(row, d);
    grid_[place] = power_of_two(raw.chunk > 0 ? std::max(exponent_of(std::sqrt(raw.chunk)) + 1 - chunk_bits, least_grid) : least_grid);
    std::vector<double> rounded(row, row + d);
    on_grid(place, rounded.data());
    double off = 0;
    for (int64_t j = 0; j < d; ++j) off += (row[j] - rounded[j]) * (row[j] - rounded[j]);
    norms_[place] = length_of(rounded.data(), d).squared;
    // Taking off the middle rounds as well.
    const double left_out = std::sqrt(off) * (1 + 0x1p-30) + 0x1p-52 * std::sqrt(raw.squared) + power_of_two(vanishing);
    const double chunks = static_cast<double>((d + pair_chunk - 1) / pair_chunk);
    limits_[place] = 2 * std::ldexp(left_out * left_out, 2 * pair_bits) +
                     std::ldexp((2 * chunks + 8) * norms_[place], pair_bits - 53);
}

template <class T>
void Pairs<T>::level(int64_t place, double* row) const {
    const T* x = problem_.rows.row(order_[place]);
    for (int64_t j = 0; j < problem_.rows.d; ++j) row[j] = (static_cast<double>(x[j]) - middle_[j]) * scale_[j];
}

template <class T>
void Pairs<T>::write(int64_t place, int16_t* row) const {
    const T* x = problem_.rows.row(order_[place]);
    for (int64_t j = 0; j < problem_.rows.d; ++j)
        row[j] = static_cast<int16_t>(static_cast<int32_t>(x[j]) - whole_middle_[j]);
}

template <class T>
void Pairs<T>::write(int64_t place, double* row) const {
    level(place, row);
    if (way_ == Way::products) on_grid(place, row);
}

// Each number rounded to a whole number of steps: adding so large a number leaves none below them.
template <class T>
void Pairs<T>::on_grid(int64_t place, double* row) const {
    const double large = grid_[place] * 0x1.8p52;
    for (int64_t j = 0; j < problem_.rows.d; ++j) row[j] = (row[j] + large) - large;
}

// Rows that are copies are told at once.
template <class T>
double Pairs<T>::decide(int64_t a, int64_t b) const {
    const int64_t d = problem_.rows.d;
    const T *x = problem_.rows.row(order_[a]), *y = problem_.rows.row(order_[b]);
    if (std::memcmp(x, y, static_cast<size_t>(d) * sizeof(T)) == 0) return 0;
    double part[8] = {};
    int64_t j = 0;
    const auto add = [&](int64_t at, int lane) {
        const double gap = (static_cast<double>(x[at]) - static_cast<double>(y[at])) * scale_[at];
        part[lane] += gap * gap;
    };
    for (; j + 8 <= d; j += 8)
        for (int lane = 0; lane < 8; ++lane) add(j + lane, lane);
    for (; j < d; ++j) add(j, static_cast<int>(j % 8));
    return ((part[0] + part[4]) + (part[2] + part[6])) + ((part[1] + part[5]) + (part[3] + part[7]));
}

// Four rows at a time, whose numbers lie side by side in any panel.
template <class T>
void PairBlocks<T>::lay(int64_t first, int64_t count, int width, Block& block) {
    const bool whole = pairs_.way_ == Pairs<T>::Way::whole;
    const int64_t d = pairs_.problem_.rows.d, length = whole ? (d + 1) / 2 : d;
    const int64_t rows = (count + pair_rows - 1) / pair_rows * pair_rows;
    if (rows * length > block.room) {
        if (whole) block.pairs = buffer<int32_t>(rows * length);
        else block.numbers = buffer<double>(rows * length);
        block.room = rows * length;
    }
    block.first = first;
    block.count = count;
    for (int64_t r = 0; r < rows; r += pair_others) {
        const int64_t at = r / width * width * length + r % width;
        if (whole) interleave<int16_t, int32_t>(first + r, first + count, length, width, block.pairs.get() + at);
        else interleave<double, double>(first + r, first + count, length, width, block.numbers.get() + at);
    }
}

// The rows of four places, zeros from `end` on, as words of one number or of two.
template <class T>
template <class Number, class Word>
void PairBlocks<T>::interleave(int64_t place, int64_t end, int64_t length, int width, Word* out) {
    constexpr int64_t together = sizeof(Word) / sizeof(Number);
    std::vector<Number>& rows = scratch<Number>();
    rows.assign(pair_others * length * together, Number(0)); // of an odd number of columns the last has no partner
    for (int r = 0; r < pair_others && place + r < end; ++r) pairs_.write(place + r, rows.data() + r * length * together);
    const auto word = [&](int64_t at) {
        Word value;
        std::memcpy(&value, rows.data() + at * together, sizeof value);
        return value;
    };
    for (int64_t j = 0; j < length; ++j)
        for (int r = 0; r < pair_others; ++r) out[j * width + r] = word(r * length + j);
}

template <class T>
void PairBlocks<T>::squared(int64_t tile, int64_t from, int count, double* out) const {
    using Way = typename Pairs<T>::Way;
    const Kernels& kernels = pairs_.problem_.kernels;
    const int64_t d = pairs_.problem_.rows.d, row = tiles_.first + tile, other = panels_.first + from;
    const int rows = static_cast<int>(std::min<int64_t>(pair_rows, tiles_.count - tile));
    const int all = (count + pair_others - 1) / pair_others * pair_others;
    if (pairs_.way_ == Way::whole) {
        const int64_t length = (d + 1) / 2;
        kernels.pair_products_int16(tiles_.pairs.get() + tile * length, length, panels_.pairs.get() + from * length, all, out);
    } else {
        const auto kernel = pairs_.way_ == Way::products ? kernels.pair_products : kernels.pair_differences;
        kernel(tiles_.numbers.get() + tile * d, d, panels_.numbers.get() + from * d, all, out);
    }
    if (pairs_.way_ != Way::differences &&
        kernels.pair_squares(out, count, &pairs_.norms_[row], &pairs_.limits_[row], &pairs_.norms_[other], &pairs_.limits_[other]))
        settle_open(out, count, rows, [&](int c, int r) { return pairs_.decide(row + r, other + c); });
    clear_beyond(out, count, rows);
}

template class Pairs<float>;
template class Pairs<double>;
template class Pairs<uint8_t>;
template class PairBlocks<float>;
template class PairBlocks<double>;
template class PairBlocks<uint8_t>;

} // namespace kmosaic
