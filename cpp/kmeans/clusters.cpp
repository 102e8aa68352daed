#include "clusters.hpp"

#include "sparse_sums.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace kmosaic {

template <class T>
Clusters<T>::Clusters(const Rows<T>& rows, const Frame<T>& frame, const Kernels& kernels, int k, int workers)
    : rows_(rows), frame_(frame), labels_(rows.n, -1), total_(k, rows.d, frame, kernels, rows.weights != nullptr),
      changed_(k), stale_(k, 1), own_(k) {
    total_.widen();
    for (int worker = 0; worker < workers; ++worker)
        parts_.push_back(
            std::make_unique<Part>(Part{Sums<T>(k, rows.d, frame, kernels, rows.weights != nullptr)}));
}

template <class T>
int64_t Clusters<T>::collect(const Poll& poll) {
    int64_t moved = 0;
    for (auto& part : parts_) moved += std::exchange(part->moved, 0);
    const int k = total_.size();
    const int threads = worth_threads(2.0 * k * rows_.d, workers());
    const Blocks blocks = cut(k, 4.0 * rows_.d, threads, 1);
    parallel(threads, blocks.count, [&](int, int64_t block) {
        for (auto c = static_cast<int>(blocks.begin(block)); c < blocks.end(block); ++c)
            for (auto& part : parts_)
                if (total_.absorb(c, part->sums)) changed_[c] = stale_[c] = 1;
    }, poll);
    return moved;
}

template <class T>
void Clusters<T>::relabel(int64_t row, int32_t label) {
    const int32_t before = labels_[row];
    total_.take(before, rows_.row(row), rows_.weight(row), rows_.count(row));
    total_.add(label, rows_.row(row), rows_.weight(row), rows_.count(row));
    labels_[row] = label;
    for (const int32_t c : {before, label}) changed_[c] = stale_[c] = 1;
}

template <class T>
double Clusters<T>::move_to_means(Centers& centers, const Poll& poll) {
    const int k = centers.k;
    const int64_t d = centers.d;
    std::vector<double> squared(k);
    const int threads = worth_threads(20.0 * k * d, workers());
    const Blocks blocks = cut(k, 20.0 * d, threads, 1);
    std::vector<std::vector<double>> mean(threads, std::vector<double>(d));
    parallel(threads, blocks.count, [&](int worker, int64_t block) {
        for (auto c = static_cast<int>(blocks.begin(block)); c < blocks.end(block); ++c) {
            if (!std::exchange(changed_[c], 0) || total_.empty(c)) continue;
            stale_[c] = 1;
            total_.mean(c, mean[worker].data());
            double* center = centers.exact.data() + c * d;
            for (int64_t j = 0; j < d; ++j) {
                const double step = mean[worker][j] - center[j];
                squared[c] += step * step;
                center[j] = mean[worker][j];
            }
        }
    }, poll);
    double all = 0;
    centers.drift.resize(k);
    // d + 3 roundings (Higham 2002, section 3.1) and those of the square root: 2^-20 is more for any d below 2^30.
    for (int c = 0; c < k; ++c) {
        all += squared[c];
        centers.drift[c] = std::sqrt(squared[c]) * (1 + 0x1p-20) + (squared[c] > 0 ? 0x1p-500 : 0);
    }
    return all;
}

template <class T>
double Clusters<T>::inertia(const Centers& centers, double spread, const Poll& poll) {
    const int64_t d = centers.d;
    const int threads = worth_threads(10.0 * centers.k * d, workers());
    const Blocks blocks = cut(centers.k, 10.0 * d, threads, 1);
    parallel(threads, blocks.count, [&](int, int64_t block) {
        for (auto c = static_cast<int>(blocks.begin(block)); c < blocks.end(block); ++c)
            if (std::exchange(stale_[c], 0)) own_[c] = total_.off_spread(c, centers.center(c));
    }, poll);
    double off = 0;
    for (int c = 0; c < centers.k; ++c) off += own_[c];
    return std::max(0.0, spread - off);
}

template class Clusters<float>;
template class Clusters<double>;
template class Clusters<uint8_t>;
template class Clusters<Sparse<float>>;
template class Clusters<Sparse<double>>;

} // namespace kmosaic
