#include "sparse.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>

namespace kmosaic {
namespace {

// What the values that are stored say of each column.
template <class T>
struct Columns {
    std::vector<T> low, high;
    std::vector<int64_t> stored; // in rows that count
    int64_t rows = 0;            // that count
    double weight = 0, largest = 0;

    explicit Columns(int64_t d)
        : low(d, std::numeric_limits<T>::max()), high(d, std::numeric_limits<T>::lowest()), stored(d) {}

    // false: there is a NaN or an infinity
    bool look(const SparseRow<T>& x, double w) {
        T poison = 0;
        for (int64_t p = 0; p < x.count; ++p) poison += x.values[p] - x.values[p];
        if (w > 0) {
            ++rows;
            weight = std::max(weight, w);
            for (int64_t p = 0; p < x.count; ++p) {
                const T value = x.values[p];
                const int32_t j = x.columns[p];
                low[j] = std::min(low[j], value);
                high[j] = std::max(high[j], value);
                ++stored[j];
            }
        }
        return poison == 0;
    }

    void merge(const Columns& other) {
        rows += other.rows;
        weight = std::max(weight, other.weight);
        for (size_t j = 0; j < low.size(); ++j) {
            low[j] = std::min(low[j], other.low[j]);
            high[j] = std::max(high[j], other.high[j]);
            stored[j] += other.stored[j];
        }
    }

    void count_zeros() {
        for (size_t j = 0; j < low.size(); ++j) {
            if (stored[j] < rows) {
                low[j] = std::min(low[j], T(0));
                high[j] = std::max(high[j], T(0));
            }
            if (rows) largest = std::max<double>(largest, std::max(std::abs(low[j]), std::abs(high[j])));
        }
    }
};

} // namespace

template <class T>
Frame<Sparse<T>> measure(const Rows<Sparse<T>>& rows, const Kernels&, int threads, const Poll& poll) {
    threads = worth_threads(static_cast<double>(rows.stored()) + static_cast<double>(rows.d), threads);
    const Blocks blocks = cut(rows.n, 4.0 * rows.width(), threads, 1);
    std::vector<Columns<T>> part(threads, Columns<T>(rows.d));
    std::atomic<bool> finite{true};
    parallel(threads, blocks.count, [&](int worker, int64_t block) {
        for (int64_t i = blocks.begin(block); i < blocks.end(block); ++i)
            if (!part[worker].look(rows.row(i), rows.weight(i))) finite = false;
    }, poll);
    for (int worker = 1; worker < threads; ++worker) part[0].merge(part[worker]);
    part[0].count_zeros();
    auto frame = frame_of<Sparse<T>>(part[0].low, part[0].high, part[0].weight, finite.load());
    if (frame.finite && part[0].largest > 0) {
        const int exponent = std::ilogb(part[0].largest) + 1;
        const int limit = sizeof(T) == 4 ? 126 : 900;
        frame.scale = static_cast<T>(std::ldexp(1.0, std::clamp(-exponent, -limit, limit)));
        frame.screens = std::abs(exponent) < 400;
    }
    return frame;
}

template Frame<Sparse<float>> measure(const Rows<Sparse<float>>&, const Kernels&, int, const Poll&);
template Frame<Sparse<double>> measure(const Rows<Sparse<double>>&, const Kernels&, int, const Poll&);

} // namespace kmosaic
