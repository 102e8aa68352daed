#include "yinyang.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace kmosaic {
namespace {

// The head of a row may be longer than the row by 1% (head.hpp), and the length of any is a float32 root.
constexpr float longer = 1.02f;

// Rows whose shifted copies fit the second-level cache, beside the centers.
int64_t rows_of_a_block(int64_t d) { return std::clamp<int64_t>(65536 / d / 16 * 16, 64, 512); }

} // namespace

template <class T>
Yinyang<T>::Yinyang(const Problem<T>& problem, int k)
    : problem_(problem), kernel_(RowKernelsOf<T>::of(problem.kernels)), kernels_(problem.kernels), measure_(problem, compact_for(problem)), k_(k),
      width_(problem.head ? problem.head->width() : problem.rows.d), block_rows_(rows_of_a_block(width_)),
      threads_(worth_threads(4.0 * problem.rows.n * problem.rows.d, problem.threads)),
      blocks_(cut(problem.rows.n, 0.1 * problem.rows.d * k, threads_, static_cast<int>(block_rows_))),
      int16_(problem.kernels.int16_pays && problem.frame.screens && width_ >= 32 && width_ <= int16_most_columns), drift_(k),
      upper_(problem.rows.n, std::numeric_limits<float>::infinity()), workers_(threads_) {
    for (Worker& worker : workers_) {
        for (auto* of_rows : {&worker.upper, &worker.low, &worker.norm, &worker.slack, &worker.limit})
            of_rows->resize(block_rows_);
        worker.needy.resize(block_rows_ + group_width);
        worker.found.resize(block_rows_ + group_width);
        worker.candidates.resize(block_rows_);
        if (int16_) worker.rounded.resize(block_rows_ * ((width_ + 1) / 2));
        if (int16_) worker.unit.resize(block_rows_);
        if (!problem.head) worker.levelled.resize(block_rows_ * width_);
        else worker.tile = float_buffer(width_ * problem.kernels.tile_rows);
    }
}

template <class T>
void Yinyang<T>::prepare(const Centers& centers) {
    if (!groups_) {
        groups_ = std::make_unique<Groups>(centers);
        bounds_ = float_buffer(padded_rows() * groups_->count());
        parallel(threads_, blocks_.count, [&](int, int64_t block) { // memory is found where it is first written: by all threads
            for (int64_t first = blocks_.begin(block); first < blocks_.end(block); first += block_rows_)
                std::fill_n(bounds(first), block_rows_ * groups_->count(), unknown);
        }, problem_.poll);
        total_.assign(groups_->count(), 0.0);
        gone_.assign(groups_->count(), 0.0f);
    }
    std::vector<double> farthest(groups_->count());
    for (int c = 0; c < k_; ++c) {
        const double drift = centers.drift.empty() ? 0.0 : centers.drift[c] * static_cast<double>(problem_.frame.scale);
        drift_[c] = float_above(drift);
        double& most = farthest[groups_->group_of(c)];
        most = std::max(most, drift);
    }
    for (int g = 0; g < groups_->count(); ++g) {
        total_[g] += farthest[g];
        if (!(total_[g] < longest_gone)) forget_group(g);
        gone_[g] = float_above(total_[g] * (1 + 0x1p-40)); // adding up is not exact itself
    }
    measure_.prepare(centers);
    if (problem_.head) {
        problem_.head->project(centers, seen_);
        pack(seen_.rows.data(), seen_.half_norms.data());
        margin_.base += float_above(seen_.base);
        margin_.slope += float_above(seen_.slope);
        return;
    }
    prepared_.prepare(centers, problem_.frame, problem_.kernels, problem_.threads, problem_.poll);
    pack(prepared_.small.data(), prepared_.half_norms.data());
    const auto screened = Screen<T>(problem_.rows, problem_.frame, problem_.kernels).margin_of(prepared_);
    margin_.base += screened.base;
    margin_.slope += screened.slope;
    // The error of |x|^2 itself, and of adding up |x|^2 + 2 score - slack in float32.
    const double largest = prepared_.largest_norm * prepared_.largest_norm;
    margin_.slope += static_cast<float>(static_cast<double>(width_ + 8) * 0x1p-22 + 0x1p-20);
    margin_.base += static_cast<float>(largest * 0x1p-20);
}

