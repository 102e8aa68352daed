#include "sparse_order.hpp"

#include <algorithm>
#include <atomic>
#include <bit>
#include <utility>

namespace kmosaic {
namespace {

// A row's columns as bits, and one bit for every 64 of these: reading them in order sorts in linear time.
template <class T>
class ByBits {
public:
    static constexpr int64_t most_columns = int64_t(1) << 22;

    explicit ByBits(int64_t d) : value_(d), bits_((d + 63) / 64), summary_((bits_.size() + 63) / 64) {}

    bool operator()(const SparseRow<T>& x, T* values, int32_t* columns) {
        bool once = true;
        for (int64_t p = 0; p < x.count; ++p) {
            const int32_t j = x.columns[p];
            uint64_t& bits = bits_[j / 64];
            const uint64_t bit = uint64_t(1) << j % 64;
            once = once && !(bits & bit);
            bits |= bit;
            summary_[j / 4096] |= uint64_t(1) << j / 64 % 64;
            value_[j] = x.values[p];
        }
        for (size_t s = 0; s < summary_.size(); ++s)
            for (uint64_t words = std::exchange(summary_[s], 0); words; words &= words - 1) {
                const auto word = static_cast<int32_t>(s * 64 + std::countr_zero(words));
                for (uint64_t bits = std::exchange(bits_[word], 0); bits; bits &= bits - 1) {
                    *columns = word * 64 + std::countr_zero(bits);
                    *values++ = value_[*columns++];
                }
            }
        return once;
    }

private:
    std::vector<T> value_; // (d)
    std::vector<uint64_t> bits_, summary_;
};

// Too many columns for a place each.
template <class T>
bool by_comparing(const SparseRow<T>& x, std::vector<std::pair<int32_t, T>>& pairs, T* values, int32_t* columns) {
    pairs.clear();
    for (int64_t p = 0; p < x.count; ++p) pairs.emplace_back(x.columns[p], x.values[p]);
    std::sort(pairs.begin(), pairs.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    bool once = true;
    for (int64_t p = 0; p < x.count; ++p) {
        columns[p] = pairs[p].first;
        values[p] = pairs[p].second;
        once = once && (p == 0 || columns[p] != columns[p - 1]);
    }
    return once;
}

} // namespace

template <class T>
Order order_of(const Rows<Sparse<T>>& rows, int threads, const Poll& poll) {
    std::atomic<bool> exist{true}, ascend{true};
    threads = worth_threads(static_cast<double>(rows.stored()), threads);
    const Blocks blocks = cut(rows.n, rows.width(), threads, 1);
    parallel(threads, blocks.count, [&](int, int64_t block) {
        int falls = 0;
        uint32_t last = 0;
        for (int64_t i = blocks.begin(block); i < blocks.end(block); ++i) {
            const SparseRow<T> x = rows.row(i);
            for (int64_t p = 0; p < x.count; ++p) last = std::max(last, static_cast<uint32_t>(x.columns[p]));
            for (int64_t p = 1; p < x.count; ++p) falls += x.columns[p] <= x.columns[p - 1];
            if (x.count && last >= rows.d) exist = false; // negative ones are large as well
            if (std::exchange(falls, 0)) ascend = false;
        }
    }, poll);
    return !exist ? Order::none : ascend ? Order::ascending : Order::mixed;
}

template <class T>
bool put_in_order(const Rows<Sparse<T>>& rows, int threads, const Poll& poll, Buffer<T>& values,
                  Buffer<int32_t>& columns) {
    values = buffer<T>(rows.stored());
    columns = buffer<int32_t>(rows.stored());
    threads = worth_threads(8.0 * static_cast<double>(rows.stored()), threads);
    const Blocks blocks = cut(rows.n, 8.0 * rows.width(), threads, 1);
    const bool bits = rows.d <= ByBits<T>::most_columns;
    std::vector<ByBits<T>> sorters(bits ? threads : 0, ByBits<T>(bits ? rows.d : 0));
    std::vector<std::vector<std::pair<int32_t, T>>> pairs(threads);
    std::atomic<bool> once{true};
    parallel(threads, blocks.count, [&](int worker, int64_t block) {
        for (int64_t i = blocks.begin(block); i < blocks.end(block); ++i) {
            const int64_t start = rows.starts[i];
            const bool good = bits ? sorters[worker](rows.row(i), values.get() + start, columns.get() + start)
                                   : by_comparing(rows.row(i), pairs[worker], values.get() + start, columns.get() + start);
            if (!good) once = false;
        }
    }, poll);
    return once;
}

template Order order_of(const Rows<Sparse<float>>&, int, const Poll&);
template Order order_of(const Rows<Sparse<double>>&, int, const Poll&);
template bool put_in_order(const Rows<Sparse<float>>&, int, const Poll&, Buffer<float>&, Buffer<int32_t>&);
template bool put_in_order(const Rows<Sparse<double>>&, int, const Poll&, Buffer<double>&, Buffer<int32_t>&);

} // namespace kmosaic
