#include "elkan.hpp"

#include <algorithm>

namespace kmosaic {

template <class T>
Elkan<T>::Elkan(const Problem<T>& problem, int k)
    : problem_(problem), kernel_(RowKernelsOf<T>::of(problem.kernels)), kernels_(problem.kernels), measure_(problem, compact_for(problem)), k_(k),
      width_((k + group_width - 1) / group_width * group_width),
      threads_(worth_threads(4.0 * problem.rows.n * problem.rows.d, problem.threads)),
      blocks_(cut(problem.rows.n, 4.0 * problem.rows.d, threads_, 16)), drift_(k), total_(k),
      gone_(width_), upper_(problem.rows.n, std::numeric_limits<float>::infinity()), bounds_(problem.rows.n * width_, unknown),
      workers_(threads_) {
    for (Worker& worker : workers_) {
        worker.which.resize(width_ + group_width);
        worker.squared.resize(width_ + group_width);
    }
}

template <class T>
void Elkan<T>::move_bounds(const Centers& centers) {
    for (int c = 0; c < k_; ++c) {
        const double drift = centers.drift.empty() ? 0.0 : centers.drift[c] * static_cast<double>(problem_.frame.scale);
        drift_[c] = float_above(drift);
        total_[c] += drift;
        gone_[c] = float_above(total_[c] * (1 + 0x1p-40)); // the sum of up to 2^12 drifts and more is not exact itself
    }
    measure_.prepare(centers);
}

template <class T>
void Elkan<T>::assign(const Centers& centers, Clusters<T>& clusters) {
    move_bounds(centers);
    parallel(threads_, blocks_.count, [&](int worker, int64_t block) {
        for (int64_t i = blocks_.begin(block); i < blocks_.end(block); ++i) look(centers, clusters, worker, i);
        workers_[worker].tally.screened += blocks_.end(block) - blocks_.begin(block);
    }, problem_.poll);
}

template <class T>
void Elkan<T>::look(const Centers& centers, Clusters<T>& clusters, int number, int64_t row) {
    Worker& worker = workers_[number];
    const int label = clusters.label(row);
    float* bound = bounds(row);
    int32_t* which = worker.which.data();
    if (label >= 0) upper_[row] = raised(upper_[row], drift_[label]);
    if (kernels_.failing_lanes(bound, gone_.data(), upper_[row], k_, label, which) == 0) return;
    float own = std::numeric_limits<float>::infinity(); // quick distance to the center of its label
    if (label >= 0) {
        const int32_t only = label;
        measure_.quick(row, &only, 1, &own);
        upper_[row] = measure_.upper(row, own);
    }
    int count = kernels_.failing_lanes(bound, gone_.data(), upper_[row], k_, label, which);
    if (count == 0) return;
    float* squared = worker.squared.data();
    measure_.quick(row, which, count, squared);
    for (int i = 0; i < count; ++i) bound[which[i]] = kept(measure_.lower(row, squared[i]), gone_[which[i]]);
    // Who may be the nearest: those no farther than the least of what is proven of any.
    float least = own;
    for (int i = 0; i < count; ++i) least = std::min(least, squared[i]);
    const float limit = measure_.upper(row, least);
    int contenders = 0;
    for (int i = 0; i < count; ++i)
        if (!(measure_.lower(row, squared[i]) > limit)) which[contenders++] = which[i];
    const bool own_contends = label >= 0 && !(measure_.lower(row, own) > limit);
    if (contenders == 0) return; // the label is still the nearest
    if (own_contends) which[contenders++] = label;
    upper_[row] = limit;
    int nearest = which[0];
    if (contenders > 1) {
        ++worker.tally.decided;
        nearest = nearest_of(centers, row, which, contenders);
    }
    if (nearest == label) return;
    if (label >= 0) bound[label] = kept(measure_.lower(row, own), gone_[label]);
    clusters.move(number, row, nearest);
}

// Decided in float64; the lowest index of equals.
template <class T>
int Elkan<T>::nearest_of(const Centers& centers, int64_t row, const int32_t* which, int count) {
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
int64_t Elkan<T>::bytes() const {
    return static_cast<int64_t>((bounds_.size() + upper_.size()) * sizeof(float)) + measure_.bytes();
}

template <class T>
Tally Elkan<T>::tally() const {
    Tally all;
    for (const Worker& worker : workers_) all.add(worker.tally);
    all.largest_bound = quick_error(problem_.rows.d);
    return all;
}

template class Elkan<float>;
template class Elkan<double>;
template class Elkan<uint8_t>;

} // namespace kmosaic