// The centers by group; margin_ begins with what 16 bits add to it. With L no shorter than a row, the row's unit is
// L / 32700, and twice the error of int16.hpp is at most
//
//     2 * 0.52 sqrt(width) (L / 32700 C + 1.01 L b) + 2^-20 L C + 2^-22 C^2
//
// where |a q(y)| <= 1.01 L, and the last two terms are the conversion to float32 and the roundings after it. What is shorter
// than 2^-50 counts as zero. There is no |z|^2 in the integers and 2% to spare: L is
// 2% more than the float32 sum of squares tells, which up to int16_most_columns is off by 1% at most.
template <class T>
void Yinyang<T>::pack(const float* centers, const float* half_norms) {
    margin_ = {};
    if (!int16_) return panels_.pack(*groups_, centers, half_norms, width_, problem_.threads, problem_.poll);
    int16_panels_.pack(*groups_, centers, half_norms, width_, kernels_, problem_.threads, problem_.poll);
    const double longest = int16_panels_.longest, root = int16_rounding * std::sqrt(static_cast<double>(width_));
    int16_slope_ = float_above(2 * root * (longest / int16_row_units + 1.01 * int16_panels_.unit) + 0x1p-20 * longest);
    margin_.base = float_above(longest * (0x1p-22 * longest + 0x1p-48));
}

template <class T>
void Yinyang<T>::assign(const Centers& centers, Clusters<T>& clusters) {
    const bool begins = clusters.labels()[0] < 0; // nothing is known yet
    if (begins && !problem_.head) {               // plain Lloyd finds labels to begin with
        first_ = std::make_unique<Lloyd<T>>(problem_, k_);
        first_->assign(centers, clusters);
        return;
    }
    prepare(centers);
    if (begins) {
        guess_panels_ = float_buffer(k_ * width_);
        kernels_.pack_centers(seen_.rows.data(), k_, width_, guess_panels_.get());
    }
    parallel(threads_, blocks_.count, [&](int worker, int64_t block) {
        for (int64_t first = blocks_.begin(block); first < blocks_.end(block); first += block_rows_)
            look(centers, clusters, worker, first);
    }, problem_.poll);
}

// Labels to begin with: the nearest as far as the head can tell.
template <class T>
void Yinyang<T>::guess(Worker& worker, int64_t first, int count) const {
    const std::vector<float> origin(width_);
    const float* rows[max_tile_rows];
    alignas(64) float best[max_tile_rows], second[max_tile_rows], norms[max_tile_rows];
    alignas(64) int32_t index[max_tile_rows];
    for (int from = 0; from < count; from += kernels_.tile_rows) {
        const int some = std::min(kernels_.tile_rows, count - from);
        for (int r = 0; r < some; ++r) rows[r] = problem_.head->row(first + from + r);
        kernels_.float32.pack(rows, some, width_, origin.data(), 1.0f, worker.tile.get(), norms);
        kernels_.nearest(worker.tile.get(), width_, guess_panels_.get(), seen_.half_norms.data(), k_, best, second, index);
        for (int r = 0; r < some; ++r) worker.candidates[from + r].center = index[r];
    }
}

template <class T>
void Yinyang<T>::look(const Centers& centers, Clusters<T>& clusters, int number, int64_t first) {
    Worker& worker = workers_[number];
    const auto count = static_cast<int>(std::min(block_rows_, problem_.rows.n - first));
    worker.tally.screened += count;
    if (clusters.label(first) < 0) {
        guess(worker, first, count);
        std::fill_n(worker.upper.begin(), count, std::numeric_limits<float>::infinity());
    } else {
        for (int r = 0; r < count; ++r) {
            const int32_t label = clusters.label(first + r);
            worker.candidates[r].center = label;
            worker.upper[r] = raised(upper_[first + r], drift_[label]);
        }
    }
    std::copy_n(worker.upper.begin(), count, upper_.begin() + first);
    kernels_.least_bounds(bounds(first), block_rows_, groups_->count(), gone_.data(), count, worker.low.data());
    if (!tighten(worker, first, count)) return;
    for (int g = 0; g < groups_->count(); ++g) {
        const int found = kernels_.failing(bounds(first) + g * block_rows_, gone_[g], worker.upper.data(), count,
                                           worker.found.data());
        for (int from = 0; from < found; from += max_sift_rows)
            sift(centers, worker, first, g, worker.found.data() + from, std::min(max_sift_rows, found - from));
    }
    for (int r = 0; r < count; ++r) {
        if (worker.upper[r] == unknown) continue;
        upper_[first + r] = worker.upper[r];
        clusters.move(number, first + r, worker.candidates[r].center);
    }
}

