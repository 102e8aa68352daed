#include "clusters.hpp"

#include "missing.hpp"
#include "sparse_sums.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace kmosaic {

template <class T>
Clusters<T>::Clusters(const Rows<T>& rows, const Frame<T>& frame, const Kernels& kernels, int k, int workers)
    : rows_(rows), frame_(frame), labels_(rows.n, -1), total_(k, rows, frame, kernels),
      changed_(k), stale_(k, 1), own_(k) {
    for (int worker = 0; worker < workers; ++worker)
        parts_.push_back(std::make_unique<Part>(Part{Sums<T>(k, rows, frame, kernels)}));
}

template <class T>
int64_t Clusters<T>::collect(const Poll& poll) {
    int64_t moved = 0;
    std::vector<Sums<T>*> parts;
    for (auto& part : parts_) {
        moved += std::exchange(part->moved, 0);
        parts.push_back(&part->sums);
    }
    const std::vector<char> came = total_.absorb(parts, workers(), poll);
    for (int c = 0; c < total_.size(); ++c)
        if (came[c]) changed_[c] = stale_[c] = 1;
    return moved;
}

template <class T>
void Clusters<T>::relabel(int64_t row, int32_t label, double aside) {
    change_weight(row, rows_.weight(row), -1);
    if (aside > 0) change_weight(row, aside, 1);
    labels_[row] = label;
    change_weight(row, rows_.weight(row), 1);
    if (aside > 0) change_weight(row, aside, -1);
}

template <class T>
void Clusters<T>::change_weight(int64_t row, double weight, int sign) {
    const int32_t c = labels_[row];
    total_.change_weight(c, row, weight, sign);
    changed_[c] = stale_[c] = 1;
}

template <class T>
bool Clusters<T>::any_empty() const {
    for (int c = 0; c < total_.size(); ++c)
        if (total_.empty(c)) return true;
    return false;
}

// Clusters are few where rows are long: their columns are shared out as well. Which ones go together depends on nothing
// but d, so sums over them are the same for any number of threads.
template <class T>
template <class Work>
std::vector<CenterStep> Clusters<T>::by_columns(double operations, const Poll& poll, Work work) const {
    constexpr int64_t together = 4096, some = Sums<T>::some;
    const int64_t d = rows_.d, parts = (d + together - 1) / together;
    const int k = total_.size();
    std::vector<CenterStep> part(k * parts); // the clusters innermost: what is known of columns stays in the cache
    const int threads = worth_threads(operations * k * static_cast<double>(d), workers());
    const Blocks blocks = cut(k * parts, operations * static_cast<double>(std::min(d, together)), threads, 1);
    parallel(threads, blocks.count, [&](int, int64_t block) {
        for (int64_t i = blocks.begin(block); i < blocks.end(block); ++i) {
            const int64_t begin = i / k * together, end = std::min(begin + together, d);
            for (int64_t first = begin; first < end; first += some)
                part[i] += work(static_cast<int>(i % k), first, std::min(first + some, end));
        }
    }, poll);
    std::vector<CenterStep> sum(k);
    for (int64_t i = 0; i < k * parts; ++i) sum[i % k] += part[i];
    return sum;
}

template <class T>
CenterStep Clusters<T>::move_to_means(Centers& centers, const Poll& poll) {
    centers.before.resize(centers.exact.size());
    std::swap(centers.before, centers.exact);
    const std::vector<CenterStep> steps = by_columns(20.0, poll, [&](int c, int64_t begin, int64_t end) {
        const double* before = centers.before.data() + c * centers.d;
        double* center = centers.exact.data() + c * centers.d;
        std::copy(before + begin, before + end, center + begin);
        if (changed_[c] && !total_.empty(c)) return total_.move(c, begin, end, center);
        return CenterStep{stale_[c] ? total_.off_spread(c, begin, end, center) : 0.0};
    });
    CenterStep all;
    centers.drift.resize(centers.k);
    for (int c = 0; c < centers.k; ++c) {
        const double squared = steps[c].squared;
        if (stale_[c]) own_[c] = steps[c].off_spread;
        all += {own_[c], squared};
        stale_[c] = std::exchange(changed_[c], 0) && !total_.empty(c); // own_ is of the center before
        centers.drift[c] = drift_above(squared);
    }
    return all;
}

template <class T>
double Clusters<T>::off_spread(const Centers& centers, const Poll& poll) {
    const std::vector<CenterStep> fresh = by_columns(10.0, poll, [&](int c, int64_t begin, int64_t end) {
        return CenterStep{stale_[c] ? total_.off_spread(c, begin, end, centers.center(c)) : 0.0};
    });
    double off = 0;
    for (int c = 0; c < centers.k; ++c) {
        if (std::exchange(stale_[c], 0)) own_[c] = fresh[c].off_spread;
        off += own_[c];
    }
    return off;
}

template class Clusters<float>;
template class Clusters<double>;
template class Clusters<uint8_t>;
template class Clusters<Sparse<float>>;
template class Clusters<Sparse<double>>;
template class Clusters<Missing<float>>;
template class Clusters<Missing<double>>;

} // namespace kmosaic
