#include "summary.hpp"

#include "inertia.hpp"
#include "lloyd.hpp"
#include "sparse_step.hpp"

#include <memory>

namespace kmosaic {
namespace {

template <class T>
std::unique_ptr<Step<T>> plain_step(const Problem<T>& problem, int k) {
    return std::make_unique<Lloyd<T>>(problem, k);
}
template <class T>
std::unique_ptr<Step<Sparse<T>>> plain_step(const Problem<Sparse<T>>& problem, int k) {
    return std::make_unique<SparseStep<T>>(problem, k, false);
}

} // namespace

template <class T>
Summary summarize(const Problem<T>& problem, const Centers& centers) {
    Clusters<T> clusters(problem.rows, problem.frame, problem.kernels, centers.k, problem.threads);
    plain_step(problem, centers.k)->assign(centers, clusters);
    clusters.collect(problem.poll);
    Summary found{clusters.take_labels(), {}, centers.exact, {}, 0};
    for (int c = 0; c < centers.k; ++c) {
        found.weights.push_back(clusters.sums().weight(c));
        if (!clusters.sums().empty(c)) clusters.sums().mean(c, 0, centers.d, found.means.data() + c * centers.d);
    }
    const std::vector<ExactSum> sums = inertias(problem, centers, found.labels);
    for (const ExactSum& sum : sums) found.inertias.push_back(sum.value());
    found.inertia = total(sums);
    return found;
}

template Summary summarize(const Problem<float>&, const Centers&);
template Summary summarize(const Problem<double>&, const Centers&);
template Summary summarize(const Problem<uint8_t>&, const Centers&);
template Summary summarize(const Problem<Sparse<float>>&, const Centers&);
template Summary summarize(const Problem<Sparse<double>>&, const Centers&);

} // namespace kmosaic
