#include "own_distances.hpp"

#include "missing.hpp"
#include "parallel.hpp"
#include "sparse_sums.hpp"

namespace kmosaic {

template <class T>
std::vector<double> own_distances(const Problem<T>& problem, const Centers& centers, const std::vector<int32_t>& labels, double otherwise) {
    const Rows<T>& rows = problem.rows;
    std::vector<double> distance(rows.n);
    const int threads = worth_threads(2.0 * rows.n * rows.d, problem.threads);
    const Blocks blocks = cut(rows.n, 2.0 * rows.d, threads, 1);
    std::vector<RowDistance<T>> exact(threads, RowDistance<T>(rows, problem.kernels));
    parallel(threads, blocks.count, [&](int worker, int64_t block) {
        for (int64_t i = blocks.begin(block); i < blocks.end(block); ++i)
            distance[i] = rows.weight(i) > 0 ? exact[worker](i, centers.center(labels[i])) : otherwise;
    }, problem.poll);
    return distance;
}

template std::vector<double> own_distances(const Problem<float>&, const Centers&, const std::vector<int32_t>&, double);
template std::vector<double> own_distances(const Problem<double>&, const Centers&, const std::vector<int32_t>&, double);
template std::vector<double> own_distances(const Problem<uint8_t>&, const Centers&, const std::vector<int32_t>&, double);
template std::vector<double> own_distances(const Problem<Sparse<float>>&, const Centers&, const std::vector<int32_t>&, double);
template std::vector<double> own_distances(const Problem<Sparse<double>>&, const Centers&, const std::vector<int32_t>&, double);
template std::vector<double> own_distances(const Problem<Missing<float>>&, const Centers&, const std::vector<int32_t>&, double);
template std::vector<double> own_distances(const Problem<Missing<double>>&, const Centers&, const std::vector<int32_t>&, double);

} // namespace kmosaic
