// The slow plain truth of every kernel: sums in double, one number after the other.
#include "kernels.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

namespace kmosaic {
namespace {

constexpr int tile_rows = 8;
constexpr int panel_centers = 3;
constexpr float infinity = std::numeric_limits<float>::infinity();

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
float shifted(T x, Real<T> shift, Real<T> scale) {
    return static_cast<float>((static_cast<Real<T>>(x) - shift) * scale);
}

template <class T>
void pack(const T* const* rows, int count, int64_t d, const Real<T>* shift, Real<T> scale, float* tile,
          float* squared_norms) {
    for (int r = 0; r < tile_rows; ++r) {
        double sum = 0;
        for (int64_t j = 0; j < d; ++j) {
            const T* row = rows[r < count ? r : count - 1];
            const float value = shifted(row[j], shift[j], scale);
            tile[j * tile_rows + r] = value;
            sum += static_cast<double>(value) * value;
        }
        squared_norms[r] = static_cast<float>(sum);
    }
}

int32_t pair(float low, float high) {
    const auto whole = [](float v) { return static_cast<int32_t>(std::nearbyint(std::clamp(v, -32767.0f, 32767.0f))); };
    return static_cast<int32_t>(static_cast<uint32_t>(whole(high)) << 16 | (static_cast<uint32_t>(whole(low)) & 0xffff));
}

int32_t low_of(int32_t pair) { return static_cast<int16_t>(pair & 0xffff); }
int32_t high_of(int32_t pair) { return pair >> 16; }

template <class T>
void pack_int16(const T* const* rows, int count, int64_t d, const Real<T>* shift, Real<T> scale, float inverse, int32_t* tile,
                float* squared_norms) {
    for (int r = 0; r < tile_rows; ++r) {
        const T* row = rows[r < count ? r : count - 1];
        const auto value = [&](int64_t j) { return j < d ? shifted(row[j], shift[j], scale) * inverse : 0.0f; };
        double sum = 0;
        for (int64_t j = 0; j < d; j += 2) {
            const int32_t both = tile[j / 2 * tile_rows + r] = pair(value(j), value(j + 1));
            for (const double q : {low_of(both), high_of(both)}) sum += q * q;
        }
        squared_norms[r] = static_cast<float>(sum);
    }
}

template <class T>
float level(const T* x, int64_t d, const Real<T>* shift, Real<T> scale, float* out) {
    double sum = 0;
    for (int64_t j = 0; j < d; ++j) {
        out[j] = shifted(x[j], shift[j], scale);
        sum += static_cast<double>(out[j]) * out[j];
    }
    return static_cast<float>(sum);
}

template <class T>
void few(const T* const* rows, int count, int64_t d, const Real<T>* shift, Real<T> scale, const float* centers,
         const float* half_norms, int k, float* scores, float* squared_norms) {
    for (int r = 0; r < count; ++r) {
        double norm = 0;
        for (int64_t j = 0; j < d; ++j) {
            const double value = shifted(rows[r][j], shift[j], scale);
            norm += value * value;
        }
        squared_norms[r] = static_cast<float>(norm);
        for (int c = 0; c < group_width; ++c) {
            double sum = 0;
            for (int64_t j = 0; c < k && j < d; ++j)
                sum += static_cast<double>(shifted(rows[r][j], shift[j], scale)) * centers[c * d + j];
            scores[r * group_width + c] = c < k ? static_cast<float>(half_norms[c] - sum) : infinity;
        }
    }
}

template <class T>
void quick_distances(const T* x, int64_t d, const Real<T>* centers, const int32_t* which, int count, float* squared) {
    for (int i = 0; i < count; ++i) {
        double sum = 0;
        for (int64_t j = 0; j < d; ++j) {
            const auto gap = static_cast<float>(static_cast<Real<T>>(x[j]) - centers[which[i] * d + j]);
            sum += static_cast<double>(gap) * gap;
        }
        squared[i] = static_cast<float>(sum);
    }
}

template <class T>
double compact(const T* x, int64_t d, const double* low, double step, uint8_t* out) {
    double sum = 0;
    for (int64_t j = 0; j < d; ++j) {
        const auto value = static_cast<double>(x[j]);
        out[j] = static_cast<uint8_t>(std::clamp(std::nearbyint((value - low[j]) / step), 0.0, 255.0));
        const double gap = value - (low[j] + out[j] * step);
        sum += gap * gap;
    }
    return sum;
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
double known_distance(const T* x, const double* c, int64_t d) {
    double part[16] = {};
    for (int64_t j = 0; j < d; ++j) {
        const double gap = static_cast<double>(x[j]) - c[j];
        if (!std::isnan(gap)) part[j % 16] += gap * gap;
    }
    for (int width = 8; width >= 1; width /= 2)
        for (int i = 0; i < width; ++i) part[i] += part[i + width];
    return part[0];
}

template <class T>
void accumulate(const T* x, int64_t d, const Real<T>* shift, const double* grid, int sign, int64_t* sums) {
    for (int64_t j = 0; j < d; ++j)
        sums[j] += sign * static_cast<int64_t>(std::nearbyint((static_cast<double>(x[j]) - static_cast<double>(shift[j])) * grid[j]));
}

template <class T>
LeafFound leaf_nearest(const T* leaf, int64_t d, const double* centers, const int32_t* ids, int count,
                       const int32_t* before, int32_t* labels) {
    LeafFound found{0, std::numeric_limits<double>::infinity(), 0};
    for (int r = 0; r < leaf_rows; ++r) {
        T row[max_leaf_columns];
        for (int64_t j = 0; j < d; ++j) row[j] = leaf[j * leaf_rows + r];
        double best = std::numeric_limits<double>::infinity(), second = best;
        labels[r] = ids[0];
        for (int c = 0; c < count; ++c) {
            const double squared = squared_distance(row, centers + c * d, d);
            if (squared < best) labels[r] = ids[c];
            second = std::min(second, std::max(best, squared));
            best = std::min(best, squared);
        }
        if (labels[r] != before[r]) found.changed |= 1u << r;
        const double gap = second - best;
        found.least = std::min(found.least, gap / std::max(second, 0x1p-1000) * gap);
        found.widest = std::max(found.widest, second);
    }
    return found;
}

template <class T>
void leaf_sum(const T* leaf, int64_t d, const Real<T>* shift, const double* grid, uint32_t rows, int64_t* sums) {
    std::fill(sums, sums + d, 0);
    for (int r = 0; r < leaf_rows; ++r) {
        T row[max_leaf_columns];
        for (int64_t j = 0; j < d; ++j) row[j] = leaf[j * leaf_rows + r];
        if (rows >> r & 1) accumulate(row, d, shift, grid, 1, sums);
    }
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

void pack_centers_int16(const float* centers, int k, int64_t d, float inverse, int32_t* panels) {
    for (int first = 0; first < k; first += panel_centers) {
        const int width = k - first < panel_centers ? k - first : panel_centers;
        for (int64_t j = 0; j < d; j += 2)
            for (int c = first; c < first + width; ++c)
                *panels++ = pair(-centers[c * d + j] * inverse, j + 1 < d ? -centers[c * d + j + 1] * inverse : 0.0f);
    }
}

void nearest_int16(const int32_t* tile, int64_t d, const int32_t* panels, const int32_t* half_norms, int k, float unit,
                   float* best, float* second, int32_t* index) {
    const int64_t pairs = (d + 1) / 2;
    for (int r = 0; r < tile_rows; ++r) {
        int64_t low = std::numeric_limits<int32_t>::max(), next = low;
        index[r] = 0;
        for (int c = 0; c < k; ++c) {
            const int first = c / panel_centers * panel_centers;
            const int width = k - first < panel_centers ? k - first : panel_centers;
            int64_t score = half_norms[c];
            for (int64_t p = 0; p < pairs; ++p) {
                const int32_t x = tile[p * tile_rows + r], z = panels[first * pairs + p * width + (c - first)];
                score += int64_t(low_of(x)) * low_of(z) + int64_t(high_of(x)) * high_of(z);
            }
            if (score < low) index[r] = c;
            next = std::min(next, std::max(score, low));
            low = std::min(low, score);
        }
        best[r] = static_cast<float>(low) * unit;
        second[r] = static_cast<float>(next) * unit;
    }
}

void best_of_few(const float* scores, int count, float* best, float* second, int32_t* index) {
    for (int r = 0; r < count; ++r) {
        const float* score = scores + r * group_width;
        best[r] = second[r] = infinity;
        index[r] = 0;
        for (int c = 0; c < group_width; ++c) {
            if (score[c] < best[r]) {
                second[r] = best[r];
                best[r] = score[c];
                index[r] = c;
            } else if (score[c] < second[r]) {
                second[r] = score[c];
            }
        }
    }
}

void review(const float* best, const float* second, const float* squared_norms, float base, float slope,
            const int32_t* index, const int32_t* labels, int count, uint64_t* unsure, uint64_t* changed) {
    *unsure = *changed = 0;
    for (int r = 0; r < count; ++r) {
        const bool sure = second[r] - best[r] > base + slope * squared_norms[r];
        if (!sure) *unsure |= uint64_t(1) << r;
        else if (index[r] != labels[r]) *changed |= uint64_t(1) << r;
    }
}

void sift(const float* const* rows, int count, int64_t d, const float* group, const float* half_norms,
          const float* limits, const int32_t* skip, uint32_t* masks, float* rest) {
    for (int r = 0; r < count; ++r) {
        masks[r] = 0;
        rest[r] = infinity;
        for (int c = 0; c < group_width; ++c) {
            double sum = 0;
            for (int64_t j = 0; j < d; ++j) sum += static_cast<double>(rows[r][j]) * group[j * group_width + c];
            const auto score = static_cast<float>(half_norms[c] - sum);
            if (c == skip[r]) continue;
            if (!(score > limits[r])) masks[r] |= 1u << c;
            else rest[r] = std::min(rest[r], score);
        }
    }
}

void round_row(const float* x, int64_t d, float inverse, int32_t* pairs) {
    for (int64_t j = 0; j < d; j += 2) pairs[j / 2] = pair(x[j] * inverse, j + 1 < d ? x[j + 1] * inverse : 0.0f);
}

void sift_int16(const int32_t* const* rows, int count, int64_t d, const int32_t* group, const float* half_norms,
                const float* units, const float* limits, const int32_t* skip, uint32_t* masks, float* rest) {
    for (int r = 0; r < count; ++r) {
        masks[r] = 0;
        rest[r] = infinity;
        for (int c = 0; c < group_width; ++c) {
            int64_t sum = 0;
            for (int64_t p = 0; p < (d + 1) / 2; ++p) {
                const int32_t x = rows[r][p], z = group[p * group_width + c];
                sum += int64_t(low_of(x)) * low_of(z) + int64_t(high_of(x)) * high_of(z);
            }
            const auto score = static_cast<float>(static_cast<double>(half_norms[c]) - static_cast<double>(units[r]) * static_cast<double>(sum));
            if (c == skip[r]) continue;
            if (!(score > limits[r])) masks[r] |= 1u << c;
            else rest[r] = std::min(rest[r], score);
        }
    }
}

float lowered(float bound, float drift) { return bound * (1 - 0x1p-22f) - drift; }

void least_bounds(const float* bounds, int64_t stride, int groups, const float* drifts, int count, float* low) {
    for (int r = 0; r < count; ++r) {
        low[r] = lowered(bounds[r], drifts[0]);
        for (int g = 1; g < groups; ++g) low[r] = std::min(low[r], lowered(bounds[g * stride + r], drifts[g]));
    }
}

int failing(const float* bounds, float drift, const float* upper, int count, int32_t* found) {
    int how_many = 0;
    for (int r = 0; r < count; ++r)
        if (!(upper[r] < lowered(bounds[r], drift))) found[how_many++] = r;
    return how_many;
}

int failing_lanes(const float* bounds, const float* drifts, float upper, int k, int skip, int32_t* found) {
    int how_many = 0;
    for (int c = 0; c < k; ++c)
        if (c != skip && !(upper < lowered(bounds[c], drifts[c]))) found[how_many++] = c;
    return how_many;
}

template <class Number>
void reach(const Number* tile, int64_t pairs, const int16_t* others, const int32_t* half_norms, int count,
           const int32_t* limits, uint64_t* masks) {
    for (int c = 0; c < count; ++c) {
        masks[c] = 0;
        for (int r = 0; r < tile_rows; ++r) {
            int64_t dot = -int64_t(half_norms[c]);
            for (int64_t j = 0; j < 2 * pairs; ++j)
                dot += int64_t(tile[(j / 2 * tile_rows + r) * 2 + j % 2]) * others[c * 2 * pairs + j];
            masks[c] |= static_cast<uint64_t>(dot > limits[r]) << r;
        }
    }
}

int64_t byte_distance(const uint8_t* x, const uint8_t* y, int64_t d) {
    int64_t squared = 0;
    for (int64_t j = 0; j < d; ++j) squared += (int64_t(x[j]) - y[j]) * (int64_t(x[j]) - y[j]);
    return squared;
}

void center_distances(const uint8_t* x, int64_t d, const int16_t* centers, const int32_t* which, int count, float* squared) {
    for (int i = 0; i < count; ++i) {
        int64_t sum = 0;
        for (int64_t j = 0; j < d; ++j) {
            const int64_t gap = (int64_t(x[j]) << center_bits) - centers[which[i] * d + j];
            sum += gap * gap;
        }
        squared[i] = static_cast<float>(sum);
    }
}

void few_bytes(const uint8_t* const* rows, int count, int64_t d, const int16_t* centers, const float* half_norms, int k,
               float* scores, float* squared_norms) {
    for (int r = 0; r < count; ++r) {
        int64_t norm = 0;
        for (int64_t j = 0; j < d; ++j) norm += int64_t(rows[r][j]) * rows[r][j];
        squared_norms[r] = static_cast<float>(norm);
        for (int c = 0; c < group_width; ++c) {
            int64_t sum = 0;
            for (int64_t j = 0; j < d && c < k; ++j) sum += int64_t(rows[r][j]) * centers[c * d + j];
            scores[r * group_width + c] = c < k ? static_cast<float>(static_cast<double>(half_norms[c]) - static_cast<double>(sum)) : infinity;
        }
    }
}

void pair_products(const double* tile, int64_t d, const double* panels, int count, double* products) {
    for (int c = 0; c < count; ++c)
        for (int r = 0; r < pair_rows; ++r) {
            const double* panel = panels + c / pair_others * pair_others * d;
            double all = 0;
            for (int64_t from = 0; from < d; from += pair_chunk) {
                double sum = 0;
                for (int64_t j = from; j < std::min(d, from + pair_chunk); ++j)
                    sum += tile[j * pair_rows + r] * panel[j * pair_others + c % pair_others];
                all = from == 0 ? sum : all + sum;
            }
            products[c * pair_rows + r] = all;
        }
}

void pair_products_int16(const int32_t* tile, int64_t pairs, const int32_t* panels, int count, double* products) {
    for (int c = 0; c < count; ++c)
        for (int r = 0; r < pair_rows; ++r) {
            int64_t sum = 0;
            for (int64_t j = 0; j < pairs; ++j) {
                const int32_t x = tile[j * pair_rows + r], y = panels[c / pair_others * pair_others * pairs + j * pair_others + c % pair_others];
                sum += low_of(x) * low_of(y) + high_of(x) * high_of(y);
            }
            products[c * pair_rows + r] = static_cast<double>(sum);
        }
}

void pair_differences(const double* tile, int64_t d, const double* panels, int count, double* squared) {
    for (int c = 0; c < count; ++c)
        for (int r = 0; r < pair_rows; ++r) {
            double sum = 0;
            for (int64_t j = 0; j < d; ++j) {
                const double gap = tile[j * pair_rows + r] - panels[c / pair_others * pair_others * d + j * pair_others + c % pair_others];
                sum += gap * gap;
            }
            squared[c * pair_rows + r] = sum;
        }
}

bool pair_squares(double* products, int count, const double* norms, const double* limits, const double* other_norms,
                  const double* other_limits) {
    bool open = false;
    for (int c = 0; c < count; ++c)
        for (int r = 0; r < pair_rows; ++r) {
            double& at = products[c * pair_rows + r];
            const double squared = (norms[r] + other_norms[c]) - 2.0 * at;
            const bool sure = squared > limits[r] + other_limits[c];
            at = sure ? squared : -1.0;
            open |= !sure;
        }
    return open;
}

void add_roots(double* squared, int count, double* row_sums, double* column_sums) {
    for (int c = 0; c < count; ++c)
        for (int r = 0; r < pair_rows; ++r) {
            double& at = squared[c * pair_rows + r];
            at = std::sqrt(at);
            row_sums[r] += at;
            if (column_sums) column_sums[c * pair_lanes + r % pair_lanes] += at;
        }
}

void multiply_adds(int64_t rounds, float* sink) {
    for (int i = 0; i < 12; ++i) {
        float sum = sink[0] + static_cast<float>(i);
        for (int64_t round = 0; round < rounds; ++round) sum = sum * sink[0] + sink[1];
        sink[2] += sum;
    }
}

float as_float(uint32_t bits) {
    float value;
    std::memcpy(&value, &bits, sizeof value);
    return value;
}

uint32_t bits_of(float value) {
    uint32_t bits;
    std::memcpy(&bits, &value, sizeof bits);
    return bits;
}

template <class T>
void sparse_scores(const T* values, const int32_t* columns, int64_t count, T scale, const uint32_t* panel, int width,
                   const float* half_norms, float* scores) {
    const int words = width / 2;
    for (int c = 0; c < width; ++c) {
        double sum = 0;
        for (int64_t p = 0; p < count; ++p) {
            const uint32_t word = panel[int64_t(columns[p]) * words + c % words];
            sum += static_cast<double>(static_cast<float>(values[p] * scale)) * as_float(c < words ? word : word << 16);
        }
        scores[c] = static_cast<float>(half_norms[c] - sum);
    }
}

void pair_columns(const double* a, const double* b, int64_t count, double scale, uint32_t* words, double* sums) {
    for (int64_t j = 0; j < count; ++j) {
        float first = static_cast<float>(a[j] * scale), second = static_cast<float>(b[j] * scale);
        if (!(std::abs(first) >= least_paired)) first = least_paired;
        if (!(std::abs(second) >= least_paired)) second = 0;
        const uint32_t low = (bits_of(second) + 0x8000) >> 16;
        words[j] = ((bits_of(first) - low + 0x8000) & 0xffff0000) | low;
        const double off[2] = {a[j] * scale - as_float(words[j]), b[j] * scale - as_float(low << 16)};
        sums[0] += a[j] * scale * (a[j] * scale);
        sums[1] += b[j] * scale * (b[j] * scale);
        for (int i = 0; i < 2; ++i) sums[2 + i] += off[i] * off[i];
    }
}

// A quotient without a remainder stays exact.
template <class T>
CenterStep sparse_move(const CutColumns<T>& columns, double rows, int64_t count, double* center) {
    CenterStep part[8], all;
    for (int64_t j = 0; j < count; ++j) {
        const auto beyond = static_cast<__int128>(columns.sums[j]) +
                            static_cast<__int128>(static_cast<int64_t>(columns.beyond[j])) * (1 << sum_low_bits);
        const auto whole = beyond + static_cast<__int128>(static_cast<int64_t>(rows)) * static_cast<int64_t>(columns.bases[j]);
        const double q = std::nearbyint(static_cast<double>(whole) * (1 / rows));
        const auto left = whole - static_cast<__int128>(static_cast<int64_t>(q)) * static_cast<int64_t>(rows);
        const double step = columns.inverse_grid[j], shift = static_cast<double>(columns.shift[j]), before = center[j];
        const double mean = shift + (q + static_cast<double>(left) * (1 / rows)) * step, base = shift + columns.bases[j] * step;
        center[j] = static_cast<double>(static_cast<T>(mean));
        part[j % 8] += {(before - base) * (static_cast<double>(beyond) * step * 2.0 - (before - base) * rows),
                        (center[j] - before) * (center[j] - before)};
    }
    for (const CenterStep& one : part) all += one;
    return all;
}

double off_spread(const int64_t* sums, const double* beyond, const double* inverse_grid, const double* center, double rows,
                  int64_t count) {
    double part[8] = {}, off = 0;
    for (int64_t j = 0; j < count; ++j) {
        const auto whole = static_cast<__int128>(sums[j]) +
                           static_cast<__int128>(static_cast<int64_t>(beyond[j])) * (1 << sum_low_bits);
        part[j % 8] += center[j] * (static_cast<double>(whole) * inverse_grid[j] * 2.0 - center[j] * rows);
    }
    for (const double sum : part) off += sum;
    return off;
}

bool keep_lanes(float* bounds, const float* drifts, int count, float upper) {
    bool all = true;
    for (int c = 0; c < count; ++c) {
        bounds[c] = bounds[c] * (1 - 0x1p-22f);
        bounds[c] = bounds[c] - drifts[c];
        all &= bounds[c] > upper;
    }
    return all;
}

int least_lanes(const float* scores, int count, float* least, float* next) {
    const int best = static_cast<int>(std::min_element(scores, scores + count) - scores);
    *least = scores[best];
    *next = std::numeric_limits<float>::infinity();
    for (int c = 0; c < count; ++c)
        if (c != best) *next = std::min(*next, scores[c]);
    return best;
}

void distance_lanes(const float* scores, int count, float squared, float slack, float* bounds) {
    for (int c = 0; c < count; ++c) {
        const float sum = squared + 2 * scores[c];
        bounds[c] = std::sqrt(std::max(0.0f, sum - slack)) * (1 - 0x1p-22f);
    }
}

void lower_lanes(const float* squared, int count, float share, float vanished, float unit, float slop, float* low) {
    for (int i = 0; i < count; ++i) {
        const float product = squared[i] * share;
        const float length = std::sqrt(std::max(0.0f, product - vanished)) * unit;
        low[i] = std::min(std::max(0.0f, length - slop), longest_bound);
    }
}

template <class T>
void sparse_dots(const T* values, const int32_t* columns, int64_t count, const double* panel, double* dots) {
    for (int c = 0; c < dots_width; ++c) {
        double part[2] = {};
        for (int64_t p = 0; p < count; ++p)
            part[p % 2] += static_cast<double>(values[p]) * panel[int64_t(columns[p]) * dots_width + c];
        dots[c] = part[0] + part[1];
    }
}

template <class T>
void sparse_add(const T* values, const int32_t* columns, int64_t count, const ColumnGrid<T>* all, int sign, int64_t* sums) {
    for (int64_t p = 0; p < count; ++p) {
        const ColumnGrid<T>& of = all[columns[p]];
        const auto shift = static_cast<double>(of.shift);
        const auto q = [&](double x) { return static_cast<int64_t>(std::nearbyint(std::ldexp(x - shift, of.exponent - 1023))); };
        sums[columns[p]] += sign * (q(static_cast<double>(values[p])) - q(of.full ? shift : 0.0));
    }
}

template <class T>
constexpr SparseKernels<T> sparse_kernels() {
    return {sparse_scores<T>, sparse_dots<T>, sparse_add<T>, sparse_move<T>};
}

template <class T>
constexpr RowKernels<T> row_kernels() {
    return {range<T>, pack<T>, pack_int16<T>, level<T>, few<T>, quick_distances<T>, compact<T>, squared_distance<T>, known_distance<T>, accumulate<T>,
            leaf_nearest<T>, leaf_sum<T>};
}

} // namespace

const Kernels reference_kernels = {
    "reference", tile_rows, panel_centers, tile_rows, panel_centers, true,
    row_kernels<float>(), row_kernels<double>(), row_kernels<uint8_t>(),
    sparse_kernels<float>(), sparse_kernels<double>(),
    pack_centers, nearest, scores, pack_centers_int16, nearest_int16, best_of_few, review, sift, round_row, sift_int16,
    least_bounds, failing, failing_lanes, keep_lanes, least_lanes, distance_lanes, lower_lanes, pair_columns, off_spread, reach<uint8_t>, reach<int16_t>, byte_distance, center_distances, few_bytes,
    pair_products, pair_products_int16, pair_differences, pair_squares, add_roots,
    multiply_adds, 1,
};

} // namespace kmosaic
