// Sums in 64 bits (sparse_add), means of such of which a part stands elsewhere (sparse_move, off_spread), and centers in 16 bits
// (pair_columns).
#pragma once

#include "kernels.hpp"
#include "simd.hpp"

namespace {

typedef uint64_t VecQ __attribute__((vector_size(register_bytes)));

// ---- sums ---------------------------------------------------------------------------------------------------

// As many whole numbers as a register has place for, each from where `at` says: gathering is no quicker by an instruction
// of its own, and by the stack it is slower.
template <class At>
static inline VecQ each_from(At at) {
#if defined(__AVX512F__)
    return VecQ{at(0), at(1), at(2), at(3), at(4), at(5), at(6), at(7)};
#elif defined(__AVX2__)
    return VecQ{at(0), at(1), at(2), at(3)};
#else
    return VecQ{at(0), at(1)};
#endif
}

typedef uint32_t HalfU __attribute__((vector_size(register_bytes / 2)));

// Of each pair of words the first. By a shuffle: gcc 12 converts one at a time.
static inline HalfU lower_halves(VecU v) {
#if defined(__AVX512F__)
    return __builtin_shufflevector(v, v, 0, 2, 4, 6, 8, 10, 12, 14);
#elif defined(__AVX2__)
    return __builtin_shufflevector(v, v, 0, 2, 4, 6);
#else
    return __builtin_shufflevector(v, v, 0, 2);
#endif
}

// What ColumnGrid says of some columns.
struct ColumnsAt {
    VecD shift, grid, base;

    ColumnsAt(const kmosaic::ColumnGrid<float>* all, const int32_t* columns) {
        const VecQ both = each_from([&](int i) { return load<uint64_t>(all + columns[i]); });
        set(widen((HalfF)lower_halves((VecU)both)), both >> 32);
    }
    ColumnsAt(const kmosaic::ColumnGrid<double>* all, const int32_t* columns) {
        const VecQ first = each_from([&](int i) { return load<uint64_t>(&all[columns[i]].shift); });
        set((VecD)first, each_from([&](int i) { return load<uint64_t>(&all[columns[i]].exponent); }));
    }

private:
    // rest: exponent, crowded and full, as they stand in memory.
    void set(VecD the_shift, VecQ rest) {
        shift = the_shift;
        grid = (VecD)((rest & 0xffff) << 52);
        base = (VecD)((VecQ)shift & (VecQ{} - (rest >> 24 & 1)));
    }
};

static inline VecD each_value(const float* values) { return widen(load<HalfF>(values)); }
static inline VecD each_value(const double* values) { return load<VecD>(values); }

// In two steps: first what is to be added, then the additions, so short that many wait for their sums at the same time.
template <class T>
void sparse_add(const T* values, const int32_t* columns, int64_t count, const kmosaic::ColumnGrid<T>* all, int sign,
                int64_t* sums) {
    constexpr int64_t together = 64;
    const VecD magic = splat(0x1.8p52); // see accumulate()
    const VecQ flip = VecQ{} - static_cast<uint64_t>(sign < 0);
    uint64_t added[together];
    T last_values[double_lanes] = {};
    int32_t last_columns[double_lanes];
    for (int64_t first = 0; first < count; first += together) {
        const int64_t some = count - first < together ? count - first : together;
        for (int64_t p = 0; p < some; p += double_lanes) {
            const T* from = values + first + p;
            const int32_t* at = columns + first + p;
            if (some - p < double_lanes) { // filled up to a whole register
                for (int64_t i = 0; i < double_lanes; ++i) last_columns[i] = at[i < some - p ? i : 0];
                for (int64_t i = 0; i < some - p; ++i) last_values[i] = from[i];
                from = last_values;
                at = last_columns;
            }
            const ColumnsAt column(all, at);
            const VecD value = (each_value(from) - column.shift) * column.grid + magic;
            const VecD nothing = (column.base - column.shift) * column.grid + magic;
            store(added + p, (((VecQ)value - (VecQ)nothing) ^ flip) - flip);
        }
        for (int64_t p = 0; p < some; ++p) {
            int64_t& sum = sums[columns[first + p]];
            sum = static_cast<int64_t>(static_cast<uint64_t>(sum) + added[p]);
        }
    }
}

// ---- means --------------------------------------------------------------------------------------------------

// Sums are cut behind this many bits: the two parts are whole numbers that float64 holds exactly.
constexpr int cut_bits = kmosaic::sum_low_bits;
constexpr double cut_unit = 1ull << cut_bits;

struct CutSum {
    VecD high, low; // high * 2^cut_bits + low, 0 <= low < 2^cut_bits

