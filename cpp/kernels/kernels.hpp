// FLOOR 0. The table of kernels: one function pointer per kernel, its formula above it.
//
// Every instruction set exports one table (see select.cpp). The slow plain truth of each kernel is in
// reference.cpp. Kernels marked EXACT give the same bits on every instruction set; kernels marked SCREEN work in
// float32 and may differ within the error bound that is stated for them.
#pragma once

#include <cstdint>

namespace kmosaic {

// Rows of one packed tile are a multiple of the vector width, never more than this.
inline constexpr int max_tile_rows = 64;

// Long float32 sums are cut into chunks of this many terms, so that rounding errors do not pile up over all of d.
inline constexpr int64_t chunk_terms = 128;

// Up to this many columns nearest() writes the number of a center over the last four bits of its score.
inline constexpr int64_t marked_terms = 32;

// Centers whose scores lie side by side in the lanes of few() and sift().
inline constexpr int group_width = 16;

// Columns of the matrix that a sparse row is multiplied with in float64.
inline constexpr int dots_width = 8;

// Most rows that sift() takes at once.
inline constexpr int max_sift_rows = 24;

// Sums of sparse rows are cut behind this many bits (sparse_sums.hpp).
inline constexpr int sum_low_bits = 26;

// A coordinate of a center in 16 bits is 0, or stands for one not smaller than this.
inline constexpr float least_paired = 0x1p-100f;

// No lower bound of a distance (scaled) is above this: one that is infinite would stay so when the center comes near.
inline constexpr float longest_bound = 0x1p60f;

// All pairs of rows: so many in a tile, others in a panel, running sums over the rows of a tile, and columns of a chunk.
inline constexpr int pair_rows = 48, pair_others = 4, pair_lanes = 16;
inline constexpr int64_t pair_chunk = 32;

// Bits behind the point of a center beside rows of bytes.
inline constexpr int center_bits = 5;

// Rows of one leaf of the kd filter, and most columns that it takes.
inline constexpr int leaf_rows = 16;
inline constexpr int max_leaf_columns = 8;

// What leaf_nearest() found: bit r of changed where the label of row r is another than before; least: the smallest of
// (second - best)^2 / second over the rows, of the squared distances to the nearest and to the second nearest center,
// and widest: the largest second. Both mean nothing for a single center.
struct LeafFound {
    uint32_t changed;
    double least, widest;
};

// A center that goes from c to r, the mean of its rows, rounded: sums over some of the columns, in eight running sums.
struct CenterStep {
    double off_spread = 0; // what the rows' spread about the base b is less by, about c: (c - b) (2 sum of (x - b) - rows (c - b))
    double squared = 0;    // (r - c)^2

    void operator+=(const CenterStep& other) {
        off_spread += other.off_spread;
        squared += other.squared;
    }
};

// Rows are float, double or uint8_t. Real<T>: what they are shifted in before a screen. Held<T>: what their cluster
// centers are rounded to; all centers are handed around as double.
template <class T>
struct Kinds {
    using Real = T;
    using Held = T;
};
template <>
struct Kinds<uint8_t> {
    using Real = float;
    using Held = double; // pixels are clustered as if they had been given as float64
};
template <class T>
using Real = typename Kinds<T>::Real;
template <class T>
using Held = typename Kinds<T>::Held;

template <class T>
struct RowKernels {
    // low[j] = min(low[j], x[j]), high[j] = max(high[j], x[j]); false if any x[j] is NaN or infinite. EXACT
    bool (*range)(const T* x, int64_t d, T* low, T* high);

    // tile[j * tile_rows + r] = float((rows[r][j] - shift[j]) * scale); rows from `count` on repeat the last;
    // squared_norms[r] = sum over j of tile[j * tile_rows + r]^2 in float32. SCREEN
    void (*pack)(const T* const* rows, int count, int64_t d, const Real<T>* shift, Real<T> scale, float* tile,
                 float* squared_norms);

    // With q[j] = float((rows[r][j] - shift[j]) * scale) * inverse, rounded to a whole number of -32767..32767 (0 for j = d):
    // tile[p * int16_rows + r] = q[2 p] and q[2 p + 1], 16 bits each, the first in the low half; rows from `count` on
    // repeat the last; squared_norms[r] = sum over j of q[j]^2 in float32. SCREEN
    void (*pack_int16)(const T* const* rows, int count, int64_t d, const Real<T>* shift, Real<T> scale, float inverse,
                       int32_t* tile, float* squared_norms);

