#include "yinyang.hpp"

#include <algorithm>
#include <bit>

namespace kmosaic {
namespace {

// Rows whose shifted copies fit the second-level cache, beside the centers.
int64_t rows_of_a_block(int64_t d) { return std::clamp<int64_t>(65536 / d / 16 * 16, 64, 512); }

} // namespace

template <class T>
Yinyang<T>::Yinyang(const Problem<T>& problem, int k)
    : problem_(problem), kernel_(RowKernelsOf<T>::of(problem.kernels)), kernels_(problem.kernels), measure_(problem, compact_for(problem)), k_(k),
      block_rows_(rows_of_a_block(problem.rows.d)),
      threads_(worth_threads(4.0 * problem.rows.n * problem.rows.d, problem.threads)),
      blocks_(cut(problem.rows.n, 0.1 * problem.rows.d * k, threads_, static_cast<int>(block_rows_))),
      drift_(k), upper_(problem.rows.n, std::numeric_limits<float>::infinity()), workers_(threads_) {
    for (Worker& worker : workers_) {
        worker.upper.resize(block_rows_);
        worker.low.resize(block_rows_);
        worker.needy.resize(block_rows_ + group_width);
        worker.found.resize(block_rows_ + group_width);
        worker.candidates.resize(block_rows_);
        worker.levelled.resize(block_rows_ * problem.rows.d);
    }
}

template <class T>
void Yinyang<T>::prepare(const Centers& centers) {
    if (!groups_) {
        groups_ = std::make_unique<Groups>(centers);
        const int64_t padded = (problem_.rows.n + block_rows_ - 1) / block_rows_ * block_rows_;
        bounds_.assign(padded * groups_->count(), unknown);
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
        gone_[g] = float_above(total_[g] * (1 + 0x1p-40)); // adding up is not exact itself
    }
    measure_.prepare(centers);
    prepared_.prepare(centers, problem_.frame, problem_.kernels);
    panels_.pack(*groups_, prepared_.small.data(), prepared_.half_norms.data(), problem_.rows.d);
    margin_ = Screen<T>(problem_.rows, problem_.frame, problem_.kernels).margin_of(prepared_);
}

template <class T>
void Yinyang<T>::assign(const Centers& centers, Clusters<T>& clusters) {
    if (clusters.labels()[0] < 0) { // nothing is known yet: plain Lloyd finds labels to begin with
        first_ = std::make_unique<Lloyd<T>>(problem_, k_);
        first_->assign(centers, clusters);
        return;
    }
    prepare(centers);
    parallel(threads_, blocks_.count, [&](int worker, int64_t block) {
        for (int64_t first = blocks_.begin(block); first < blocks_.end(block); first += block_rows_)
            look(centers, clusters, worker, first);
    }, problem_.poll);
}

template <class T>
void Yinyang<T>::look(const Centers& centers, Clusters<T>& clusters, int number, int64_t first) {
    Worker& worker = workers_[number];
    const auto count = static_cast<int>(std::min(block_rows_, problem_.rows.n - first));
    worker.tally.screened += count;
    for (int r = 0; r < count; ++r) worker.upper[r] = raised(upper_[first + r], drift_[clusters.label(first + r)]);
    std::copy_n(worker.upper.begin(), count, upper_.begin() + first);
    kernels_.least_bounds(bounds(first), block_rows_, groups_->count(), gone_.data(), count, worker.low.data());
    if (!tighten(clusters, worker, first, count)) return;
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
bool Yinyang<T>::tighten(const Clusters<T>& clusters, Worker& worker, int64_t first, int count) {
    const int64_t d = problem_.rows.d;
    bool any = false;
    for (int r = 0; r < count; ++r) {
        if (worker.upper[r] < worker.low[r]) {
            worker.upper[r] = unknown;
            continue;
        }
        const int32_t label = clusters.label(first + r);
        float quick;
        measure_.quick(first + r, &label, 1, &quick);
        upper_[first + r] = worker.upper[r] = measure_.upper(first + r, quick);
        if (worker.upper[r] < worker.low[r]) {
            worker.upper[r] = unknown;
            continue;
        }
        const float norm =
            kernel_.level(problem_.rows.row(first + r), d, problem_.frame.middle.data(), problem_.frame.scale,
                          worker.levelled.data() + r * d);
        const float slack = margin_.of(norm) + norm * static_cast<float>(static_cast<double>(d + 8) * 0x1p-22);
        worker.candidates[r] = {label, false, 0.0, worker.upper[r], norm, slack};
        any = true;
    }
    return any;
}

// Scores above this belong to centers that are farther than the nearest so far.
template <class T>
float Yinyang<T>::limit_of(const Candidate& candidate) const {
    const double limit = (static_cast<double>(candidate.upper) * static_cast<double>(candidate.upper) + static_cast<double>(candidate.slack) -
                          static_cast<double>(candidate.norm)) / 2;
    return float_above(limit);
}

template <class T>
void Yinyang<T>::sift(const Centers& centers, Worker& worker, int64_t first, int group, const int32_t* found, int count) {
    const int64_t d = problem_.rows.d;
    const float* rows[max_sift_rows] = {};
    float limits[max_sift_rows] = {}, rest[max_sift_rows];
    int32_t skip[max_sift_rows] = {};
    uint32_t masks[max_sift_rows];
    for (int i = 0; i < count; ++i) {
        const Candidate& candidate = worker.candidates[found[i]];
        rows[i] = worker.levelled.data() + found[i] * d;
        limits[i] = limit_of(candidate);
        skip[i] = groups_->group_of(candidate.center) == group ? groups_->lane_of(candidate.center) : -1;
    }
    kernels_.sift(rows, count, d, panels_.panel(group, d), panels_.half_norms.data() + group * group_width, limits, skip,
                  masks, rest);
    for (int i = 0; i < count; ++i) settle(centers, worker, first, found[i], group, masks[i] & groups_->lanes(group), rest[i]);
}

// One row after one group: whoever may be nearer is decided in float64, and the group's bound is set anew.
template <class T>
void Yinyang<T>::settle(const Centers& centers, Worker& worker, int64_t first, int row, int group, uint32_t mask, float rest) {
    Candidate& best = worker.candidates[row];
    const T* x = problem_.rows.row(first + row);
    float low = std::numeric_limits<float>::infinity();
    if (rest < low) {
        const double squared = static_cast<double>(best.norm) + 2.0 * static_cast<double>(rest) - static_cast<double>(best.slack);
        low = static_cast<float>(std::sqrt(std::max(0.0, squared)) * (1 - 0x1p-20));
    }
    bounds(first)[group * block_rows_ + row] = kept(low, gone_[group]);
    if (!mask) return;
    if (!best.exact) {
        best.squared = kernel_.squared_distance(x, centers.center(best.center), problem_.rows.d);
        best.exact = true;
        ++worker.tally.decided;
    }
    for (; mask; mask &= mask - 1) {
        int center = groups_->center_at(group, std::countr_zero(mask));
        double squared = kernel_.squared_distance(x, centers.center(center), problem_.rows.d);
        if (squared < best.squared || (squared == best.squared && center < best.center)) {
            std::swap(squared, best.squared);
            std::swap(center, best.center);
        }
        lower(first, row, center, squared); // the loser
    }
    best.upper = worker.upper[row] = measure_.upper(best.squared);
}

// A center that is not the nearest: its group's bound may not be above its distance.
template <class T>
void Yinyang<T>::lower(int64_t first, int row, int center, double squared) {
    const int group = groups_->group_of(center);
    float& bound = bounds(first)[group * block_rows_ + row];
    bound = std::min(bound, kept(measure_.lower(squared), gone_[group]));
}

template <class T>
void Yinyang<T>::forget(int64_t row) {
    upper_[row] = std::numeric_limits<float>::infinity();
    if (!groups_) return;
    const int64_t first = row / block_rows_ * block_rows_;
    for (int g = 0; g < groups_->count(); ++g) bounds(first)[g * block_rows_ + row - first] = unknown;
}

template <class T>
int64_t Yinyang<T>::bytes() const {
    const int64_t scratch = threads_ * block_rows_ * (problem_.rows.d * 4 + 64);
    return static_cast<int64_t>((bounds_.size() + upper_.size() + 4 * prepared_.small.size()) * sizeof(float)) + measure_.bytes() + scratch;
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