    // Small whole numbers become doubles by the bits of 2^52: what is added to it stands in its last places.
    explicit CutSum(const int64_t* sums) {
        constexpr uint64_t bits_of_2_52 = 0x4330000000000000, sign = uint64_t(1) << 63;
        const auto all = load<VecQ>(sums);
        low = (VecD)((all & ((uint64_t(1) << cut_bits) - 1)) | bits_of_2_52) - 0x1p52;
        high = (VecD)(((all ^ sign) >> cut_bits) | bits_of_2_52) - (0x1p52 + 0x1p37); // 2^63 >> cut_bits is 2^37
    }

    VecD all() const { return high * cut_unit + low; } // rounded once: the product is exact
};

static inline VecD kept(VecD mean, const double*) { return mean; }
static inline VecD kept(VecD mean, const float*) { return widen(narrow(mean)); }

// Eight running sums whatever the width of a register, so that their bits are the same.
constexpr int running_sums = 8, running_vectors = running_sums / double_lanes;

static inline double total_of(const VecD* part) {
    double running[running_sums], sum = 0;
    for (int v = 0; v < running_vectors; ++v) store(running + v * double_lanes, part[v]);
    for (const double one : running) sum += one;
    return sum;
}

struct RunningSteps {
    VecD off_spread[running_vectors] = {}, squared[running_vectors] = {};

    // Returns the mean of these columns, as it is kept.
    template <class T>
    VecD add(int v, const kmosaic::CutColumns<T>& columns, double rows, double inverse, int64_t j, VecD before) {
        constexpr double round = 0x1.8p52; // added and taken away: rounds to a whole number
        CutSum sum(columns.sums + j);
        sum.high += load<VecD>(columns.beyond + j);
        const VecD step = load<VecD>(columns.inverse_grid + j), shift = each_value(columns.shift + j);
        const VecD bases = load<VecD>(columns.bases + j), from_base = before - (shift + bases * step);
        off_spread[v] += from_base * (sum.all() * step * 2.0 - from_base * rows);
        const VecD base_high = (bases * (1 / cut_unit) + round) - round;
        sum.high += base_high * rows;
        sum.low += (bases - base_high * cut_unit) * rows;
        const VecD quotient = (sum.all() * inverse + round) - round, high = (quotient * (1 / cut_unit) + round) - round;
        const VecD left = (sum.high - high * rows) * cut_unit + (sum.low - (quotient - high * cut_unit) * rows); // exact
        const VecD after = kept(shift + (quotient + left * inverse) * step, columns.shift);
        squared[v] += (after - before) * (after - before);
        return after;
    }
    kmosaic::CenterStep all() const { return {total_of(off_spread), total_of(squared)}; }
};

// The last columns, filled up with such as add nothing.
template <class T>
struct LastColumns {
    int64_t sums[running_sums] = {};
    double beyond[running_sums] = {}, bases[running_sums] = {}, inverse_grid[running_sums] = {}, center[running_sums] = {};
    T shift[running_sums] = {};

