#include "nearing.hpp"

#include <algorithm>
#include <bit>

namespace kmosaic {

template <class T>
Nearing<T>::Nearing(const Problem<T>& problem, const ContentOrder<T>& order, int trials, double most_bytes)
    : problem_(problem), rows_(problem.rows), kernel_(RowKernelsOf<T>::of(problem.kernels)),
      threads_(worth_threads(2.0 * rows_.n * rows_.d * trials, problem.threads)),
      blocks_(cut(rows_.n, 2.0 * std::min<int64_t>(rows_.d, 64) * trials, threads_, problem.kernels.tile_rows)),
      potential_(rows_, order, problem.frame.largest_weight, threads_, problem.poll), sketch_(problem, most_bytes),
      lengths_(problem, most_bytes - static_cast<double>(sketch_.point_bytes())), written_(rows_.d) {}

template <class T>
Centers Nearing<T>::written(const std::vector<int64_t>& which) const {
    Centers centers;
    centers.k = static_cast<int>(which.size());
    centers.d = rows_.d;
    for (const int64_t row : which) centers.exact.insert(centers.exact.end(), rows_.row(row), rows_.row(row) + rows_.d);
    return centers;
}

// The difference of two rows is squared, so either may be written out as the center.
template <class T>
double Nearing<T>::nearest_of(int64_t row, const std::vector<int64_t>& centers, size_t from) {
    std::copy(rows_.row(row), rows_.row(row) + rows_.d, written_.begin());
    double closest = potential_.closest(row);
    for (size_t c = from; c < centers.size(); ++c) closest = std::min(closest, distance(centers[c], written_.data()));
    return closest;
}

template <class T>
void Nearing<T>::first(int64_t row) {
    const Centers center = written({row});
    parallel(threads_, blocks_.count, [&](int, int64_t block) {
        for (int64_t i = blocks_.begin(block); i < blocks_.end(block); ++i) {
            if (!(rows_.weight(i) > 0)) continue;
            const double squared = distance(i, center.center(0));
            potential_.set_first(i, squared);
            sketch_.limit(i, squared);
        }
    }, problem_.poll);
    potential_.start();
    count_ = 1;
}

template <class T>
void Nearing<T>::add(const std::vector<int64_t>& centers) {
    for (size_t from = 0; from < centers.size(); from += most_trials) {
        const size_t to = std::min(from + most_trials, centers.size());
        add_some({centers.begin() + static_cast<int64_t>(from), centers.begin() + static_cast<int64_t>(to)});
    }
    potential_.settle();
}

template <class T>
void Nearing<T>::add_some(const std::vector<int64_t>& which) {
    const Centers centers = written(which);
    sketch_.aim(which);
    lengths_.prepare(which, centers);
    std::vector<std::vector<Asked>> asked(threads_);
    parallel(threads_, blocks_.count, [&](int worker, int64_t block) {
        asked[worker].clear();
        collect(centers.k, blocks_.begin(block), blocks_.end(block), asked[worker]);
        for (const Asked& one : asked[worker]) decide(one, centers, worker);
    }, problem_.poll);
    count_ += centers.k;
}

// The rows of a block that the sketch does not exclude, and the centers to ask for each.
template <class T>
void Nearing<T>::collect(int k, int64_t begin, int64_t end, std::vector<Asked>& asked) const {
    uint64_t masks[most_trials];
    for (int64_t first = begin; first < end; first += problem_.kernels.tile_rows)
        for (uint64_t any = sketch_.reach(first, masks); any; any &= any - 1) {
            const int r = std::countr_zero(any);
            uint32_t centers = 0;
            for (int c = 0; c < k; ++c) centers |= static_cast<uint32_t>(masks[c] >> r & 1) << c;
            asked.push_back({first + r, centers});
            lengths_.fetch(first + r);
        }
}

template <class T>
void Nearing<T>::decide(const Asked& asked, const Centers& centers, int worker) {
    int32_t which[most_trials] = {};
    typename Lengths<T>::Squared squared[most_trials] = {}; // nothing is known: no row is less than 0 away
    int count = 0, likely = 0, nearest = -1;
    for (uint32_t left = asked.centers; left; left &= left - 1) which[count++] = std::countr_zero(left);
    if (lengths_.quick() && (count > 1 || lengths_.from_less_memory())) lengths_.look(asked.row, which, count, squared);
    for (int i = 1; i < count; ++i)
        if (squared[i].least < squared[likely].least) likely = i;
    double closest = potential_.closest(asked.row);
    const auto look = [&](int i) {
        if (!(squared[i].least <= closest)) return;
        const double exact = distance(asked.row, centers.center(which[i]));
        if (!(exact < closest) && !(exact == closest && nearest > which[i])) return;
        closest = exact;
        nearest = which[i];
    };
    look(likely); // then most others need not be looked at
    for (int i = 0; i < count; ++i)
        if (i != likely) look(i);
    if (nearest < 0) return;
    set(worker, asked.row, closest);
    if (!nearest_.empty()) nearest_[asked.row] = count_ + nearest;
}

template class Nearing<float>;
template class Nearing<double>;
template class Nearing<uint8_t>;

} // namespace kmosaic
