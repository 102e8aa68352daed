#include "elkan.hpp"

#include "byte_screen.hpp"

#include <algorithm>
#include <optional>

namespace kmosaic {

template <class T>
Elkan<T>::Elkan(const Problem<T>& problem, int k)
    : problem_(problem), kernel_(RowKernelsOf<T>::of(problem.kernels)), kernels_(problem.kernels), measure_(problem, compact_for(problem)),
      screen_(problem.rows, problem.frame, problem.kernels), k_(k),
      width_(padded(k)),
      threads_(worth_threads(4.0 * problem.rows.n * problem.rows.d, problem.threads)),
      blocks_(cut(problem.rows.n, 4.0 * problem.rows.d, threads_, 16)), drift_(k), total_(k),
      gone_(width_), upper_(problem.rows.n, std::numeric_limits<float>::infinity()), bounds_(float_buffer(problem.rows.n * width_)),
      workers_(threads_) {
    for (Worker& worker : workers_) {
        worker.which.resize(width_ + group_width);
        worker.squared.resize(width_ + group_width);
        worker.low.resize(width_ + group_width);
    }
}

template <class T>
void Elkan<T>::move_bounds(const Centers& centers) {
    for (int c = 0; c < k_; ++c) {
        const double drift = centers.drift.empty() ? 0.0 : centers.drift[c] * static_cast<double>(problem_.frame.scale);
        drift_[c] = float_above(drift);
        total_[c] += drift;
        if (!(total_[c] < longest_gone)) {
            total_[c] = 0;
            for (int64_t row = 0; row < problem_.rows.n && begun_; ++row) bounds(row)[c] = unknown;
        }
        gone_[c] = float_above(total_[c] * (1 + 0x1p-40)); // the sum of up to 2^12 drifts and more is not exact itself
    }
    measure_.prepare(centers);
}

template <class T>
void Elkan<T>::assign(const Centers& centers, Clusters<T>& clusters) {
    move_bounds(centers);
    if (!begun_) begin(centers, clusters.labels().data());
    parallel(threads_, blocks_.count, [&](int worker, int64_t block) {
        for (int64_t i = blocks_.begin(block); i < blocks_.end(block); ++i) look(centers, clusters, worker, i);
        workers_[worker].tally.screened += blocks_.end(block) - blocks_.begin(block);
    }, problem_.poll);
}

// First bounds from the scores of the screen: all centers at once is what it does best.
template <class T>
void Elkan<T>::begin(const Centers& centers, const int32_t* labels) {
    begun_ = true;
    std::fill(drift_.begin(), drift_.end(), 0.0f);
    std::fill(total_.begin(), total_.end(), 0.0);
    std::fill(gone_.begin(), gone_.end(), 0.0f);
    std::optional<ByteScreen<T>> bytes;
    if (ByteScreen<T>::suits(problem_, k_)) bytes.emplace(problem_);
    const bool by_bytes = bytes && bytes->prepare(centers);
    Prepared<T> prepared;
    if (!by_bytes) prepared.prepare(centers, problem_.frame, problem_.kernels, threads_, problem_.poll);
    parallel(threads_, blocks_.count, [&](int number, int64_t block) {
        Scratch<T>& scratch = workers_[number].scratch;
        if (!scratch.tile) scratch = screen_.scratch(k_);
        const int64_t begin = blocks_.begin(block), end = blocks_.end(block);
        if (by_bytes) begin_by_bytes(*bytes, begin, end, scratch);
        else begin_by_scores(prepared, labels, begin, end, scratch);
    }, problem_.poll);
    for (Worker& worker : workers_) worker.scratch = Scratch<T>();
}

template <class T>
void Elkan<T>::begin_by_bytes(const ByteScreen<T>& bytes, int64_t begin, int64_t end, Scratch<T>& scratch) {
    for (int64_t i = begin; i < end; ++i) std::fill_n(bounds(i) + k_, width_ - k_, unknown);
    for (int64_t first = begin; first < end; first += max_tile_rows)
        bytes.lowest(first, static_cast<int>(std::min<int64_t>(max_tile_rows, end - first)), scratch,
                     [&](int64_t row, int c, double low) { bounds(row)[c] = kept(static_cast<float>(low), 0.0f); });
}

// What rounds the kept bound and the upper one is less than 2^-20 of them, and each has to leave as much (bounds.hpp). Where a
// score is NaN slack is infinite, so that all lower bounds are 0 and no upper one is below them.
template <class T>
void Elkan<T>::begin_by_scores(const Prepared<T>& prepared, const int32_t* labels, int64_t begin, int64_t end, Scratch<T>& scratch) {
    screen_.all_scores(prepared, begin, end, scratch, [&](int64_t row, const float* scores, float squared, float slack) {
        float* bound = bounds(row);
        kernels_.distance_lanes(scores, width_, squared, slack, bound);
        for (int c = 0; c < k_; ++c) bound[c] = std::min(bound[c], longest_bound) * (1 - 0x1p-19f);
        std::fill(bound + k_, bound + width_, unknown);
        if (labels[row] < 0) return;
        const float own = std::sqrt(std::max(0.0f, squared + 2 * scores[labels[row]] + slack));
        upper_[row] = own * (1 + 0x1p-19f) + 0x1p-140f;
    });
}

template <class T>
void Elkan<T>::look(const Centers& centers, Clusters<T>& clusters, int number, int64_t row) {
    Worker& worker = workers_[number];
    float* bound = bounds(row);
    int32_t* which = worker.which.data();
    int label = clusters.label(row);
    const bool begins = label < 0;
    if (begins) label = static_cast<int>(std::min_element(bound, bound + k_) - bound); // as good a guess as any
    else upper_[row] = raised(upper_[row], drift_[label]);
    if (!begins && kernels_.failing_lanes(bound, gone_.data(), upper_[row], k_, label, which) == 0) return;
    const int32_t only = label;
    float own; // quick distance to the center of its label
    measure_.quick(row, &only, 1, &own);
    upper_[row] = measure_.upper(row, own);
    const int count = kernels_.failing_lanes(bound, gone_.data(), upper_[row], k_, label, which);
    clusters.move(number, row, count ? nearest_of(centers, worker, row, label, own, count) : label);
}

// The nearest of the label's center, whose quick distance is `own`, and of the `count` centers that worker.which names.
template <class T>
int Elkan<T>::nearest_of(const Centers& centers, Worker& worker, int64_t row, int label, float own, int count) {
    float* bound = bounds(row);
    int32_t* which = worker.which.data();
    float* squared = worker.squared.data();
    float* low = worker.low.data();
    measure_.quick(row, which, count, squared);
    measure_.lower(row, squared, count, low);
    float least = own;
    for (int i = 0; i < count; ++i) {
        least = std::min(least, squared[i]);
        bound[which[i]] = kept(low[i], gone_[which[i]]);
    }
    // Who may be the nearest: those no farther than the least of what is proven of any.
    const float limit = measure_.upper(row, least);
    int contenders = 0;
    for (int i = 0; i < count; ++i)
        if (!(low[i] > limit)) which[contenders++] = which[i];
    if (contenders == 0) return label;
    if (!(measure_.lower(row, own) > limit)) which[contenders++] = label;
    upper_[row] = limit;
    int nearest = which[0];
    if (contenders > 1) {
        ++worker.tally.decided;
        nearest = decide(centers, row, which, contenders);
    }
    if (nearest != label) bound[label] = kept(measure_.lower(row, own), gone_[label]);
    return nearest;
}

// Decided in float64; the lowest index of equals.
template <class T>
int Elkan<T>::decide(const Centers& centers, int64_t row, const int32_t* which, int count) {
    const T* x = problem_.rows.row(row);
    double least = std::numeric_limits<double>::infinity();
    int nearest = -1;
    for (int i = 0; i < count; ++i) {
        const double squared = kernel_.squared_distance(x, centers.center(which[i]), problem_.rows.d);
        if (nearest >= 0 && (squared > least || (squared == least && which[i] > nearest))) continue;
        least = squared;
        nearest = which[i];
    }
    upper_[row] = measure_.upper(least);
    return nearest;
}

template <class T>
void Elkan<T>::forget(int64_t row) {
    upper_[row] = std::numeric_limits<float>::infinity();
    std::fill_n(bounds(row), width_, unknown);
}

template <class T>
int64_t Elkan<T>::bytes_for(const Problem<T>& problem, int k) {
    const int64_t n = problem.rows.n, d = problem.rows.d, width = padded(k);
    const int64_t bounds = n * (width + 1) * 4;
    const int64_t beginning = problem.threads * problem.kernels.tile_rows * (d + width) * 4 + k * d * 12;
    return bounds + beginning + Measure<T>::bytes_for(problem, k);
}

template <class T>
Tally Elkan<T>::tally() const {
    Tally all;
    for (const Worker& worker : workers_) all.add(worker.tally);
    const auto scale = static_cast<double>(problem_.frame.scale);
    all.largest_bound = quick_error(problem_.rows.d) * problem_.frame.distance_bound * scale * scale;
    return all;
}

template class Elkan<float>;
template class Elkan<double>;
template class Elkan<uint8_t>;

} // namespace kmosaic
