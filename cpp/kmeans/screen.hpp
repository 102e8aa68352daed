// The nearest center of every row: screened in float32, decided in float64 where float32 cannot tell.
#pragma once

#include "centers.hpp"
#include "frame.hpp"
#include "int16.hpp"
#include "parallel.hpp"

#include <algorithm>
#include <bit>
#include <limits>
#include <utility>
#include <vector>

namespace kmosaic {

// Centers as the screen needs them: less frame.middle, scaled, in float32.
template <class T>
struct Prepared {
    const Centers* centers = nullptr;
    std::vector<float> small;      // (k, d)
    FloatBuffer panels;            // packed for the tile, where few() is not the better way
    std::vector<float> half_norms; // |c|^2 / 2
    double largest_norm = 0;       // largest |c|
    Int16Centers int16;

    // row_length: as for Int16Centers.
    void prepare(const Centers& from, const Frame<T>& frame, const Kernels& kernels, int threads = 1, const Poll& poll = {},
                 double row_length = 0);

    // Few centers and many columns: packing the rows would cost as much as the products themselves.
    bool few() const { return centers->k <= group_width && centers->d >= 32; }
};

// What a fit can tell of its proofs: how many rows were looked at, how many of them float64 had to decide, and the largest
// error bound that was relied on, in scaled squared units.
struct Tally {
    int64_t screened = 0, decided = 0;
    double largest_bound = 0;

    void add(const Tally& other) {
        screened += other.screened;
        decided += other.decided;
        largest_bound = std::max(largest_bound, other.largest_bound);
    }
};

// What one worker needs to look at rows.
template <class T>
struct Scratch {
    FloatBuffer tile, scores;
    alignas(64) float squared_norms[max_tile_rows], best[max_tile_rows], second[max_tile_rows];
    alignas(64) int32_t index[max_tile_rows];
    const T* rows[max_tile_rows];
    alignas(64) int32_t labels[max_tile_rows];
    std::vector<int64_t> doubtful; // rows that 16 bits could not decide
    std::vector<int64_t> unsure;   // rows that the screen could not decide
    std::vector<int> candidates;
    int64_t looked_again = 0; // rows in doubt so far
    Tally tally;
};

template <class T>
class Screen {
public:
    Screen(const Rows<T>& rows, const Frame<T>& frame, const Kernels& kernels)
        : rows_(rows), frame_(frame), kernels_(kernels), kernel_(RowKernelsOf<T>::of(kernels)) {}

    // Twice the error of a score, for rows of a given squared norm: a + b |x|^2. Two scores that lie farther apart
    // than this are in the right order, and so are the float64 distances.
    struct Margin {
        float base, slope;
        float of(float squared_norm) const { return base + slope * squared_norm; }
    };

    Margin margin_of(const Prepared<T>& prepared) const;

    int tile_rows() const { return kernels_.tile_rows; }
    double distance(int64_t row, const double* center) const {
        return kernel_.squared_distance(rows_.row(row), center, rows_.d);
    }

    // settle(row, label) for each row of [begin, end) whose nearest center is not labels[row], in no order that
    // anything may depend on. labels: those so far, of all rows. Looked at in 16 bits where prepared so; what these leave in
    // doubt waits until it fills a tile, or for finish().
    template <class Settle>
    void changed(const Prepared<T>& prepared, const int32_t* labels, int64_t begin, int64_t end, Scratch<T>& scratch,
                 Settle settle) const {
        const bool int16 = prepared.int16.used();
        const Margin margin = int16 ? Margin{prepared.int16.margin(), 1.0f} : margin_of(prepared);
        const int step = int16 ? kernels_.int16_rows : tile_rows();
        each_tile(labels, begin, end, step, scratch, int16 ? scratch.doubtful : scratch.unsure, margin, settle, [&](int64_t first, int count) {
            for (int r = 0; r < count; ++r) scratch.rows[r] = rows_.row(first + r);
            if (int16) look_int16(prepared, count, scratch);
            else look(prepared, count, scratch);
        });
        scratch.tally.largest_bound = std::max<double>(scratch.tally.largest_bound, margin.base);
        look_again(prepared, labels, tile_rows(), scratch, settle);
        decide_unsure(prepared, labels, tile_rows(), scratch, settle);
    }

