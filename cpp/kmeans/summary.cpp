#include "summary.hpp"

#include "inertia.hpp"
#include "missing.hpp"
#include "sparse_step.hpp"

namespace kmosaic {
template <class T>
Summary summarize(const Problem<T>& problem, const Centers& centers) {
    Clusters<T> clusters(problem.rows, problem.frame, problem.kernels, centers.k, problem.threads);
    const Plan plan{1, 0.0, problem.threads, "lloyd", 0, nullptr, nullptr, problem.poll};
    Chooser<T>(problem, centers.k, plan).step(1, centers, clusters.labels()).assign(centers, clusters);
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
template Summary summarize(const Problem<Missing<float>>&, const Centers&);
template Summary summarize(const Problem<Missing<double>>&, const Centers&);

} // namespace kmosaic