    LastColumns(const kmosaic::CutColumns<T>& from, const double* centers, int64_t j, int64_t count) {
        for (int64_t i = 0; j + i < count; ++i) {
            sums[i] = from.sums[j + i];
            beyond[i] = from.beyond[j + i];
            bases[i] = from.bases[j + i];
            inverse_grid[i] = from.inverse_grid[j + i];
            center[i] = centers[j + i];
            shift[i] = from.shift[j + i];
        }
    }
    kmosaic::CutColumns<T> all() const { return {sums, beyond, bases, inverse_grid, shift}; }
};

template <class T>
kmosaic::CenterStep sparse_move(const kmosaic::CutColumns<T>& columns, double rows, int64_t count, double* center) {
    const double inverse = 1 / rows;
    RunningSteps steps;
    const auto eight = [&](const kmosaic::CutColumns<T>& from, int64_t j, double* centers) {
#pragma GCC unroll 4
        for (int v = 0; v < running_vectors; ++v) {
            const int64_t at = j + v * double_lanes;
            store(centers + at, steps.add(v, from, rows, inverse, at, load<VecD>(centers + at)));
        }
    };
    int64_t j = 0;
    for (; j + running_sums <= count; j += running_sums) eight(columns, j, center);
    if (j < count) {
        LastColumns<T> last(columns, center, j, count);
        eight(last.all(), 0, last.center);
        std::memcpy(center + j, last.center, (count - j) * sizeof(double));
    }
    return steps.all();
}

double off_spread(const int64_t* sums, const double* beyond, const double* inverse_grid, const double* center, double rows,
                  int64_t count) {
    VecD part[running_vectors] = {};
    int64_t j = 0;
    for (; j + running_sums <= count; j += running_sums)
#pragma GCC unroll 4
        for (int v = 0; v < running_vectors; ++v) {
            const int64_t at = j + v * double_lanes;
            CutSum sum(sums + at);
            sum.high += load<VecD>(beyond + at);
            const auto c = load<VecD>(center + at);
            part[v] += c * (sum.all() * load<VecD>(inverse_grid + at) * 2.0 - c * rows);
        }
    double running[running_sums], off = 0;
    for (int v = 0; v < running_vectors; ++v) store(running + v * double_lanes, part[v]);
    for (int i = 0; j + i < count; ++i) {
        const int64_t at = j + i;
        const auto high = static_cast<double>(sums[at] >> cut_bits) + beyond[at];
        const auto low = static_cast<double>(sums[at] & ((int64_t(1) << cut_bits) - 1));
        running[i] += center[at] * ((high * cut_unit + low) * inverse_grid[at] * 2.0 - center[at] * rows);
    }
    for (const double sum : running) off += sum;
    return off;
}

// ---- centers in 16 bits ------------------------------------------------------------------------------------

// Half of the rounding that cutting off 16 bits takes, and the bits that stay.
constexpr uint32_t half_place = 0x8000, upper_half = 0xffff0000;

struct PairOfColumns {
    VecU words;
    VecF first, second; // what the words say

    // Numbers so small that float32 is slow with them are as good as none; in the upper half a number has to stand, as
    // the lower half would be such a number by itself.
    PairOfColumns(VecF a, VecF b) {
        constexpr float least = kmosaic::least_paired;
        const VecU size_of_b = (VecU)b & 0x7fffffff, size_of_a = (VecU)a & 0x7fffffff;
        const VecU b_counts = (VecU)((VecF)size_of_b >= splat(least)), a_counts = (VecU)((VecF)size_of_a >= splat(least));
        const VecU rounded = (((VecU)b + half_place) & upper_half) & b_counts;
        const VecU low = rounded >> 16;
        const VecU bits = ((VecU)a & a_counts) | ((VecU)splat(least) & ~a_counts);
        words = ((bits - low + half_place) & upper_half) | low;
        first = (VecF)words;
        second = (VecF)rounded;
    }
};

static inline HalfF scaled_floats(const double* from, double scale) { return narrow(load<VecD>(from) * scale); }

static inline void square_up(const double* exact, double scale, VecF floats, VecD& squares, VecD& errors) {
    HalfF half[2];
    std::memcpy(half, &floats, sizeof half);
#pragma GCC unroll 2
    for (int h = 0; h < 2; ++h) {
        const VecD value = load<VecD>(exact + h * double_lanes) * scale, off = value - widen(half[h]);
        squares += value * value;
        errors += off * off;
    }
}

static inline double sum_of(VecD v) {
    double lanes[double_lanes], sum = 0;
    store(lanes, v);
    for (const double lane : lanes) sum += lane;
    return sum;
}

void pair_columns(const double* a, const double* b, int64_t count, double scale, uint32_t* words, double* sums) {
    VecD squares[2] = {}, errors[2] = {};
    const auto step = [&](const double* from_a, const double* from_b, uint32_t* to) {
        const PairOfColumns pair(joined(scaled_floats(from_a, scale), scaled_floats(from_a + double_lanes, scale)),
                                 joined(scaled_floats(from_b, scale), scaled_floats(from_b + double_lanes, scale)));
        store(to, pair.words);
        square_up(from_a, scale, pair.first, squares[0], errors[0]);
        square_up(from_b, scale, pair.second, squares[1], errors[1]);
    };
    int64_t j = 0;
    for (; j + float_lanes <= count; j += float_lanes) step(a + j, b + j, words + j);
    if (j < count) { // zeros add what is far below any bound
        double last_a[float_lanes] = {}, last_b[float_lanes] = {};
        uint32_t last[float_lanes];
        std::memcpy(last_a, a + j, (count - j) * sizeof(double));
        std::memcpy(last_b, b + j, (count - j) * sizeof(double));
        step(last_a, last_b, last);
        std::memcpy(words + j, last, (count - j) * sizeof(uint32_t));
    }
    for (int i = 0; i < 2; ++i) {
        sums[i] += sum_of(squares[i]);
        sums[2 + i] += sum_of(errors[i]);
    }
}

} // namespace
