#include "inertia.hpp"

#include "missing.hpp"

namespace kmosaic {

template <class T>
std::vector<ExactSum> inertias(const Problem<T>& problem, const Centers& centers, const std::vector<int32_t>& labels, bool nearest) {
    const Rows<T>& rows = problem.rows;
    const int threads = worth_threads(8.0 * static_cast<double>(rows.n) * rows.width(), problem.threads);
    const Blocks blocks = cut(rows.n, 8.0 * rows.width(), threads, 1);
    const double reach = nearest ? problem.frame.nearest_reach(centers.exact) : problem.frame.reach(centers.exact);
    const ExactSum none(reach * problem.frame.largest_weight); // no row is farther from its center
    std::vector<std::vector<ExactSum>> part(threads, std::vector<ExactSum>(centers.k, none));
    ToCenters<T> distance(problem, centers, threads);
    parallel(threads, blocks.count, [&](int worker, int64_t block) {
        for (int64_t i = blocks.begin(block); i < blocks.end(block); ++i) {
            const double weight = rows.weight(i);
            if (weight > 0) part[worker][labels[i]].add(weight * distance(worker, i, labels[i]), rows.count(i));
        }
    }, problem.poll);
    for (int worker = 1; worker < threads; ++worker)
        for (int c = 0; c < centers.k; ++c) part[0][c].merge(part[worker][c]);
    return part[0];
}

template std::vector<ExactSum> inertias(const Problem<float>&, const Centers&, const std::vector<int32_t>&, bool);
template std::vector<ExactSum> inertias(const Problem<double>&, const Centers&, const std::vector<int32_t>&, bool);
template std::vector<ExactSum> inertias(const Problem<uint8_t>&, const Centers&, const std::vector<int32_t>&, bool);
template std::vector<ExactSum> inertias(const Problem<Sparse<float>>&, const Centers&, const std::vector<int32_t>&, bool);
template std::vector<ExactSum> inertias(const Problem<Sparse<double>>&, const Centers&, const std::vector<int32_t>&, bool);
template std::vector<ExactSum> inertias(const Problem<Missing<float>>&, const Centers&, const std::vector<int32_t>&, bool);
template std::vector<ExactSum> inertias(const Problem<Missing<double>>&, const Centers&, const std::vector<int32_t>&, bool);

} // namespace kmosaic
