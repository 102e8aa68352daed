#include "sparse_order.hpp"

#include <algorithm>
#include <atomic>
#include <utility>
#include <vector>

namespace kmosaic {
namespace {

// Numbers with a column in the upper half and where it stands in the lower, in order.
class Sorter {
public:
    explicit Sorter(int64_t d) {
        while (places_ < 4 && d > int64_t(1) << 8 * places_) ++places_;
    }

    std::vector<uint64_t>& sorted(const int32_t* columns, int64_t count) {
        constexpr int64_t few = 48; // where counting takes longer than comparing
        keys_.resize(count);
        for (int64_t p = 0; p < count; ++p) keys_[p] = static_cast<uint64_t>(columns[p]) << 32 | static_cast<uint64_t>(p);
        if (count < few) std::sort(keys_.begin(), keys_.end());
        else by_places();
        return keys_;
    }

private:
    // Bytes from the last to the first, equal ones in the order that they came in (radix sort).
    void by_places() {
        other_.resize(keys_.size());
        for (int place = 0; place < places_; ++place) {
            const int shift = 32 + 8 * place;
            uint32_t starts[256] = {};
            for (const uint64_t key : keys_) ++starts[key >> shift & 255];
            uint32_t sum = 0;
            for (uint32_t& start : starts) sum += std::exchange(start, sum);
            for (const uint64_t key : keys_) other_[starts[key >> shift & 255]++] = key;
            keys_.swap(other_);
        }
    }

    int places_ = 0;
    std::vector<uint64_t> keys_, other_;
};

// False: some column comes twice.
template <class T>
bool sort_row(const SparseRow<T>& x, Sorter& sorter, T* values, int32_t* columns) {
    int repeats = 0;
    int64_t at = 0;
    for (const uint64_t key : sorter.sorted(x.columns, x.count)) {
        columns[at] = static_cast<int32_t>(key >> 32);
        values[at] = x.values[key & 0xffffffff];
        repeats += at > 0 && columns[at] == columns[at - 1];
        ++at;
    }
    return repeats == 0;
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
    std::vector<Sorter> sorters(threads, Sorter(rows.d));
    std::atomic<bool> once{true};
    parallel(threads, blocks.count, [&](int worker, int64_t block) {
        for (int64_t i = blocks.begin(block); i < blocks.end(block); ++i) {
            const int64_t start = rows.starts[i];
            if (!sort_row(rows.row(i), sorters[worker], values.get() + start, columns.get() + start)) once = false;
        }
    }, poll);
    return once;
}

template Order order_of(const Rows<Sparse<float>>&, int, const Poll&);
template Order order_of(const Rows<Sparse<double>>&, int, const Poll&);
template bool put_in_order(const Rows<Sparse<float>>&, int, const Poll&, Buffer<float>&, Buffer<int32_t>&);
template bool put_in_order(const Rows<Sparse<double>>&, int, const Poll&, Buffer<double>&, Buffer<int32_t>&);

} // namespace kmosaic