    // out[j] = float((x[j] - shift[j]) * scale) for j < d; returns the sum of out[j]^2 in float32. SCREEN
    float (*level)(const T* x, int64_t d, const Real<T>* shift, Real<T> scale, float* out);

    // For k <= group_width centers (k, d), straight from the rows, count <= max_tile_rows of them: with
    // x = float((row - shift) * scale), scores[r * group_width + c] = half_norms[c] - sum over j of x[j] * centers[c][j],
    // infinity for c >= k; squared_norms[r] = sum of x[j]^2 in float32. Error as of scores(). SCREEN
    void (*few)(const T* const* rows, int count, int64_t d, const Real<T>* shift, Real<T> scale, const float* centers,
                const float* half_norms, int k, float* scores, float* squared_norms);

    // squared[i] = sum over j of float(x[j] - centers[which[i]][j])^2, the difference taken in Real<T>, for i < count;
    // relative error at most quick_error(d). SCREEN
    void (*quick_distances)(const T* x, int64_t d, const Real<T>* centers, const int32_t* which, int count,
                            float* squared);

    // out[j] = (x[j] - low[j]) / step rounded to a whole number of 0..255, about; returns the sum over j of
    // (x[j] - (low[j] + out[j] * step))^2 in float64, rounding errors below 2^-40 of it. SCREEN
    double (*compact)(const T* x, int64_t d, const double* low, double step, uint8_t* out);

    // sum over j of (x[j] - c[j])^2 in float64, always in the same order of operations. EXACT
    double (*squared_distance)(const T* x, const double* c, int64_t d);

    // The same over those j where x[j] is a number; 0 where none is. EXACT
    double (*known_distance)(const T* x, const double* c, int64_t d);

    // sums[j] += round((x[j] - shift[j]) * grid[j]) in float64, where |.| < 2^51; takes away instead where sign is -1. EXACT
    void (*accumulate)(const T* x, int64_t d, const Real<T>* shift, const double* grid, int sign, int64_t* sums);

    // For the leaf_rows rows leaf[j * leaf_rows + r], d <= max_leaf_columns: labels[r] = ids[c] of the first c < count
    // with the smallest squared_distance(row, centers + c * d, d). EXACT
    LeafFound (*leaf_nearest)(const T* leaf, int64_t d, const double* centers, const int32_t* ids, int count,
                              const int32_t* before, int32_t* labels);

    // sums[j] = what accumulate() adds for those rows r of a leaf whose bit is set in `rows`, |.| < 2^62. EXACT
    void (*leaf_sum)(const T* leaf, int64_t d, const Real<T>* shift, const double* grid, uint32_t rows, int64_t* sums);
};

// Some columns of one cluster's sum: sums[j] + beyond[j] * 2^sum_low_bits, to which each row added the whole number
// q(x[j]) - bases[j], q(x) = round((x - shift[j]) / inverse_grid[j]).
template <class T>
struct CutColumns {
    const int64_t* sums;
    const double* beyond; // whole numbers below 2^52
    const double* bases;  // whole numbers up to 2^51
    const double* inverse_grid;
    const T* shift;
};

// All that adding a value to the sum of a column needs to know, small as it is read at random.
template <class T>
struct ColumnGrid {
    T shift;
    uint16_t exponent; // of the grid, a power of two: 1023 and the exponent
    bool crowded;      // the sum of all its values may pass 63 bits
    bool full;         // all rows that count store a value: there may be no zero within its range
};

// Rows of which only `count` values are stored, in ascending columns.
template <class T>
struct SparseKernels {
    // scores[c] = half_norms[c] - sum over p of float(values[p] * scale) * (what panel[columns[p] * width / 2] says of c), for
    // c < width, which is 1 to 4 times group_width, or half of it; words as pair_columns() makes them: word i of a column is of the centers i
    // and width / 2 + i. At most count + 2 roundings after that of the product. SCREEN
    void (*scores)(const T* values, const int32_t* columns, int64_t count, T scale, const uint32_t* panel, int width,
                   const float* half_norms, float* scores);

    // dots[c] = sum over p of values[p] * panel[columns[p] * dots_width + c], for c < dots_width: the sum over even p,
    // plus that over odd p. EXACT
    void (*dots)(const T* values, const int32_t* columns, int64_t count, const double* panel, double* dots);

