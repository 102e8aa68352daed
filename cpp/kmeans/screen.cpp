#include "screen.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace kmosaic {

template <class T>
void Prepared<T>::prepare(const Centers& from, const Frame<T>& frame, const Kernels& kernels, int threads,
                          const Poll& poll, double row_length) {
    centers = &from;
    const int k = from.k;
    const int64_t d = from.d;
    small.resize(static_cast<size_t>(k) * d);
    half_norms.resize(k);
    if (!panels) panels = float_buffer(k * d);
    const std::vector<double> middle(frame.middle.begin(), frame.middle.end()), zero(d);
    const auto scale = static_cast<double>(frame.scale);
    threads = worth_threads(8.0 * k * d, threads);
    const Blocks blocks = cut(k, 8.0 * d, threads, kernels.panel_centers); // of whole panels
    std::vector<double> largest(threads, 0.0);
    parallel(threads, blocks.count, [&](int worker, int64_t block) {
        const auto first = static_cast<int>(blocks.begin(block)), end = static_cast<int>(blocks.end(block));
        for (int c = first; c < end; ++c) {
            float* const value = small.data() + c * d;
            kernels.float64.level(from.center(c), d, middle.data(), scale, value);
            const double squared = kernels.float32.squared_distance(value, zero.data(), d);
            half_norms[c] = static_cast<float>(squared / 2);
            if (!(squared <= largest[worker])) largest[worker] = squared; // NaN stays
        }
        kernels.pack_centers(small.data() + first * d, end - first, d, panels.get() + first * d);
    }, poll);
    largest_norm = 0;
    for (const double squared : largest)
        if (!(std::sqrt(squared) <= largest_norm)) largest_norm = std::sqrt(squared);
    int16.prepare(small, half_norms, d, largest_norm, frame.screens ? row_length : 0, kernels, threads, poll);
}

// |score - truth| <= e (C^2/2 + |x| C) with e = screen_error(d) and C the largest norm of a center, and
// |x| C <= (|x|^2 + C^2) / 2. The float64 distance that decides has an error of its own, and products below the
// smallest float32 vanish: both are added. |x|^2 is itself a float32 sum. Of longer centers |z|^2 may be infinite in float32.
template <class T>
typename Screen<T>::Margin Screen<T>::margin_of(const Prepared<T>& prepared) const {
    const double infinite = std::numeric_limits<double>::infinity();
    if (!frame_.screens || !(prepared.largest_norm < 0x1p60)) return {static_cast<float>(infinite), 0.0f};
    const double d = static_cast<double>(rows_.d);
    const double screened = screen_error(rows_.d);
    const double decided = decision_error(rows_.d);
    const double squared = prepared.largest_norm * prepared.largest_norm;
    const double vanished = (d + 8) * 0x1p-140;
    const double base = 2 * (squared * (screened + 2 * decided) + vanished);
    const double slope = (screened + 4 * decided) * (1 + norm_error());
    return {static_cast<float>(base * (1 + 0x1p-20)), static_cast<float>(slope * (1 + 0x1p-20))};
}

template <class T>
int Screen<T>::load(int64_t first, int64_t end, Scratch<T>& scratch) const {
    const int count = static_cast<int>(std::min<int64_t>(tile_rows(), end - first));
    for (int r = 0; r < count; ++r) scratch.rows[r] = rows_.row(first + r);
    kernel_.pack(scratch.rows, count, rows_.d, frame_.middle.data(), frame_.scale, scratch.tile.get(),
                 scratch.squared_norms);
    return count;
}

template <class T>
void Screen<T>::gather(const int64_t* rows, int count, Scratch<T>& scratch) const {
    for (int r = 0; r < count; ++r) scratch.rows[r] = rows_.row(rows[r]);
    kernel_.pack(scratch.rows, count, rows_.d, frame_.middle.data(), frame_.scale, scratch.tile.get(),
                 scratch.squared_norms);
}

template <class T>
void Screen<T>::score(const Prepared<T>& prepared, Scratch<T>& scratch) const {
    kernels_.scores(scratch.tile.get(), rows_.d, prepared.panels.get(), prepared.half_norms.data(), prepared.centers->k,
                    scratch.scores.get());
}

template <class T>
void Screen<T>::look(const Prepared<T>& prepared, int count, Scratch<T>& scratch) const {
    const int k = prepared.centers->k;
    const auto* middle = frame_.middle.data();
    if (prepared.few()) {
        kernel_.few(scratch.rows, count, rows_.d, middle, frame_.scale, prepared.small.data(), prepared.half_norms.data(), k,
                    scratch.scores.get(), scratch.squared_norms);
        kernels_.best_of_few(scratch.scores.get(), count, scratch.best, scratch.second, scratch.index);
        return;
    }
    kernel_.pack(scratch.rows, count, rows_.d, middle, frame_.scale, scratch.tile.get(), scratch.squared_norms);
    kernels_.nearest(scratch.tile.get(), rows_.d, prepared.panels.get(), prepared.half_norms.data(), k, scratch.best,
                     scratch.second, scratch.index);
}