// Rows that some group may have something for, after a look at their own center. The others' `upper` becomes minus
// infinity, so that no group finds them. False if there are none.
template <class T>
bool Yinyang<T>::tighten(Worker& worker, int64_t first, int count) {
    bool any = false;
    for (int r = 0; r < count; ++r) {
        Candidate& candidate = worker.candidates[r];
        if (!(worker.upper[r] < worker.low[r])) {
            float quick;
            measure_.quick(first + r, &candidate.center, 1, &quick);
            upper_[first + r] = worker.upper[r] = measure_.upper(first + r, quick);
        }
        if (worker.upper[r] < worker.low[r]) {
            worker.upper[r] = unknown;
            continue;
        }
        candidate.exact = false;
        worker.norm[r] = problem_.head ? problem_.head->squared_norm(first + r)
                                       : kernel_.level(problem_.rows.row(first + r), width_, problem_.frame.middle.data(),
                                                       problem_.frame.scale, worker.levelled.data() + r * width_);
        worker.slack[r] = margin_.of(worker.norm[r]) * (1 + 0x1p-20f);
        if (int16_) round(worker, first, r);
        worker.limit[r] = limit_of(worker, r);
        any = true;
    }
    return any;
}

template <class T>
void Yinyang<T>::round(Worker& worker, int64_t first, int row) const {
    const float length = std::sqrt(worker.norm[row]) * longer;
    const float inverse = length > 0x1p-50f ? int16_row_units / length : 0.0f;
    kernels_.round_row(screened_row(worker, first, row), width_, inverse, worker.rounded.data() + row * ((width_ + 1) / 2));
    worker.unit[row] = length / int16_row_units * static_cast<float>(int16_panels_.unit);
    worker.slack[row] = (worker.slack[row] + int16_slope_ * length) * (1 + 0x1p-20f);
}

// Scores above this belong to centers that are farther than the nearest so far.
template <class T>
float Yinyang<T>::limit_of(const Worker& worker, int row) {
    const auto upper = static_cast<double>(worker.upper[row]);
    return float_above((upper * upper + static_cast<double>(worker.slack[row]) - static_cast<double>(worker.norm[row])) / 2);
}

template <class T>
void Yinyang<T>::look_at_group(Worker& worker, int64_t first, int group, const int32_t* found, int count, const float* limits,
                               const int32_t* skip, uint32_t* masks, float* rest) const {
    const int64_t at = int64_t(group) * group_width;
    if (int16_) {
        const int32_t* rows[max_sift_rows] = {};
        float units[max_sift_rows] = {};
        for (int i = 0; i < count; ++i) {
            rows[i] = worker.rounded.data() + found[i] * ((width_ + 1) / 2);
            units[i] = worker.unit[found[i]];
        }
        kernels_.sift_int16(rows, count, width_, int16_panels_.panel(group, width_), int16_panels_.half_norms.data() + at, units,
                            limits, skip, masks, rest);
        return;
    }
    const float* rows[max_sift_rows] = {};
    for (int i = 0; i < count; ++i) rows[i] = screened_row(worker, first, found[i]);
    kernels_.sift(rows, count, width_, panels_.panel(group, width_), panels_.half_norms.data() + at, limits, skip, masks, rest);
}

template <class T>
void Yinyang<T>::sift(const Centers& centers, Worker& worker, int64_t first, int group, const int32_t* found, int count) {
    float limits[max_sift_rows] = {}, rest[max_sift_rows], low[max_sift_rows], base[max_sift_rows];
    int32_t skip[max_sift_rows] = {};
    uint32_t masks[max_sift_rows];
    for (int i = 0; i < count; ++i) {
        const int row = found[i], center = worker.candidates[row].center;
        limits[i] = worker.limit[row];
        base[i] = worker.norm[row] - worker.slack[row];
        skip[i] = groups_->group_of(center) == group ? groups_->lane_of(center) : -1;
    }
    look_at_group(worker, first, group, found, count, limits, skip, masks, rest);
    for (int i = 0; i < count; ++i) low[i] = std::sqrt(std::max(0.0f, base[i] + 2 * rest[i])) * (1 - 0x1p-20f);
    float* bound = bounds(first) + group * block_rows_;
    const float gone = gone_[group];
    const uint32_t lanes = groups_->lanes(group);
    for (int i = 0; i < count; ++i) {
        const uint32_t mask = masks[i] & lanes;
        if (mask) low[i] = settle(centers, worker, first, found[i], group, mask, low[i]);
        bound[found[i]] = kept(low[i], gone);
    }
}

