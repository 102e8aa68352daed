#include "seed.hpp"

#include "lengths.hpp"
#include "potential.hpp"
#include "sketch.hpp"

#include <algorithm>
#include <bit>

namespace kmosaic {
namespace {

// Rows that are looked at together as centers.
template <class T>
Centers centers_at(const Rows<T>& rows, const std::vector<int64_t>& which) {
    Centers centers;
    centers.k = static_cast<int>(which.size());
    centers.d = rows.d;
    for (const int64_t row : which) centers.exact.insert(centers.exact.end(), rows.row(row), rows.row(row) + rows.d);
    return centers;
}

// One run of greedy k-means++. Potentials are exact integer sums, so no draw depends on blocks or threads.
template <class T>
class Seeding {
public:
    Seeding(const Problem<T>& problem, const ContentOrder<T>& order, int trials)
        : problem_(problem), rows_(problem.rows), kernel_(RowKernelsOf<T>::of(problem.kernels)),
          threads_(worth_threads(2.0 * rows_.n * rows_.d * trials, problem.threads)),
          blocks_(cut(rows_.n, 2.0 * std::min<int64_t>(rows_.d, 64) * trials, threads_, problem.kernels.tile_rows)),
          potential_(rows_, order, problem.frame.largest_weight, threads_, problem.poll), sketch_(problem),
          lengths_(problem), asked_(rows_.n), workers_(threads_) {}

    // Every row is a copy of a center.
    bool done() const { return potential_.total() == 0; }

    std::vector<int64_t> draw(const double* uniforms, int count) const { return potential_.draw(uniforms, count); }

    void first(int64_t row) {
        const Centers center = centers_at(rows_, {row});
        each_row([&](int, int64_t i) {
            if (!(rows_.weight(i) > 0)) return;
            const double squared = distance(i, center.center(0));
            potential_.set_first(i, squared);
            sketch_.limit(i, squared);
        });
        potential_.start();
    }

    // Take the candidate that leaves the smallest potential; the first of equals.
    int64_t keep_best(const std::vector<int64_t>& candidates) {
        const Centers centers = centers_at(rows_, candidates);
        look(candidates, centers);
        const int best = best_of(candidates, centers);
        each_asked(1u << best, [&](int worker, int64_t i) {
            const double squared = distance(i, centers.center(best));
            if (!(squared < potential_.closest(i))) return;
            potential_.set(worker, i, squared);
            sketch_.limit(i, squared);
        });
        potential_.settle();
        return candidates[best];
    }

private:
    using Gains = std::vector<Wide>; // by how much each candidate would lower the potential

    struct Worker {
        Gains least, most;
        std::vector<int64_t> rows; // of one block, that some candidate may be nearer to
    };

    double distance(int64_t row, const double* center) const {
        return kernel_.squared_distance(rows_.row(row), center, rows_.d);
    }

    template <class Work>
    void each_row(Work work) {
        parallel(threads_, blocks_.count, [&](int worker, int64_t block) {
            for (int64_t i = blocks_.begin(block); i < blocks_.end(block); ++i) work(worker, i);
        }, problem_.poll);
    }