    // The same where first(row, count, scratch) looks at some rows in its own way, and leaves the margin of each in place of
    // its squared norm.
    template <class First, class Settle>
    void changed_after(First look_first, const Prepared<T>& prepared, const int32_t* labels, int64_t begin, int64_t end,
                       Scratch<T>& scratch, Settle settle) const {
        each_tile(labels, begin, end, max_tile_rows, scratch, scratch.doubtful, Margin{0.0f, 1.0f}, settle,
                  [&](int64_t first, int count) { look_first(first, count, scratch); });
        look_again(prepared, labels, tile_rows(), scratch, settle);
        decide_unsure(prepared, labels, tile_rows(), scratch, settle);
    }

    // After the last changed() of a scratch: the rows that wait.
    template <class Settle>
    void finish(const Prepared<T>& prepared, const int32_t* labels, Scratch<T>& scratch, Settle settle) const {
        look_again(prepared, labels, 1, scratch, settle);
        decide_unsure(prepared, labels, 1, scratch, settle);
    }

    // What few of the rows are longer than, scaled; 0 where 16 bits would not pay.
    double row_length(int k) const;

    // settle(row, label, squared distance, second label, squared distance) for each row of [begin, end); k >= 2.
    template <class Settle>
    void nearest_two(const Prepared<T>& prepared, int64_t begin, int64_t end, Scratch<T>& scratch, Settle settle) const {
        for (int64_t first = begin; first < end; first += tile_rows()) {
            const int count = load(first, end, scratch);
            score(prepared, scratch);
            Two two[max_tile_rows];
            closest_two_of_tile(prepared, first, count, scratch, two);
            for (int r = 0; r < count; ++r)
                settle(first + r, two[r].label, two[r].distance, two[r].second_label, two[r].second_distance);
        }
    }

    // use(row, scores, squared, slack) for each row of [begin, end): the true squared distance to center c, scaled, is within
    // slack of squared + 2 scores[c], in float32. There is room for as many scores as group_width divides.
    template <class Use>
    void all_scores(const Prepared<T>& prepared, int64_t begin, int64_t end, Scratch<T>& scratch, Use use) const {
        const Margin margin = margin_of(prepared);
        const int k = prepared.centers->k, tile = tile_rows();
        std::vector<float> of_row(k + group_width);
        for (int64_t first = begin; first < end; first += tile) {
            const int count = load(first, end, scratch);
            score(prepared, scratch);
            for (int r = 0; r < count; ++r) {
                for (int c = 0; c < k; ++c) of_row[c] = scratch.scores[static_cast<int64_t>(c) * tile + r];
                const double squared = static_cast<double>(scratch.squared_norms[r]);
                const double longest = std::sqrt(squared) + prepared.largest_norm;
                const double slack = static_cast<double>(margin.of(scratch.squared_norms[r])) + 2 * squared * norm_error();
                use(first + r, of_row.data(), scratch.squared_norms[r], static_cast<float>(slack + 0x1p-21 * longest * longest));
            }
        }
    }

    Scratch<T> scratch(int k) const {
        Scratch<T> made;
        made.tile = float_buffer(rows_.d * tile_rows());
        made.scores = float_buffer(std::max(static_cast<int64_t>(std::max(k, group_width)) * tile_rows(), int64_t(group_width) * max_tile_rows));
        return made;
    }

private:
    struct Two {
        int label = -1, second_label = -1;
        double distance = std::numeric_limits<double>::infinity(), second_distance = distance;

        // Centers come in ascending order, so the first of equal distances has the lowest index.
        void see(int c, double squared) {
            if (label < 0 || squared < distance) {
                second_label = std::exchange(label, c);
                second_distance = std::exchange(distance, squared);
            } else if (second_label < 0 || squared < second_distance) {
                second_label = c;
                second_distance = squared;
            }
        }
    };

    // look(row, count) at `step` rows at a time; what it leaves open is noted.
    template <class Look, class Settle>
    void each_tile(const int32_t* labels, int64_t begin, int64_t end, int step, Scratch<T>& scratch, std::vector<int64_t>& open,
                   Margin margin, Settle settle, Look look) const {
        for (int64_t first = begin; first < end; first += step) {
            const auto count = static_cast<int>(std::min<int64_t>(step, end - first));
            look(first, count);
            review(margin, count, labels + first, scratch, [first](int r) { return first + r; }, settle, open);
        }
        scratch.tally.screened += end - begin;
    }

    double norm_error() const { return static_cast<double>(rows_.d + 8) * 0x1p-23; }
    int load(int64_t first, int64_t end, Scratch<T>& scratch) const;

