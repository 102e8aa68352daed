#include "sparse.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>

namespace kmosaic {
namespace {

// What the values that are stored say of one column.
template <class T>
struct Column {
    T low = std::numeric_limits<T>::max(), high = std::numeric_limits<T>::lowest();
    T sizes = 0;         // their absolute values, added up
    uint32_t stored = 0; // in rows that count; short, as all of this is read at random
};

template <class T>
struct Columns {
    std::vector<Column<T>> column; // (d)
    int64_t rows = 0;              // that count
    double weight = 0, largest = 0;

    void make_room(int64_t d) {
        if (column.empty()) column.resize(d);
    }

    // false: there is a NaN or an infinity
    bool look(const SparseRow<T>& x, double w) {
        T poison = 0;
        for (int64_t p = 0; p < x.count; ++p) poison += x.values[p] - x.values[p];
        if (w > 0) {
            ++rows;
            weight = std::max(weight, w);
            for (int64_t p = 0; p < x.count; ++p) {
                Column<T>& of = column[x.columns[p]];
                of.low = std::min(of.low, x.values[p]);
                of.high = std::max(of.high, x.values[p]);
                ++of.stored;
                of.sizes += std::abs(x.values[p]);
            }
        }
        return poison == 0;
    }

    void merge(const Columns& other) {
        rows += other.rows;
        weight = std::max(weight, other.weight);
        for (size_t j = 0; j < other.column.size(); ++j) {
            column[j].low = std::min(column[j].low, other.column[j].low);
            column[j].high = std::max(column[j].high, other.column[j].high);
            column[j].stored += other.column[j].stored;
            column[j].sizes += other.column[j].sizes;
        }
    }

    void count_zeros() {
        for (Column<T>& of : column) {
            if (of.stored < rows) {
                of.low = std::min(of.low, T(0));
                of.high = std::max(of.high, T(0));
            }
            if (rows) largest = std::max<double>(largest, std::max(std::abs(of.low), std::abs(of.high)));
        }
    }

    bool full(size_t j) const { return column[j].stored == rows; }

    // Whether sums of what values are beyond the base, each a whole number below 2^52, may pass 63 bits. `sizes` is a sum
    // of fewer than 2^21 numbers, so it is short by a seventh at most (Higham 2002, section 4.2), and by what counts as zero
    // where the processor was told to flush.
    bool crowded(size_t j, double grid) const {
        const Column<T>& of = column[j];
        if (of.stored < 1 << 10) return false;
        const bool told = !full(j) && of.stored < 1 << 21 && of.high - of.low > T(0x1p-100);
        return !(told && 1.5 * static_cast<double>(of.sizes) * grid < 0x1p62);
    }

    template <class Which>
    std::vector<T> all(Which which) const {
        std::vector<T> values(column.size());
        for (size_t j = 0; j < column.size(); ++j) values[j] = column[j].*which;
        return values;
    }
};

template <class T>
ColumnsOf<Sparse<T>> columns_of(const Frame<Sparse<T>>& frame, const Columns<T>& seen) {
    const size_t d = frame.shift.size();
    ColumnsOf<Sparse<T>> columns{std::vector<SparseColumn<T>>(d), std::vector<double>(d), std::vector<double>(d), {}, {},
                                 std::vector<int32_t>(d)};
    for (size_t j = 0; j < d; ++j) {
        SparseColumn<T>& one = columns.all[j];
        const int exponent = exponent_of(frame.grid[j]);
        one = {{frame.shift[j], static_cast<uint16_t>(1023 + exponent), seen.crowded(j, frame.grid[j]), seen.full(j)}};
        columns.bases[j] = static_cast<double>(one.on_grid(one.base()));
        columns.inverse_grid[j] = power_of_two(-exponent);
        if (one.full) columns.full.push_back(static_cast<int32_t>(j));
        if (!one.crowded) continue;
        columns.place[j] = static_cast<int32_t>(columns.crowded.size());
        columns.crowded.push_back(static_cast<int32_t>(j));
    }
    return columns;
}

} // namespace

template <class T>
Frame<Sparse<T>> measure(const Rows<Sparse<T>>& rows, const Kernels&, int threads, const Poll& poll) {
    threads = worth_threads(6.0 * static_cast<double>(rows.stored()), threads);
    const Blocks blocks = cut(rows.n, 4.0 * rows.width(), threads, 1);
    std::vector<Columns<T>> part(threads);
    part[0].make_room(rows.d);
    std::atomic<bool> finite{true};
    parallel(threads, blocks.count, [&](int worker, int64_t block) {
        part[worker].make_room(rows.d);
        for (int64_t i = blocks.begin(block); i < blocks.end(block); ++i)
            if (!part[worker].look(rows.row(i), rows.weight(i))) finite = false;
    }, poll);
    for (int worker = 1; worker < threads; ++worker) part[0].merge(part[worker]);
    part[0].count_zeros();
    auto frame = frame_of<Sparse<T>>(part[0].all(&Column<T>::low), part[0].all(&Column<T>::high), part[0].weight, finite.load());
    frame.columns = columns_of(frame, part[0]);
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
