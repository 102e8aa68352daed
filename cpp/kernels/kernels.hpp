// FLOOR 0. The table of kernels: one function pointer per kernel, its formula above it.
//
// Every instruction set exports one table (see select.cpp). The slow plain truth of each kernel is in
// reference.cpp. Kernels marked EXACT give the same bits on every instruction set; kernels marked SCREEN work in
// float32 and may differ within the error bound that screen_error() states.
#pragma once

#include <cstdint>

namespace kmosaic {

// Rows of one packed tile are a multiple of the vector width, never more than this.
inline constexpr int max_tile_rows = 64;

// Long float32 sums are cut into chunks of this many terms, so that rounding errors do not pile up over all of d.
inline constexpr int64_t chunk_terms = 128;

template <class T>
struct RowKernels {
    // low[j] = min(low[j], x[j]), high[j] = max(high[j], x[j]); false if any x[j] is NaN or infinite. EXACT
    bool (*range)(const T* x, int64_t d, T* low, T* high);

    // tile[j * tile_rows + r] = float((rows[r][j] - shift[j]) * scale); rows from `count` on repeat the last;
    // squared_norms[r] = sum over j of tile[j * tile_rows + r]^2 in float32. SCREEN
    void (*pack)(const T* const* rows, int count, int64_t d, const T* shift, T scale, float* tile,
                 float* squared_norms);

    // sum over j of (x[j] - c[j])^2 in float64, always in the same order of operations. EXACT
    double (*squared_distance)(const T* x, const double* c, int64_t d);

    // sums[j] += round((x[j] - shift[j]) * grid[j]) in float64, where |.| < 2^51; takes away instead where sign is -1. EXACT
    void (*accumulate)(const T* x, int64_t d, const T* shift, const double* grid, int sign, int64_t* sums);
};

struct Kernels {
    const char* name;
    int tile_rows;     // rows of one packed tile
    int panel_centers; // centers that go through the tile together

    RowKernels<float> float32;
    RowKernels<double> float64;

    // panels = the centers, `panel_centers` at a time, the coordinate outermost within a panel:
    // panel p starts at p * panel_centers * d, and holds center p * panel_centers + c at [j * width + c], where
    // width is panel_centers, or what is left in the last panel. EXACT
    void (*pack_centers)(const float* centers, int k, int64_t d, float* panels);

    // score[c] = half_norms[c] - sum over j of tile[j][r] * center[c][j], for each row r of the tile:
    // the smallest score, its first index, and the second smallest score. SCREEN
    void (*nearest)(const float* tile, int64_t d, const float* panels, const float* half_norms, int k, float* best,
                    float* second, int32_t* index);

    // scores[c * tile_rows + r], as above. SCREEN
    void (*scores)(const float* tile, int64_t d, const float* panels, const float* half_norms, int k, float* scores);
};

// Relative error of a SCREEN score: |score - truth| <= screen_error(d) * (|c|^2 / 2 + |x| |c|), where truth is
// |c|^2/2 - x.c of the unrounded (shifted, scaled) rows and centers.
//
// Each product passes at most chunk roundings inside its chunk and one per chunk after it (Higham 2002, section 3.1:
// gamma_n = n u / (1 - n u), with or without fused multiply-add), plus the roundings of x, of c and of |c|^2/2 to
// float32; four more units cover the second-order terms.
inline double screen_error(int64_t d) {
    const double unit = 0x1p-24;
    const int64_t inside = d < chunk_terms ? d : chunk_terms;
    const int64_t chunks = (d + chunk_terms - 1) / chunk_terms;
    const double terms = static_cast<double>(inside + chunks + 8);
    return terms * unit / (1 - terms * unit);
}

const Kernels& best_kernels();                    // the first that this processor can run
const Kernels* kernels_by_name(const char* name); // null: not built, or this processor lacks it
const char* const* kernel_names();                // those this processor can run, best first, null at the end

// The slow plain truth (reference.cpp); its table has the same shape, so that tests can hold one against the other.
extern const Kernels reference_kernels;

} // namespace kmosaic
