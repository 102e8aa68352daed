#include "balanced.hpp"

#include "missing.hpp"
#include "to_centers.hpp"

namespace kmosaic {
namespace {

template <class T>
std::vector<int64_t> rows_that_count(const Rows<T>& rows) {
    std::vector<int64_t> counting;
    for (int64_t i = 0; i < rows.n; ++i)
        if (rows.weight(i) > 0) counting.push_back(i);
    return counting;
}

} // namespace

template <class T>
Balanced<T>::Balanced(const Problem<T>& problem, int k, int64_t least, int64_t most)
    : problem_(problem), k_(k), counting_(rows_that_count(problem.rows)),
      transport_(static_cast<int64_t>(counting_.size()), k, least, most, problem.threads), costs_(counting_.size() * k),
      labels_(counting_.size(), -1) {}

template <class T>
void Balanced<T>::measure(const Centers& centers) {
    const auto n = static_cast<int64_t>(counting_.size());
    const double operations = 2.0 * problem_.rows.width() * k_;
    const int threads = worth_threads(operations * static_cast<double>(n), problem_.threads);
    const Blocks blocks = cut(n, operations, threads, 1);
    ToCenters<T> to(problem_, centers, threads);
    parallel(threads, blocks.count, [&](int worker, int64_t block) {
        for (int64_t i = blocks.begin(block); i < blocks.end(block); ++i) {
            const int64_t row = counting_[i];
            for (int c = 0; c < k_; ++c) costs_[i * k_ + c] = problem_.rows.weight(row) * to(worker, row, c);
        }
    }, problem_.poll);
    tally_.screened += n;
    tally_.decided += n;
}

template <class T>
void Balanced<T>::assign(const Centers& centers, Clusters<T>& clusters) {
    measure(centers);
    for (size_t i = 0; i < labels_.size(); ++i) labels_[i] = clusters.label(counting_[i]);
    transport_.solve(costs_.data(), labels_, problem_.poll);
    for (size_t i = 0; i < labels_.size(); ++i) clusters.move(0, counting_[i], labels_[i]);
    if (counting_.size() == static_cast<size_t>(problem_.rows.n)) return;
    ToCenters<T> to(problem_, centers, 1);
    for (int64_t i = 0; i < problem_.rows.n; ++i) {
        if (problem_.rows.weight(i) > 0) continue;
        clusters.move(0, i, least_of(k_, [&](int c) { return to(0, i, c); }).first);
    }
}

template <class T>
int64_t Balanced<T>::bytes() const {
    return static_cast<int64_t>(costs_.size() * 8 + labels_.size() * 4 + counting_.size() * 8) + transport_.bytes();
}

template class Balanced<float>;
template class Balanced<double>;
template class Balanced<uint8_t>;
template class Balanced<Sparse<float>>;
template class Balanced<Sparse<double>>;
template class Balanced<Missing<float>>;
template class Balanced<Missing<double>>;

} // namespace kmosaic