    // sums[j] += q(values[p]) - q(full ? shift : 0) for j = columns[p] and every p, with q(x) = round((x - shift) * grid), of
    // all[j], in float64, where |q| <= 2^51; takes away instead where sign is -1. What passes 64 bits on the way comes back. EXACT
    void (*add)(const T* values, const int32_t* columns, int64_t count, const ColumnGrid<T>* all, int sign, int64_t* sums);

    // center[j] goes to T(m), m = shift[j] + (q + r * i) * inverse_grid[j], for j < count, where S is the sum with
    // rows * bases[j] added to it, i = 1 / rows, q = S * i, rounded to a whole number, and r = S - q rows; rows < 2^26,
    // |S| < 2^51 rows. The base is shift[j] + bases[j] * inverse_grid[j]. EXACT
    CenterStep (*move)(const CutColumns<T>& columns, double rows, int64_t count, double* center);
};

struct Kernels {
    const char* name;
    int tile_rows;     // rows of one packed tile
    int panel_centers; // centers that go through the tile together
    int int16_rows;    // rows of one tile of 16-bit numbers
    int int16_panel;   // centers that go through it together
    bool int16_pays;   // whether nearest_int16() is quicker than nearest()

    RowKernels<float> float32;
    RowKernels<double> float64;
    RowKernels<uint8_t> uint8;
    SparseKernels<float> sparse32;
    SparseKernels<double> sparse64;

    // panels = the centers, `panel_centers` at a time, the coordinate outermost within a panel:
    // panel p starts at p * panel_centers * d, and holds center p * panel_centers + c at [j * width + c], where
    // width is panel_centers, or what is left in the last panel. EXACT
    void (*pack_centers)(const float* centers, int k, int64_t d, float* panels);

    // score[c] = half_norms[c] - sum over j of tile[j][r] * center[c][j], for each row r of the tile:
    // the smallest score, its index (the first, if d > marked_terms), and the second smallest score. SCREEN
    void (*nearest)(const float* tile, int64_t d, const float* panels, const float* half_norms, int k, float* best,
                    float* second, int32_t* index);

    // scores[c * tile_rows + r], as above. SCREEN
    void (*scores)(const float* tile, int64_t d, const float* panels, const float* half_norms, int k, float* scores);

    // panels = minus the centers, times `inverse`, rounded as pack_int16() rounds rows, in panels as pack_centers() makes them
    // of pairs instead of numbers: (d + 1) / 2 to a center. EXACT
    void (*pack_centers_int16)(const float* centers, int k, int64_t d, float inverse, int32_t* panels);

    // score[c] = half_norms[c] + sum over j of tile[j][r] * panels[c][j], a 32-bit integer (the caller sees to it that none
    // overflows), its last four bits lost; best, second and index as nearest() gives them, the scores times `unit`. SCREEN
    void (*nearest_int16)(const int32_t* tile, int64_t d, const int32_t* panels, const int32_t* half_norms, int k, float unit,
                          float* best, float* second, int32_t* index);

    // best, second and index as nearest() gives them, of the scores of count <= max_tile_rows rows from few(). EXACT
    void (*best_of_few)(const float* scores, int count, float* best, float* second, int32_t* index);

    // What nearest() found, held against the labels so far, for count <= max_tile_rows rows. Bit r of unsure: not
    // (second[r] - best[r] > base + slope * squared_norms[r]), computed in float32 in this order. Bit r of changed: not
    // unsure, and index[r] != labels[r]. EXACT
    void (*review)(const float* best, const float* second, const float* squared_norms, float base, float slope,
                   const int32_t* index, const int32_t* labels, int count, uint64_t* unsure, uint64_t* changed);

    // One group of centers, group[j * group_width + c], against count <= max_sift_rows shifted rows (from level());
    // scores as above. masks[r]: bit c where c != skip[r] and not (score[c] > limits[r]). rest[r]: the smallest score
    // of those without a bit and != skip[r]; infinity if there are none. SCREEN
    void (*sift)(const float* const* rows, int count, int64_t d, const float* group, const float* half_norms,
                 const float* limits, const int32_t* skip, uint32_t* masks, float* rest);

    // pairs[p] = the numbers 2 p and 2 p + 1 of x times `inverse`, rounded as pack_int16() does. EXACT
    void (*round_row)(const float* x, int64_t d, float inverse, int32_t* pairs);