    // Best, second, index and squared norms of the `count` scratch.rows.
    void look(const Prepared<T>& prepared, int count, Scratch<T>& scratch) const;
    // The same in 16 bits, with what the length of each row adds to the margin in place of its squared norm.
    void look_int16(const Prepared<T>& prepared, int count, Scratch<T>& scratch) const;

    // In float32 what 16 bits left in doubt, as long as there are so many rows to look at together.
    template <class Settle>
    void look_again(const Prepared<T>& prepared, const int32_t* labels, int64_t fewest, Scratch<T>& scratch, Settle settle) const {
        std::vector<int64_t>& doubtful = scratch.doubtful;
        const Margin margin = margin_of(prepared);
        for (int64_t left; (left = static_cast<int64_t>(doubtful.size())) >= fewest;) {
            const auto count = static_cast<int>(std::min<int64_t>(tile_rows(), left));
            const int64_t* rows = doubtful.data() + left - count;
            for (int r = 0; r < count; ++r) {
                scratch.rows[r] = rows_.row(rows[r]);
                scratch.labels[r] = labels[rows[r]];
            }
            look(prepared, count, scratch);
            review(margin, count, scratch.labels, scratch, [rows](int r) { return rows[r]; }, settle, scratch.unsure);
            doubtful.resize(left - count);
            scratch.looked_again += count;
        }
    }

    // In float64 what float32 left unsure.
    template <class Settle>
    void decide_unsure(const Prepared<T>& prepared, const int32_t* labels, int64_t fewest, Scratch<T>& scratch,
                       Settle settle) const {
        if (static_cast<int64_t>(scratch.unsure.size()) < fewest) return;
        scratch.tally.decided += static_cast<int64_t>(scratch.unsure.size());
        decide(prepared, scratch, [&](int64_t row, int32_t label) {
            if (label != labels[row]) settle(row, label);
        });
        scratch.unsure.clear();
    }

    // What was found of the rows row(0), row(1), ...: settle() those that changed, note those that nobody can be sure of.
    template <class Row, class Settle>
    void review(Margin margin, int count, const int32_t* labels, const Scratch<T>& scratch, Row row, Settle settle,
                std::vector<int64_t>& unsure) const {
        uint64_t open, other;
        kernels_.review(scratch.best, scratch.second, scratch.squared_norms, margin.base, margin.slope, scratch.index, labels,
                        count, &open, &other);
        for (; other; other &= other - 1) {
            const int r = std::countr_zero(other);
            settle(row(r), scratch.index[r]);
        }
        for (; open; open &= open - 1) unsure.push_back(row(std::countr_zero(open)));
    }
    void gather(const int64_t* rows, int count, Scratch<T>& scratch) const;
    void score(const Prepared<T>& prepared, Scratch<T>& scratch) const;

    // The centers that may be the nearest of row r of the scored tile.
    void candidates(const Prepared<T>& prepared, int r, Scratch<T>& scratch) const;
    Two closest_two(const Centers& centers, int64_t row, const std::vector<int>& among) const;

    // Of the rows of the scored tile, which begins with row `first`. All rows side by side: one by one takes three times as long.
    void closest_two_of_tile(const Prepared<T>& prepared, int64_t first, int count, const Scratch<T>& scratch, Two* two) const;

    template <class Settle>
    void decide(const Prepared<T>& prepared, Scratch<T>& scratch, Settle settle) const {
        const auto unsure = static_cast<int64_t>(scratch.unsure.size());
        for (int64_t first = 0; first < unsure; first += tile_rows()) {
            const int count = static_cast<int>(std::min<int64_t>(tile_rows(), unsure - first));
            gather(scratch.unsure.data() + first, count, scratch);
            score(prepared, scratch);
            for (int r = 0; r < count; ++r) {
                candidates(prepared, r, scratch);
                const int64_t row = scratch.unsure[first + r];
                settle(row, closest_two(*prepared.centers, row, scratch.candidates).label);
            }
        }
    }

    const Rows<T>& rows_;
    const Frame<T>& frame_;
    const Kernels& kernels_;
    const RowKernels<T>& kernel_;
};

extern template struct Prepared<float>;
extern template struct Prepared<double>;
extern template struct Prepared<uint8_t>;
extern template class Screen<float>;
extern template class Screen<double>;
extern template class Screen<uint8_t>;

} // namespace kmosaic