// One row after one group: whoever may be nearer is decided in float64. Returns the group's bound, which so far is that
// of the centers without a bit.
template <class T>
float Yinyang<T>::settle(const Centers& centers, Worker& worker, int64_t first, int row, int group, uint32_t mask, float low) {
    Candidate& best = worker.candidates[row];
    const T* x = problem_.rows.row(first + row);
    for (; mask; mask &= mask - 1) {
        int center = groups_->center_at(group, std::countr_zero(mask));
        if (problem_.head || int16_) { // a rough look let it pass: a closer one often does not
            float quick;
            const int32_t only = center;
            measure_.quick(first + row, &only, 1, &quick);
            const float lower_bound = measure_.lower(first + row, quick);
            if (lower_bound > worker.upper[row]) {
                low = std::min(low, lower_bound);
                continue;
            }
        }
        if (!best.exact) {
            best.squared = kernel_.squared_distance(x, centers.center(best.center), problem_.rows.d);
            best.exact = true;
            ++worker.tally.decided;
        }
        double squared = kernel_.squared_distance(x, centers.center(center), problem_.rows.d);
        if (squared < best.squared || (squared == best.squared && center < best.center)) {
            std::swap(squared, best.squared);
            std::swap(center, best.center);
            worker.upper[row] = measure_.upper(best.squared);
            worker.limit[row] = limit_of(worker, row);
        }
        // The loser's group may not be above its distance; this group's bound is set below.
        const float lost = measure_.lower(squared);
        if (groups_->group_of(center) == group) low = std::min(low, lost);
        else lower(first, row, groups_->group_of(center), lost);
    }
    return low;
}

template <class T>
void Yinyang<T>::lower(int64_t first, int row, int group, float to) {
    float& bound = bounds(first)[group * block_rows_ + row];
    bound = std::min(bound, kept(to, gone_[group]));
}

template <class T>
void Yinyang<T>::forget_group(int group) {
    total_[group] = 0;
    for (int64_t first = 0; first < problem_.rows.n; first += block_rows_)
        std::fill_n(bounds(first) + group * block_rows_, block_rows_, unknown);
}

template <class T>
void Yinyang<T>::forget(int64_t row) {
    upper_[row] = std::numeric_limits<float>::infinity();
    if (!groups_) return;
    const int64_t first = row / block_rows_ * block_rows_;
    for (int g = 0; g < groups_->count(); ++g) bounds(first)[g * block_rows_ + row - first] = unknown;
}

template <class T>
int64_t Yinyang<T>::bytes_for(const Problem<T>& problem, int k) {
    const int64_t n = problem.rows.n, d = problem.rows.d, width = problem.head ? problem.head->width() : d;
    const int64_t block = rows_of_a_block(width), groups = (k + group_width - 1) / group_width;
    const int64_t bounds = ((n + block - 1) / block * groups * block + n) * 4;
    const int64_t scratch = problem.threads * block * (width * 6 + 64) + (problem.head ? problem.head->bytes() : 0);
    return bounds + scratch + (problem.head ? 0 : 8 * k * d) + k * width * 8 + Measure<T>::bytes_for(problem, k);
}

template <class T>
int64_t Yinyang<T>::bytes() const {
    return bytes_for(problem_, k_) + (first_ ? first_->bytes() : 0);
}

template <class T>
Tally Yinyang<T>::tally() const {
    Tally all;
    for (const Worker& worker : workers_) all.add(worker.tally);
    if (first_) all.add(first_->tally());
    all.largest_bound = std::max(all.largest_bound, static_cast<double>(margin_.base));
    return all;
}

template class Yinyang<float>;
template class Yinyang<double>;
template class Yinyang<uint8_t>;

} // namespace kmosaic