    // sift() of rows from round_row() and a group of centers rounded likewise, group[p * group_width + c]; the score is
    // half_norms[c] - units[r] * (sum of the products, a 32-bit integer). SCREEN
    void (*sift_int16)(const int32_t* const* rows, int count, int64_t d, const int32_t* group, const float* half_norms,
                       const float* units, const float* limits, const int32_t* skip, uint32_t* masks, float* rest);

    // low[r] = min over g < groups of (bounds[g * stride + r] * shrink - drifts[g]), r < count, where
    // shrink = 1 - 2^-22; each operation rounded to float32, in this order. EXACT
    void (*least_bounds)(const float* bounds, int64_t stride, int groups, const float* drifts, int count, float* low);

    // found = the r < count, ascending, for which not (upper[r] < bounds[r] * shrink - drift); returns how many. EXACT
    int (*failing)(const float* bounds, float drift, const float* upper, int count, int32_t* found);

    // found = the c < k, ascending, c != skip, for which not (upper < bounds[c] * shrink - drifts[c]); returns how many.
    // bounds and drifts may be read, found written, up to the next multiple of group_width. EXACT
    int (*failing_lanes)(const float* bounds, const float* drifts, float upper, int k, int skip, int32_t* found);

    // The same of one row, with the bounds brought up to date: bounds[c] = bounds[c] * shrink - drifts[c] for c < count, a
    // multiple of group_width. Whether all of them are > upper. EXACT
    bool (*keep_lanes)(float* bounds, const float* drifts, int count, float upper);

    // The first of the smallest scores, none of them NaN; least: its score, next: the smallest of the others. count as above. EXACT
    int (*least_lanes)(const float* scores, int count, float* least, float* next);

    // bounds[c] = sqrt(max(0, squared + 2 scores[c] - slack)) * shrink, each operation rounded to float32; count as above. EXACT
    void (*distance_lanes)(const float* scores, int count, float squared, float slack, float* bounds);

    // low[i] = min(max(0, sqrt(max(0, squared[i] * share - vanished)) * unit - slop), longest_bound), each operation rounded to
    // float32; count as above. EXACT
    void (*lower_lanes)(const float* squared, int count, float share, float vanished, float unit, float slop, float* low);

    // Two centers a and b, `count` of their coordinates: words[j] says both. b * scale, rounded to 8 bits,
    // is the lower half; the word as it stands is a * scale, as near as a float with that lower half can be. Adds to sums:
    // the squares of a * scale, of b * scale, and of what the word is off by of each. The words are EXACT, the sums SCREEN
    void (*pair_columns)(const double* a, const double* b, int64_t count, double scale, uint32_t* words, double* sums);

    // sum over j of center[j] * (S * inverse_grid[j] * 2 - center[j] * rows), S as of CutColumns, in eight running sums. EXACT
    double (*off_spread)(const int64_t* sums, const double* beyond, const double* inverse_grid, const double* center, double rows,
                         int64_t count);

    // A tile of rows of small whole numbers, pair by pair: tile[(p * tile_rows + r) * 2 + i] is column 2p + i of row r;
    // others[c * 2 * pairs + j] is column j of another row, c < count. Bit r of masks[c]: the product of row r and other c,
    // less half_norms[c], is above limits[r]. All of it has to fit 32 bits. EXACT
    void (*reach_bytes)(const uint8_t* tile, int64_t pairs, const int16_t* others, const int32_t* half_norms, int count,
                        const int32_t* limits, uint64_t* masks);
    void (*reach_shorts)(const int16_t* tile, int64_t pairs, const int16_t* others, const int32_t* half_norms, int count,
                         const int32_t* limits, uint64_t* masks);

    // sum over j of (x[j] - y[j])^2. EXACT
    int64_t (*byte_distance)(const uint8_t* x, const uint8_t* y, int64_t d);

    // squared[i] = sum over j of (x[j] * 2^center_bits - centers[which[i] * d + j])^2 for i < count, the centers whole numbers of
    // 0 .. 255 * 2^center_bits; relative error at most quick_error(d). SCREEN
    void (*center_distances)(const uint8_t* x, int64_t d, const int16_t* centers, const int32_t* which, int count, float* squared);

    // For k <= group_width centers (k, d) of such numbers and count <= max_tile_rows rows of bytes: scores[r * group_width + c] =
    // half_norms[c] - sum over j of rows[r][j] * centers[c][j], infinity for c >= k; squared_norms[r] = sum of rows[r][j]^2.
    // Products and their sums in a lane are exact; a sum of them loses a relative few_bytes_error(d), and so does the
    // squared norm; taking it off a score rounds that once for every 2048 columns. SCREEN
    void (*few_bytes)(const uint8_t* const* rows, int count, int64_t d, const int16_t* centers, const float* half_norms, int k,
                      float* scores, float* squared_norms);

