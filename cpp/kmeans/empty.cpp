#include "empty.hpp"

#include <algorithm>

namespace kmosaic {
namespace {

constexpr double taken = -1.0;

template <class T>
int compare(const Rows<T>& rows, int64_t a, int64_t b) {
    const T *x = rows.row(a), *y = rows.row(b);
    for (int64_t j = 0; j < rows.d; ++j)
        if (x[j] != y[j]) return x[j] < y[j] ? -1 : 1;
    return 0;
}

template <class T>
int64_t farthest(const Rows<T>& rows, const std::vector<double>& distance) {
    int64_t best = -1;
    for (int64_t i = 0; i < rows.n; ++i) {
        if (distance[i] <= 0) continue;
        if (best < 0 || distance[i] > distance[best] ||
            (distance[i] == distance[best] && compare(rows, i, best) < 0))
            best = i;
    }
    return best;
}

template <class T>
std::vector<int64_t> copies(const Rows<T>& rows, const std::vector<double>& distance, int64_t of,
                            const std::vector<int32_t>& labels) {
    std::vector<int64_t> found;
    for (int64_t i = 0; i < rows.n; ++i)
        if (distance[i] == distance[of] && labels[i] == labels[of] && compare(rows, i, of) == 0) found.push_back(i);
    return found;
}

template <class T>
std::vector<double> distances_to_own_center(const Rows<T>& rows, const Centers<T>& centers, Lloyd<T>& step,
                                            const Plan& plan) {
    std::vector<double> distance(rows.n);
    const int threads = worth_threads(2.0 * rows.n * rows.d, plan.threads);
    const Blocks blocks = cut(rows.n, 2.0 * rows.d, threads, 1);
    parallel(threads, blocks.count, [&](int, int64_t block) {
        for (int64_t i = blocks.begin(block); i < blocks.end(block); ++i)
            distance[i] = rows.weight(i) > 0 ? step.screen().distance(i, centers.center(step.labels()[i])) : taken;
    }, plan.poll);
    return distance;
}

} // namespace

template <class T>
int64_t fill_empty_clusters(const Rows<T>& rows, const Centers<T>& centers, Lloyd<T>& step, const Plan& plan) {
    std::vector<int> empty;
    for (int c = 0; c < centers.k; ++c)
        if (step.sums().empty(c)) empty.push_back(c);
    if (empty.empty()) return 0;
    std::vector<double> distance = distances_to_own_center(rows, centers, step, plan);
    int64_t changed = 0;
    for (auto next = empty.begin(); next != empty.end();) {
        if (plan.poll) plan.poll();
        const int64_t far = farthest(rows, distance);
        if (far < 0) break;
        const std::vector<int64_t> group = copies(rows, distance, far, step.labels());
        Wide weight = 0;
        for (const int64_t i : group) weight += step.sums().exact_weight_of(rows.weight(i));
        const bool whole_cluster = weight == step.sums().exact_weight(step.labels()[far]);
        for (const int64_t i : group) {
            distance[i] = taken;
            if (!whole_cluster) step.relabel(i, *next);
        }
        if (whole_cluster) continue;
        changed += static_cast<int64_t>(group.size());
        ++next;
    }
    step.settle_sums();
    return changed;
}

template int64_t fill_empty_clusters(const Rows<float>&, const Centers<float>&, Lloyd<float>&, const Plan&);
template int64_t fill_empty_clusters(const Rows<double>&, const Centers<double>&, Lloyd<double>&, const Plan&);

} // namespace kmosaic