template <class T>
void Screen<T>::look_int16(const Prepared<T>& prepared, int count, Scratch<T>& scratch) const {
    auto* tile = reinterpret_cast<int32_t*>(scratch.tile.get()); // two numbers of 16 bits take the place of two floats
    static_assert(sizeof(int32_t) == sizeof(float));
    kernel_.pack_int16(scratch.rows, count, rows_.d, frame_.middle.data(), frame_.scale, prepared.int16.inverse(), tile,
                       scratch.squared_norms);
    prepared.int16.nearest(kernels_, tile, rows_.d, scratch.best, scratch.second, scratch.index);
    for (int r = 0; r < kernels_.int16_rows; ++r) scratch.squared_norms[r] = prepared.int16.margin_of(scratch.squared_norms[r]);
}

// Nearly all of some rows at even distances are no longer. Nothing but the share of rows in doubt depends on it.
template <class T>
double Screen<T>::row_length(int k) const {
    constexpr int64_t sample = 256;
    if (!frame_.screens || !worth_int16(kernels_, rows_.d, k, sizeof(T))) return 0;
    const std::vector<double> middle(frame_.middle.begin(), frame_.middle.end());
    std::vector<double> squared;
    for (int64_t i = 0; i < rows_.n; i += std::max<int64_t>(rows_.n / sample, 1)) squared.push_back(distance(i, middle.data()));
    const auto high = squared.begin() + static_cast<int64_t>(squared.size() - 1 - squared.size() / 100);
    std::nth_element(squared.begin(), high, squared.end());
    return std::sqrt(*high) * static_cast<double>(frame_.scale) * 1.02;
}

template <class T>
void Screen<T>::candidates(const Prepared<T>& prepared, int r, Scratch<T>& scratch) const {
    float low = std::numeric_limits<float>::infinity();
    for (int c = 0; c < prepared.centers->k; ++c) low = std::min(low, scratch.scores[static_cast<int64_t>(c) * tile_rows() + r]);
    const float limit = low + margin_of(prepared).of(scratch.squared_norms[r]);
    scratch.candidates.clear();
    for (int c = 0; c < prepared.centers->k; ++c) // "not above" lets NaN through: what cannot be told is decided in float64
        if (!(scratch.scores[static_cast<int64_t>(c) * tile_rows() + r] > limit)) scratch.candidates.push_back(c);
}

template <class T>
typename Screen<T>::Two Screen<T>::closest_two(const Centers& centers, int64_t row,
                                               const std::vector<int>& among) const {
    Two two;
    for (const int c : among) two.see(c, distance(row, centers.center(c)));
    return two;
}

template <class T>
void Screen<T>::closest_two_of_tile(const Prepared<T>& prepared, int64_t first, int count, const Scratch<T>& scratch, Two* two) const {
    const int k = prepared.centers->k, tile = tile_rows();
    float low[max_tile_rows], limit[max_tile_rows]; // the second lowest, at first
    std::fill_n(low, max_tile_rows, std::numeric_limits<float>::infinity());
    std::fill_n(limit, max_tile_rows, std::numeric_limits<float>::infinity());
    for (int c = 0; c < k; ++c) {
        const float* const score = scratch.scores.get() + static_cast<int64_t>(c) * tile;
        for (int r = 0; r < tile; ++r) {
            const float s = score[r];
            limit[r] = std::min(limit[r], std::max(s, low[r]));
            low[r] = std::min(low[r], s);
        }
    }
    const Margin margin = margin_of(prepared);
    for (int r = 0; r < count; ++r) limit[r] += margin.of(scratch.squared_norms[r]);
    for (int c = 0; c < k; ++c) {
        const float* const score = scratch.scores.get() + static_cast<int64_t>(c) * tile;
        uint8_t near[max_tile_rows] = {};
        for (int r = 0; r < tile; ++r) near[r] = !(score[r] > limit[r]); // with NaN, as above
        for (int eight = 0; eight < count; eight += 8) {
            uint64_t any;
            std::memcpy(&any, near + eight, sizeof any);
            if (any == 0) continue; // as of most centers
            for (int r = eight; r < std::min(eight + 8, count); ++r)
                if (near[r]) two[r].see(c, distance(first + r, prepared.centers->center(c)));
        }
    }
}

template struct Prepared<float>;
template struct Prepared<double>;
template struct Prepared<uint8_t>;
template class Screen<float>;
template class Screen<double>;
template class Screen<uint8_t>;

} // namespace kmosaic
