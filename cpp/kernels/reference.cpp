// The slow plain truth of every kernel: sums in double, one number after the other.
#include "kernels.hpp"

#include <cmath>
#include <limits>

namespace kmosaic {
namespace {

constexpr int tile_rows = 8;
constexpr int panel_centers = 3;

template <class T>
bool range(const T* x, int64_t d, T* low, T* high) {
    bool finite = true;
    for (int64_t j = 0; j < d; ++j) {
        finite = finite && std::isfinite(x[j]);
        if (x[j] < low[j]) low[j] = x[j];
        if (x[j] > high[j]) high[j] = x[j];
    }
    return finite;
}

template <class T>
void pack(const T* const* rows, int count, int64_t d, const T* shift, T scale, float* tile, float* squared_norms) {
    for (int r = 0; r < tile_rows; ++r) {
        double sum = 0;
        for (int64_t j = 0; j < d; ++j) {
            const T* row = rows[r < count ? r : count - 1];
            const float value = static_cast<float>((row[j] - shift[j]) * scale);
            tile[j * tile_rows + r] = value;
            sum += static_cast<double>(value) * value;
        }
        squared_norms[r] = static_cast<float>(sum);
    }
}

// The order of operations is part of the contract: sixteen partial sums (coordinate j goes to j mod 16), then a
// tree. That is what vectors of 2, 4 and 8 doubles can all do alike.
template <class T>
double squared_distance(const T* x, const double* c, int64_t d) {
    double part[16] = {};
    for (int64_t j = 0; j < d; ++j) {
        const double gap = static_cast<double>(x[j]) - c[j];
        part[j % 16] += gap * gap;
    }
    for (int width = 8; width >= 1; width /= 2)
        for (int i = 0; i < width; ++i) part[i] += part[i + width];
    return part[0];
}

template <class T>
void accumulate(const T* x, int64_t d, const T* shift, const double* grid, int sign, int64_t* sums) {
    for (int64_t j = 0; j < d; ++j)
        sums[j] += sign * static_cast<int64_t>(std::nearbyint((static_cast<double>(x[j]) - static_cast<double>(shift[j])) * grid[j]));
}

void pack_centers(const float* centers, int k, int64_t d, float* panels) {
    for (int first = 0; first < k; first += panel_centers) {
        const int width = k - first < panel_centers ? k - first : panel_centers;
        for (int64_t j = 0; j < d; ++j)
            for (int c = 0; c < width; ++c) *panels++ = centers[(first + c) * d + j];
    }
}

// Score of center c for row r of the tile; c's coordinates lie `width` apart in its panel.
float score(const float* tile, int64_t d, const float* panels, const float* half_norms, int k, int c, int r) {
    const int first = c / panel_centers * panel_centers;
    const int width = k - first < panel_centers ? k - first : panel_centers;
    double sum = 0;
    for (int64_t j = 0; j < d; ++j)
        sum += static_cast<double>(tile[j * tile_rows + r]) * panels[first * d + j * width + (c - first)];
    return static_cast<float>(half_norms[c] - sum);
}

void scores(const float* tile, int64_t d, const float* panels, const float* half_norms, int k, float* out) {
    for (int c = 0; c < k; ++c)
        for (int r = 0; r < tile_rows; ++r) out[c * tile_rows + r] = score(tile, d, panels, half_norms, k, c, r);
}

void nearest(const float* tile, int64_t d, const float* panels, const float* half_norms, int k, float* best,
             float* second, int32_t* index) {
    for (int r = 0; r < tile_rows; ++r) {
        best[r] = second[r] = std::numeric_limits<float>::infinity();
        index[r] = 0;
        for (int c = 0; c < k; ++c) {
            const float s = score(tile, d, panels, half_norms, k, c, r);
            if (s < best[r]) {
                second[r] = best[r];
                best[r] = s;
                index[r] = c;
            } else if (s < second[r]) {
                second[r] = s;
            }
        }
    }
}

} // namespace

const Kernels reference_kernels = {
    "reference", tile_rows, panel_centers,
    {range<float>, pack<float>, squared_distance<float>, accumulate<float>},
    {range<double>, pack<double>, squared_distance<double>, accumulate<double>},
    pack_centers, nearest, scores,
};

} // namespace kmosaic
