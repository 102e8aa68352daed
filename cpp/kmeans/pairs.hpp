// Squared distances of all pairs of rows, a tile of pair_rows of them against a few others at a time, in float64: the same bits on
// every instruction set.
//
// Three ways, chosen by what the rows are:
//
// - differences, for few columns: sum over j of (xj - yj)^2, one column after the other.
// - whole numbers, as pixels are: of 16 bits each, from which |x|^2 + |y|^2 - 2 x.y is exact.
// - products: each row, less the mean, is rounded to a grid of its own such that products and their sums over pair_chunk columns
//   are whole numbers of 53 bits: fused or not, and in any order, they are the same. With X and Y the rounded rows, r(x) = |x - X|
//   (measured), and q chunks, the triangle inequality gives
//
//       | |x - y| - |X - Y| |  <=  r(x) + r(y)
//
//   and |X|^2 + |Y|^2 - 2 X.Y, added up in float64, is off by (q + 2) 2^-52 (|X|^2 + |Y|^2) at most. Either is small against the
//   distance if
//
//       |X - Y|^2  >  L(x) + L(y),   L(x) = 2 (2^K r(x))^2 + 2^K (2 q + 8) 2^-53 |X|^2,   K = pair_bits
//
//   since then (r(x) + r(y))^2 <= 2 r(x)^2 + 2 r(y)^2 <= 2^-2K |X - Y|^2, and the distance is off by less than
//   (1 + 1/2) 2^-K + 2^-50 of itself. All other pairs are decided by sum over j of (xj - yj)^2.
//
// Of sparse rows, neither shifted nor rounded, L(x) = 2^K (2 i + 16) 2^-53 |x|^2, with i values stored: x.y, in two running sums, is
// off by (i/2 + 2) 2^-53 |x||y| at most, i of the row that stores less, as zeros add nothing; and |x|^2 by i 2^-53 of itself.
#pragma once

#include "buffer.hpp"
#include "sparse.hpp"
#include "step.hpp"

#include <algorithm>
#include <type_traits>
#include <vector>

namespace kmosaic {

inline constexpr int pair_bits = 19; // K: no distance is off by more than 2^-18 of itself

// What all workers share. Rows are known by their place in an order of the caller's.
template <class T>
class Pairs {
public:
    static constexpr int at_once = 64; // others that squared() takes at most

    Pairs(const Problem<T>& problem, const std::vector<int64_t>& order);

    const Kernels& kernels() const { return problem_.kernels; }

private:
    template <class>
    friend class PairBlocks;
    enum class Way { differences, whole, products };

    bool whole() const;
    void prepare(int64_t place, double* row);
    void level(int64_t place, double* row) const;
    void on_grid(int64_t place, double* row) const;
    void write(int64_t place, int16_t* row) const;
    void write(int64_t place, double* row) const;
    double decide(int64_t a, int64_t b) const;

    const Problem<T> problem_;
    const std::vector<int64_t>& order_;
    Way way_;
    std::vector<double> middle_, scale_;        // (d)
    std::vector<int32_t> whole_middle_;
    std::vector<double> grid_, norms_, limits_; // (n and a tile): a step of the grid; |X|^2; L
};

template <class T>
class Pairs<Sparse<T>> {
public:
    static constexpr int at_once = 512; // a tile is written out anew for each call

    Pairs(const Problem<Sparse<T>>& problem, const std::vector<int64_t>& order);

    const Kernels& kernels() const { return problem_.kernels; }

private:
    template <class>
    friend class PairBlocks;

    SparseRow<T> row(int64_t place) const { return problem_.rows.row(order_[place]); }
    double decide(int64_t a, int64_t b) const;

    const Problem<Sparse<T>> problem_;
    const std::vector<int64_t>& order_;
    double scale_;
    std::vector<double> norms_, limits_;
};

// What one worker holds: two blocks of rows, as tiles and as others.
template <class T>
class PairBlocks {
public:
    explicit PairBlocks(const Pairs<T>& pairs) : pairs_(pairs) {}

    void rows(int64_t first, int64_t count) { lay(first, count, pair_rows, tiles_); }
    void others(int64_t first, int64_t count) { lay(first, count, pair_others, panels_); }

    // out[c * pair_rows + r] = |x - y|^2 for row tile + r and other from + c, c < count <= at_once; 0 beyond the last row. tile and
    // from count from the first of the blocks, in multiples of pair_rows and pair_others. Room for at_once.
    void squared(int64_t tile, int64_t from, int count, double* out) const;

private:
    struct Block {
        int64_t first = 0, count = 0, room = 0;
        Buffer<double> numbers; // rows side by side in panels, one column after the other; or
        Buffer<int32_t> pairs;  // two columns after the other
    };

    void lay(int64_t first, int64_t count, int width, Block& block);
    template <class Number, class Word>
    void interleave(int64_t place, int64_t end, int64_t length, int width, Word* out);
    template <class Number>
    std::vector<Number>& scratch() {
        if constexpr (std::is_same_v<Number, double>) return numbers_;
        else return shorts_;
    }

    const Pairs<T>& pairs_;
    Block tiles_, panels_;
    std::vector<double> numbers_; // a few rows
    std::vector<int16_t> shorts_;
};

template <class T>
class PairBlocks<Sparse<T>> {
public:
    explicit PairBlocks(const Pairs<Sparse<T>>& pairs) : pairs_(pairs), local_(pairs.problem_.rows.d, -1) {}

    void rows(int64_t first, int64_t count) { rows_ = first, rows_end_ = first + count; }
    void others(int64_t first, int64_t /*count*/) { others_ = first; }
    void squared(int64_t tile, int64_t from, int count, double* out);

private:
    void write_out(int64_t first, int count);
    void multiply(int64_t other, double* products);

    const Pairs<Sparse<T>>& pairs_;
    int64_t rows_ = 0, rows_end_ = 0, others_ = 0;
    std::vector<int32_t> local_, used_; // of each column, its number among those that the tile stores a value in; these
    std::vector<double> panels_;        // the tile, dots_width rows at a time
    std::vector<T> values_;
    std::vector<int32_t> columns_;
};

// Those that nobody can be sure of; decide(c, r).
template <class Decide>
void settle_open(double* squared, int count, int rows, Decide decide) {
    for (int c = 0; c < count; ++c)
        for (int r = 0; r < rows; ++r)
            if (double& at = squared[c * pair_rows + r]; at < 0) at = decide(c, r);
}

inline void clear_beyond(double* squared, int count, int rows) {
    for (int c = 0; c < count && rows < pair_rows; ++c)
        std::fill(squared + c * pair_rows + rows, squared + (c + 1) * pair_rows, 0.0);
}

} // namespace kmosaic
