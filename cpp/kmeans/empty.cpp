#include "empty.hpp"

#include "missing.hpp"
#include "sparse_sums.hpp"

#include <algorithm>

namespace kmosaic {
namespace {

constexpr double taken = -1.0;

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
std::vector<double> distances_to_own_center(const Problem<T>& problem, const Centers& centers,
                                            const std::vector<int32_t>& labels) {
    const Rows<T>& rows = problem.rows;
    std::vector<double> distance(rows.n);
    const int threads = worth_threads(2.0 * rows.n * rows.d, problem.threads);
    const Blocks blocks = cut(rows.n, 2.0 * rows.d, threads, 1);
    std::vector<RowDistance<T>> exact(threads, RowDistance<T>(rows, problem.kernels));
    parallel(threads, blocks.count, [&](int worker, int64_t block) {
        for (int64_t i = blocks.begin(block); i < blocks.end(block); ++i)
            distance[i] = rows.weight(i) > 0 ? exact[worker](i, centers.center(labels[i])) : taken;
    }, problem.poll);
    return distance;
}

// What a row has in the sums, as they count it.
template <class T>
Wide exact_weight(const Rows<T>& rows, int64_t row, double aside, const Sums<T>& sums) {
    return (sums.exact_weight_of(rows.weight(row)) - (aside > 0 ? sums.exact_weight_of(aside) : 0)) * rows.count(row);
}

} // namespace

template <class T>
int64_t fill_empty_clusters(const Problem<T>& problem, const Centers& centers, Clusters<T>& clusters, Step<T>& step,
                            const Aside<T>& aside) {
    const Rows<T>& rows = problem.rows;
    std::vector<int> empty;
    for (int c = 0; c < centers.k; ++c)
        if (clusters.sums().empty(c)) empty.push_back(c);
    if (empty.empty()) return 0;
    step.write_labels(clusters);
    std::vector<double> distance = distances_to_own_center(problem, centers, clusters.labels());
    for (const int64_t row : aside.whole_rows()) distance[row] = taken;
    int64_t changed = 0;
    for (auto next = empty.begin(); next != empty.end();) {
        if (problem.poll) problem.poll();
        const int64_t far = farthest(rows, distance);
        if (far < 0) break;
        const std::vector<int64_t> group = copies(rows, distance, far, clusters.labels());
        Wide weight = 0;
        for (const int64_t i : group) weight += exact_weight(rows, i, aside.part_aside(i), clusters.sums());
        const bool whole_cluster = weight == clusters.sums().exact_weight(clusters.label(far));
        for (const int64_t i : group) {
            distance[i] = taken;
            if (whole_cluster) continue;
            changed += rows.count(i);
            clusters.relabel(i, *next, aside.part_aside(i));
            step.forget(i);
        }
        if (whole_cluster) continue;
        ++next;
    }
    clusters.settle();
    return changed;
}

template int64_t fill_empty_clusters(const Problem<float>&, const Centers&, Clusters<float>&, Step<float>&,
                                     const Aside<float>&);
template int64_t fill_empty_clusters(const Problem<double>&, const Centers&, Clusters<double>&, Step<double>&,
                                     const Aside<double>&);
template int64_t fill_empty_clusters(const Problem<uint8_t>&, const Centers&, Clusters<uint8_t>&, Step<uint8_t>&,
                                     const Aside<uint8_t>&);

template int64_t fill_empty_clusters(const Problem<Sparse<float>>&, const Centers&, Clusters<Sparse<float>>&, Step<Sparse<float>>&,
                                     const Aside<Sparse<float>>&);
template int64_t fill_empty_clusters(const Problem<Sparse<double>>&, const Centers&, Clusters<Sparse<double>>&, Step<Sparse<double>>&,
                                     const Aside<Sparse<double>>&);
template int64_t fill_empty_clusters(const Problem<Missing<float>>&, const Centers&, Clusters<Missing<float>>&, Step<Missing<float>>&,
                                     const Aside<Missing<float>>&);
template int64_t fill_empty_clusters(const Problem<Missing<double>>&, const Centers&, Clusters<Missing<double>>&, Step<Missing<double>>&,
                                     const Aside<Missing<double>>&);

} // namespace kmosaic