    // Rows that some of these candidates may be nearer to: few, so most are passed over eight at a time.
    template <class Work>
    void each_asked(uint32_t by, Work work) {
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
    void look(const std::vector<int64_t>& candidates, const Centers& centers) {
        sketch_.aim(candidates);
        lengths_.prepare(candidates, centers);
        for (Worker& worker : workers_) worker.least = worker.most = Gains(centers.k);
        parallel(threads_, blocks_.count, [&](int worker, int64_t block) {
            collect(centers.k, blocks_.begin(block), blocks_.end(block), workers_[worker]);
            weigh(centers, workers_[worker]);
        }, problem_.poll);
    }

    // The rows of a block that the sketch does not exclude, and the candidates to ask for each.
    void collect(int k, int64_t begin, int64_t end, Worker& worker) {
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

    void weigh(const Centers& centers, Worker& worker) {
        for (const int64_t row : worker.rows) {
            if (lengths_.quick()) weigh_quickly(row, worker);
            else weigh_exactly(centers, row, worker);
        }
    }

    // Squared distances are at hand as intervals, and so are gains.
    void weigh_quickly(int64_t row, Worker& worker) {
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

    void weigh_exactly(const Centers& centers, int64_t row, Worker& worker) {
        for (uint32_t left = asked_[row]; left; left &= left - 1) {
            const int c = std::countr_zero(left);
            const double squared = distance(row, centers.center(c));
            if (!(squared < potential_.closest(row))) continue;
            worker.least[c] += potential_.gain(row, squared);
            worker.most[c] += potential_.gain(row, squared);
        }
    }

    // Whoever may gain most is computed exactly, unless it is one alone. (Copies gain the same, and are one row: the
    // first of them will do.)
    int best_of(const std::vector<int64_t>& candidates, const Centers& centers) {
        Gains least(centers.k), most(centers.k);
        for (const Worker& worker : workers_)
            for (int c = 0; c < centers.k; ++c) {
                least[c] += worker.least[c];
                most[c] += worker.most[c];
            }
        const Wide surely = *std::max_element(least.begin(), least.end());
        uint32_t open = 0;
        for (int c = 0; c < centers.k; ++c) {
            const bool copy = std::find(candidates.begin(), candidates.begin() + c, candidates[c]) != candidates.begin() + c;
            if (most[c] >= surely && !copy) open |= 1u << c;
        }
        if (std::has_single_bit(open)) return std::countr_zero(open);
        if (lengths_.quick()) least = exact_gains(centers, open);
        return static_cast<int>(std::max_element(least.begin(), least.end()) - least.begin());
    }

    Gains exact_gains(const Centers& centers, uint32_t open) {
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

    const Problem<T>& problem_;
    const Rows<T>& rows_;
    const RowKernels<T>& kernel_;
    int threads_;
    Blocks blocks_;
    Potential<T> potential_;
    Sketch sketch_;
    Lengths<T> lengths_;
    std::vector<uint32_t> asked_; // (n) a bit for each candidate that may be nearer than the row's closest
    std::vector<Worker> workers_;
};

} // namespace

template <class T>
std::vector<int64_t> plus_plus(const Problem<T>& problem, const ContentOrder<T>& order, int k, int trials,
                               const double* uniforms) {
    std::vector<int64_t> chosen = draw_rows(problem.rows, problem.frame, order, uniforms++, 1, problem.poll);
    Seeding<T> seeding(problem, order, trials);
    seeding.first(chosen[0]);
    for (; static_cast<int>(chosen.size()) < k; uniforms += trials)
        chosen.push_back(seeding.done() ? chosen[0] : seeding.keep_best(seeding.draw(uniforms, trials)));
    return chosen;
}

template <class T>
std::vector<int64_t> draw_rows(const Rows<T>& rows, const Frame<T>& frame, const ContentOrder<T>& order,
                               const double* uniforms, int count, const Poll& poll) {
    const Masses masses(frame.largest_weight);
    const auto mass = [&](int64_t i) { return masses.weight(rows.weight(i)); };
    return order.draw(order.bucket_masses(poll, mass), uniforms, count, mass);
}

template std::vector<int64_t> plus_plus(const Problem<float>&, const ContentOrder<float>&, int, int, const double*);
template std::vector<int64_t> plus_plus(const Problem<double>&, const ContentOrder<double>&, int, int, const double*);
template std::vector<int64_t> plus_plus(const Problem<uint8_t>&, const ContentOrder<uint8_t>&, int, int, const double*);
template std::vector<int64_t> draw_rows(const Rows<float>&, const Frame<float>&, const ContentOrder<float>&,
                                        const double*, int, const Poll&);
template std::vector<int64_t> draw_rows(const Rows<double>&, const Frame<double>&, const ContentOrder<double>&,
                                        const double*, int, const Poll&);
template std::vector<int64_t> draw_rows(const Rows<uint8_t>&, const Frame<uint8_t>&, const ContentOrder<uint8_t>&,
                                        const double*, int, const Poll&);

} // namespace kmosaic