    // A tile of pair_rows rows, tile[j * pair_rows + r], against count others, a multiple of pair_others, in panels of
    // pair_others each, panels[p * pair_others * d + j * pair_others + c]: products[c * pair_rows + r] = sum over j of row r times
    // other c, of pair_chunk columns at a time, where the caller sees to it that no sum within a chunk is rounded. EXACT
    void (*pair_products)(const double* tile, int64_t d, const double* panels, int count, double* products);

    // The same of whole numbers of 16 bits, two of them in the place of one; no sum may leave 32 bits. EXACT
    void (*pair_products_int16)(const int32_t* tile, int64_t pairs, const int32_t* panels, int count, double* products);

    // squared[c * pair_rows + r] = sum over j of (row r - other c)^2, one column after the other. EXACT
    void (*pair_differences)(const double* tile, int64_t d, const double* panels, int count, double* squared);

    // In place of each product s = (norms[r] + other_norms[c]) - 2 * product if s > limits[r] + other_limits[c], else -1;
    // whether there is a -1. EXACT
    bool (*pair_squares)(double* products, int count, const double* norms, const double* limits, const double* other_norms,
                         const double* other_limits);

    // In place of each number its square root, which is added to row_sums[r], in the order of c, and, unless these are null, to
    // column_sums[c * pair_lanes + r % pair_lanes], in the order of r. EXACT
    void (*add_roots)(double* squared, int count, double* row_sums, double* column_sums);

    // rounds * 12 independent multiply-adds of one register each, of numbers from sink[0..16), and back into it.
    // Returns nothing of use: it measures what the processor could do at most.
    void (*multiply_adds)(int64_t rounds, float* sink);
    int register_floats; // floats in one register of the above
};

// Relative error of a SCREEN score: |score - truth| <= screen_error(d) * (|c|^2 / 2 + |x| |c|), where truth is
// |c|^2/2 - x.c of the unrounded (shifted, scaled) rows and centers.
//
// Each product passes at most chunk roundings inside its chunk and one per chunk after it (Higham 2002, section 3.1:
// gamma_n = n u / (1 - n u), with or without fused multiply-add), plus the roundings of x, of c and of |c|^2/2 to
// float32; four more units cover the second-order terms. The marks of nearest() are fifteen units in the last place.
inline double screen_error(int64_t d) {
    const double unit = 0x1p-24;
    const int64_t inside = d < chunk_terms ? d : chunk_terms;
    const int64_t chunks = (d + chunk_terms - 1) / chunk_terms;
    const int64_t marks = d <= marked_terms ? 32 : 0;
    const double terms = static_cast<double>(inside + chunks + 8 + marks);
    return terms * unit / (1 - terms * unit);
}

// Relative error of quick_distances(): every term is >= 0, so the error of the sum is that of its worst term: three
// roundings (difference, narrowing, square) count twice or once, and at most d/4 + 4 additions (vectors of four lanes
// or more, then a tree over the lanes and accumulators). Squares below the smallest float32 vanish: add
// d * 2^-149 to it. Centers of uint8 rows are float32 there: rounding them is the caller's error.
inline double quick_error(int64_t d) {
    const double terms = static_cast<double>(d / 4 + 14) * 0x1p-24;
    return terms / (1 - terms);
}

// Relative error of what few_bytes() adds up: a rounding for the sum of a lane, five for those of the lanes, three for the
// score's two parts and their difference, and one more for every 2048 columns.
inline double few_bytes_error(int64_t d) { return static_cast<double>(d / 2048 + 10) * 0x1p-24; }

// Relative error of squared_distance(): sixteen partial sums and a tree, in float64.
inline double decision_error(int64_t d) { return (static_cast<double>(d) / 16 + 16) * 0x1p-53; }

const Kernels& best_kernels();                    // the first that this processor can run
const Kernels* kernels_by_name(const char* name); // null: not built, or this processor lacks it
const char* const* kernel_names();                // those this processor can run, best first, null at the end

// The slow plain truth (reference.cpp); its table has the same shape, so that tests can hold one against the other.
extern const Kernels reference_kernels;

} // namespace kmosaic
