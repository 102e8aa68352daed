#include "sparse_step.hpp"

#include <algorithm>
#include <cmath>

namespace kmosaic {
namespace {

constexpr float infinite = std::numeric_limits<float>::infinity();
constexpr float grow = 1 + 0x1p-22f; // more than the rounding of the operation that follows; kernels shrink by as much
constexpr int whole_lanes = group_width;

int bounds_for(int k) { return std::min((k + whole_lanes - 1) / whole_lanes * whole_lanes, SparseCenters::panel); }

// As bytes() counts them.
int64_t bytes_with_bounds(int64_t n, int64_t d, int k) {
    return n * 4 + n * (1 + bounds_for(k)) * 4 + SparseCenters::bytes_for(d, k);
}

} // namespace

template <class T>
SparseStep<T>::SparseStep(const Problem<Sparse<T>>& problem, int k, bool bounded)
    : problem_(problem), k_(k), bounds_(bounded ? bounds_for(k) : 0),
      screen_(problem.rows, problem.frame, problem.kernels, problem.threads, problem.poll),
      upper_(bounded ? problem.rows.n : 0, infinite), lower_(float_buffer(problem.rows.n * bounds_)), drift_(k), lane_drift_(bounds_) {}

// The triangle inequality: a center that went by m is nearer by at most m. drift_ is rounded up, so are its sums.
template <class T>
void SparseStep<T>::note_drift(const Centers& centers) {
    std::fill(lane_drift_.begin(), lane_drift_.end(), 0.0f);
    for (int c = 0; c < k_ && bounds_; ++c) {
        const double went = centers.drift.empty() ? 0.0 : centers.drift[c] * static_cast<double>(problem_.frame.scale);
        drift_[c] = went > 0 ? static_cast<float>(went * (1 + 0x1p-22)) + 0x1p-100f : 0.0f;
        float& farthest = lane_drift_[c % bounds_];
        farthest = drift_[c] <= farthest ? farthest : drift_[c]; // NaN stays
    }
    largest_drift_ = 0;
    for (const float drift : lane_drift_) largest_drift_ = std::max(largest_drift_, drift);
}

// Whether the bounds, moved along, still say that no other center can be nearest. A bound loses a relative 2^-22 each
// time, of which its own rounding takes 2^-23 at most; what is left keeps the distances farther apart than the
// rounding of the float64 distances, (d/16 + 16) 2^-53, could bring them together. Not "more" lets NaN through.
template <class T>
bool SparseStep<T>::stays(int64_t row, int32_t label) {
    if (upper_[row] == infinite) return false;
    const float upper = (upper_[row] + drift_[label]) * grow;
    upper_[row] = upper;
    return problem_.kernels.keep_lanes(lower_.get() + row * bounds_, lane_drift_.data(), bounds_, upper);
}

// Whether bounds set now would hold if the centers went half as far as they just did: else the row is looked at next time
// without any, which costs less than to set them, read them and see them fail. Changes no result.
template <class T>
bool SparseStep<T>::bounds_may_hold(int64_t row, int label, double margin, const SparseScratch<T>& scratch) const {
    if (!(margin < infinite) || largest_drift_ == 0) return false;
    const double x = screen_.norm(row), nearest = std::sqrt(std::max(0.0, x * x + 2.0 * scratch.low));
    const double second = std::sqrt(std::max(0.0, x * x + 2.0 * scratch.next - margin));
    return second - nearest > 0.5 * (static_cast<double>(drift_[label]) + static_cast<double>(largest_drift_));
}

// |x - c|^2 = |x|^2 + 2 score, off by the margin (twice the error of a score) and by the roundings of |x| (2^-21,
// upwards), of its square and of the sum: 2^-19 (|x| + |c|)^2 covers these.
template <class T>
void SparseStep<T>::set_bounds(int64_t row, int label, double margin, SparseScratch<T>& scratch) {
    const double x = screen_.norm(row), reach = x + prepared_.largest_norm();
    const auto slack = static_cast<float>((margin + reach * reach * 0x1p-19) * (1 + 0x1p-20));
    const auto squared = static_cast<float>(x * x);
    float* scores = scratch.scores.data();
    upper_[row] = std::sqrt(std::max(0.0f, squared + 2 * scores[label] + slack)) * grow;
    if (!std::isfinite(slack)) upper_[row] = infinite;
    scores[label] = infinite;
    for (int first = bounds_; first < prepared_.padded(); first += bounds_)
        for (int b = 0; b < prepared_.width(first); ++b) scores[b] = std::min(scores[b], scores[first + b]);
    problem_.kernels.distance_lanes(scores, bounds_, squared, slack, lower_.get() + row * bounds_);
}

template <class T>
int32_t SparseStep<T>::look(const Centers& centers, int64_t row, SparseScratch<T>& scratch) {
    screen_.score(prepared_, row, scratch);
    const double margin = screen_.margin(prepared_, row);
    const int label = screen_.nearest(prepared_, centers, row, margin, scratch);
    scratch.tally.largest_bound = std::max(scratch.tally.largest_bound, margin);
    if (bounds_ && bounds_may_hold(row, label, margin, scratch)) set_bounds(row, label, margin, scratch);
    else if (bounds_) upper_[row] = infinite;
    return label;
}

template <class T>
void SparseStep<T>::assign(const Centers& centers, Clusters<Sparse<T>>& clusters) {
    const Rows<Sparse<T>>& rows = problem_.rows;
    prepared_.follow(centers, static_cast<double>(problem_.frame.scale), problem_.kernels, problem_.threads, problem_.poll);
    note_drift(centers);
    const double operations = 2.0 * rows.width() * k_;
    const int threads = worth_threads(static_cast<double>(rows.n) * operations, problem_.threads);
    while (static_cast<int>(scratch_.size()) < threads) scratch_.push_back(screen_.scratch(prepared_));
    const Blocks blocks = cut(rows.n, operations, threads, 16);
    parallel(threads, blocks.count, [&](int worker, int64_t block) {
        for (int64_t i = blocks.begin(block); i < blocks.end(block); ++i) {
            const int32_t before = clusters.label(i);
            if (bounds_ && before >= 0 && stays(i, before)) continue;
            clusters.move(worker, i, look(centers, i, scratch_[worker]));
        }
    }, problem_.poll);
}

template <class T>
void SparseStep<T>::forget(int64_t row) {
    if (bounds_) upper_[row] = infinite;
}

template <class T>
int64_t SparseStep<T>::bytes() const {
    return problem_.rows.n * 4 + static_cast<int64_t>(upper_.size()) * (1 + bounds_) * 4 + prepared_.bytes();
}

template <class T>
Tally SparseStep<T>::tally() const {
    Tally all;
    for (const auto& scratch : scratch_) all.add(scratch.tally);
    return all;
}

template <class T>
Chooser<Sparse<T>>::Chooser(const Problem<Sparse<T>>& problem, int k, const Plan& plan)
    : used_(plan.algorithm == "lloyd" ? "lloyd" : "elkan"), why_("it was asked for by name") {
    if (plan.algorithm == "auto") {
        const bool room = plan.memory_limit <= 0 || bytes_with_bounds(problem.rows.n, problem.rows.d, k) <= plan.memory_limit;
        used_ = room ? "elkan" : "lloyd";
        why_ = room ? "bounds let most sparse rows be skipped unread" : "memory_limit leaves no room for bounds";
    }
    step_.emplace(problem, k, used_ != "lloyd");
}

template class SparseStep<float>;
template class SparseStep<double>;
template class Chooser<Sparse<float>>;
template class Chooser<Sparse<double>>;

} // namespace kmosaic
