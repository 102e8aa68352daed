#include "elkan.hpp"

#include <algorithm>

namespace kmosaic {

template <class T>
Elkan<T>::Elkan(const Problem<T>& problem, int k)
    : problem_(problem), kernel_(RowKernelsOf<T>::of(problem.kernels)), kernels_(problem.kernels), lengths_(problem), k_(k),
      width_((k + group_width - 1) / group_width * group_width),
      threads_(worth_threads(4.0 * problem.rows.n * problem.rows.d, problem.threads)),
      blocks_(cut(problem.rows.n, 4.0 * problem.rows.d, threads_, 16)), centers_(k * problem.rows.d), drift_(k), total_(k),
      gone_(width_), upper_(problem.rows.n, std::numeric_limits<float>::infinity()), bounds_(problem.rows.n * width_, unknown),
      workers_(threads_) {
    for (Worker& worker : workers_) {
        worker.which.resize(width_ + 1);
        worker.squared.resize(width_ + 1);
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
    std::copy(centers.exact.begin(), centers.exact.end(), centers_.begin());
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
    int32_t* which = worker.which.data() + 1; // in front of it there is room for the label
    const float upper = label < 0 ? upper_[row] : raised(upper_[row], drift_[label]);
    upper_[row] = upper;
    if (kernels_.failing_lanes(bound, gone_.data(), upper, k_, label, which) == 0) return;
    const T* x = problem_.rows.row(row);
    float own = std::numeric_limits<float>::infinity();
    if (label >= 0) {
        const int32_t only = label;
        kernel_.quick_distances(x, problem_.rows.d, centers_.data(), &only, 1, &own);
        upper_[row] = lengths_.raised(lengths_.highest(own));
    }
    const int count = kernels_.failing_lanes(bound, gone_.data(), upper_[row], k_, label, which);
    if (count == 0) return;
    kernel_.quick_distances(x, problem_.rows.d, centers_.data(), which, count, worker.squared.data());
    float least = own;
    for (int i = 0; i < count; ++i) {
        least = std::min(least, worker.squared[i]);
        bound[which[i]] = kept(lengths_.lowered(lengths_.lowest(worker.squared[i])), gone_[which[i]]);
    }
    // Who may be the nearest, in the order of their indices.
    const double limit = lengths_.highest(least);
    int contenders = 0, nearest = label;
    bool own_contends = label >= 0 && !(lengths_.lowest(own) > limit);
    for (int i = 0; i < count; ++i)
        if (!(lengths_.lowest(worker.squared[i]) > limit)) which[contenders++] = which[i];
    if (own_contends && contenders == 0) return; // the label is still the nearest, and upper_ is right
    if (!own_contends && contenders == 1) {
        nearest = which[0];
        upper_[row] = lengths_.raised(limit);
    } else {
        double least_exact = std::numeric_limits<double>::infinity();
        nearest = -1;
        if (own_contends) which[contenders++] = label;
        for (int i = 0; i < contenders; ++i) {
            const double exact = kernel_.squared_distance(x, centers.center(which[i]), problem_.rows.d);
            if (exact < least_exact || (exact == least_exact && which[i] < nearest)) {
                least_exact = exact;
                nearest = which[i];
            }
        }
        upper_[row] = lengths_.raised(least_exact);
        ++worker.tally.decided;
    }
    if (nearest == label) return;
    if (label >= 0) bound[label] = kept(lengths_.lowered(lengths_.lowest(own)), gone_[label]);
    clusters.move(number, row, nearest);
}

template <class T>
void Elkan<T>::forget(int64_t row) {
    upper_[row] = std::numeric_limits<float>::infinity();
    std::fill_n(bounds(row), width_, unknown);
}

template <class T>
int64_t Elkan<T>::bytes() const {
    return static_cast<int64_t>((bounds_.size() + upper_.size() + 2 * centers_.size()) * sizeof(float));
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
