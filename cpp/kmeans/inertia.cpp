#include "inertia.hpp"

#include "sparse_distance.hpp"

namespace kmosaic {
namespace {

template <class T>
class ToCenters {
public:
    ToCenters(const Problem<T>& problem, const Centers& centers, int /*threads*/)
        : rows_(problem.rows), kernel_(RowKernelsOf<T>::of(problem.kernels)), centers_(centers) {}

    double operator()(int /*worker*/, int64_t row, int c) const {
        return kernel_.squared_distance(rows_.row(row), centers_.center(c), rows_.d);
    }

private:
    const Rows<T>& rows_;
    const RowKernels<T>& kernel_;
    const Centers& centers_;
};

template <class T>
class ToCenters<Sparse<T>> {
public:
    ToCenters(const Problem<Sparse<T>>& problem, const Centers& centers, int threads)
        : centers_(centers, problem.threads, problem.poll),
          of_worker_(threads, SparseDistance<T>(problem.rows, problem.kernels, centers_)) {}

    double operator()(int worker, int64_t row, int c) { return of_worker_[worker](row, c); }

private:
    LongCenters centers_;
    std::vector<SparseDistance<T>> of_worker_;
};

} // namespace

template <class T>
std::vector<ExactSum> inertias(const Problem<T>& problem, const Centers& centers, const std::vector<int32_t>& labels) {
    const Rows<T>& rows = problem.rows;
    const int threads = worth_threads(8.0 * static_cast<double>(rows.n) * rows.width(), problem.threads);
    const Blocks blocks = cut(rows.n, 8.0 * rows.width(), threads, 1);
    // No row is farther from its center, the nearest.
    const ExactSum none(problem.frame.nearest_reach(centers.exact) * problem.frame.largest_weight);
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

template std::vector<ExactSum> inertias(const Problem<float>&, const Centers&, const std::vector<int32_t>&);
template std::vector<ExactSum> inertias(const Problem<double>&, const Centers&, const std::vector<int32_t>&);
template std::vector<ExactSum> inertias(const Problem<uint8_t>&, const Centers&, const std::vector<int32_t>&);
template std::vector<ExactSum> inertias(const Problem<Sparse<float>>&, const Centers&, const std::vector<int32_t>&);
template std::vector<ExactSum> inertias(const Problem<Sparse<double>>&, const Centers&, const std::vector<int32_t>&);

} // namespace kmosaic
