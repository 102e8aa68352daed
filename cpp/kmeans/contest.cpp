#include "contest.hpp"

#include <algorithm>
#include <bit>

namespace kmosaic {

template <class T>
Contest<T>::Contest(const Problem<T>& problem, const ContentOrder<T>& order, int trials, double most_bytes)
    : problem_(problem), nearing_(problem, order, trials, most_bytes), threads_(nearing_.threads()), blocks_(nearing_.blocks()),
      potential_(nearing_.potential()), sketch_(nearing_.sketch()), lengths_(nearing_.lengths()), asked_(problem.rows.n),
      workers_(threads_) {}

template <class T>
int64_t Contest<T>::keep_best(const std::vector<int64_t>& candidates) {
    const Centers centers = nearing_.written(candidates);
    look(candidates, centers);
    const int best = best_of(candidates, centers);
    each_asked(1u << best, [&](int worker, int64_t i) {
        const double squared = distance(i, centers.center(best));
        if (squared < potential_.closest(i)) nearing_.set(worker, i, squared);
    });
    potential_.settle();
    return candidates[best];
}

// Rows that some of these candidates may be nearer to: few, so most are passed over eight at a time.
template <class T>
template <class Work>
void Contest<T>::each_asked(uint32_t by, Work work) {
    constexpr int64_t together = 8;
    parallel(threads_, blocks_.count, [&](int worker, int64_t block) {
        const int64_t end = blocks_.end(block);
        for (int64_t first = blocks_.begin(block); first < end; first += together) {
            uint32_t any = 0;
            const int64_t last = std::min(first + together, end);
            for (int64_t i = first; i < last; ++i) any |= asked_[i];
            if (!(any & by)) continue;
            for (int64_t i = first; i < last; ++i)
                if (asked_[i] & by) work(worker, i);
        }
    }, problem_.poll);
}

// All rows against all candidates: what each would gain, at least and at most.
template <class T>
void Contest<T>::look(const std::vector<int64_t>& candidates, const Centers& centers) {
    sketch_.aim(candidates);
    lengths_.prepare(candidates, centers);
    for (Worker& worker : workers_) worker.least = worker.most = Gains(centers.k);
    parallel(threads_, blocks_.count, [&](int worker, int64_t block) {
        collect(centers.k, blocks_.begin(block), blocks_.end(block), workers_[worker]);
        for (const int64_t row : workers_[worker].rows) {
            if (lengths_.quick()) weigh_quickly(row, workers_[worker]);
            else weigh_exactly(centers, row, workers_[worker]);
        }
    }, problem_.poll);
}

// The rows of a block that the sketch does not exclude, and the candidates to ask for each.
template <class T>
void Contest<T>::collect(int k, int64_t begin, int64_t end, Worker& worker) {
    uint64_t masks[most_trials];
    worker.rows.clear();
    std::fill(asked_.begin() + begin, asked_.begin() + end, 0);
    for (int64_t first = begin; first < end; first += problem_.kernels.tile_rows)
        for (uint64_t any = sketch_.reach(first, masks); any; any &= any - 1) {
            const int r = std::countr_zero(any);
            worker.rows.push_back(first + r);
            lengths_.fetch(first + r);
            for (int c = 0; c < k; ++c) asked_[first + r] |= static_cast<uint32_t>(masks[c] >> r & 1) << c;
        }
}

template <class T>
void Contest<T>::weigh_quickly(int64_t row, Worker& worker) {
    int32_t which[most_trials] = {};
    typename Lengths<T>::Squared squared[most_trials];
    int count = 0;
    for (uint32_t left = asked_[row]; left; left &= left - 1) which[count++] = std::countr_zero(left);
    lengths_.look(row, which, count, squared);
    const double closest = potential_.closest(row);
    for (int i = 0; i < count; ++i) {
        if (!(squared[i].least < closest)) {
            asked_[row] &= ~(1u << which[i]);
            continue;
        }
        worker.most[which[i]] += potential_.gain(row, squared[i].least);
        if (squared[i].most < closest) worker.least[which[i]] += potential_.gain(row, squared[i].most);
    }
}

template <class T>
void Contest<T>::weigh_exactly(const Centers& centers, int64_t row, Worker& worker) {
    for (uint32_t left = asked_[row]; left; left &= left - 1) {
        const int c = std::countr_zero(left);
        const double squared = distance(row, centers.center(c));
        if (!(squared < potential_.closest(row))) continue;
        worker.least[c] += potential_.gain(row, squared);
        worker.most[c] += potential_.gain(row, squared);
    }
}

// Copies gain the same, and are drawn as one row: the first of them will do.
template <class T>
int Contest<T>::best_of(const std::vector<int64_t>& candidates, const Centers& centers) {
    Gains least(centers.k), most(centers.k);
    for (const Worker& worker : workers_)
        for (int c = 0; c < centers.k; ++c) {
            least[c] += worker.least[c];
            most[c] += worker.most[c];
        }
    const Wide surely = *std::max_element(least.begin(), least.end());
    uint32_t open = 0;
    for (int c = 0; c < centers.k; ++c) {
        const auto here = candidates.begin() + c;
        if (most[c] >= surely && std::find(candidates.begin(), here, *here) == here) open |= 1u << c;
    }
    if (std::has_single_bit(open)) return std::countr_zero(open);
    if (lengths_.quick()) least = exact_gains(centers, open);
    return static_cast<int>(std::max_element(least.begin(), least.end()) - least.begin());
}

template <class T>
typename Contest<T>::Gains Contest<T>::exact_gains(const Centers& centers, uint32_t open) {
    for (Worker& worker : workers_) worker.least = Gains(centers.k);
    each_asked(open, [&](int worker, int64_t i) {
        for (uint32_t left = asked_[i] & open; left; left &= left - 1) {
            const int c = std::countr_zero(left);
            const double squared = distance(i, centers.center(c));
            if (squared < potential_.closest(i)) workers_[worker].least[c] += potential_.gain(i, squared);
        }
    });
    Gains gain(centers.k);
    for (const Worker& worker : workers_)
        for (int c = 0; c < centers.k; ++c) gain[c] += worker.least[c];
    return gain;
}

template class Contest<float>;
template class Contest<double>;
template class Contest<uint8_t>;

} // namespace kmosaic
