#include "seed.hpp"

#include "measure.hpp"
#include "potential.hpp"
#include "sketch.hpp"

#include <algorithm>
#include <bit>
#include <numeric>
#include <optional>

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
//
// A candidate's distance to a row is needed only where it is less than the row's closest so far. The sketch excludes most
// of the others, the quick distance most of what is left, and the decision of the contract, in float64, has the last word.
template <class T>
class Seeding {
public:
    Seeding(const Problem<T>& problem, const ContentOrder<T>& order, int trials)
        : problem_(problem), rows_(problem.rows), kernel_(RowKernelsOf<T>::of(problem.kernels)),
          threads_(worth_threads(2.0 * rows_.n * rows_.d * trials, problem.threads)),
          blocks_(cut(rows_.n, 2.0 * std::min<int64_t>(rows_.d, 64) * trials, threads_, problem.kernels.tile_rows)),
          sketch_(problem), potential_(rows_, order, problem.frame.largest_weight, threads_, problem.poll),
          nearer_(rows_.n), workers_(threads_) {
        if (rows_.d >= fewest_columns && Measure<T>::fits(problem))
            measure_.emplace(problem, problem.head ? compact_for(problem) : nullptr);
        quickly_ = measure_.has_value();
    }

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
        const std::vector<Wide> gain = gains(candidates, centers);
        const auto best = static_cast<int>(std::max_element(gain.begin(), gain.end()) - gain.begin());
        each_row([&](int worker, int64_t i) {
            if (!(nearer_[i] >> best & 1)) return;
            const double squared = distance(i, centers.center(best));
            potential_.set(worker, i, squared);
            sketch_.limit(i, squared);
        });
        potential_.settle();
        return candidates[best];
    }

private:
    static constexpr int64_t fewest_columns = 32; // for quick distances: with fewer, the decision is as quick

    struct Worker {
        std::vector<Wide> gain;
        int64_t asked = 0, found = 0; // pairs that the sketch let pass; of these, those that were nearer
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

    // By how much each candidate would lower the potential; notes which rows it would.
    std::vector<Wide> gains(const std::vector<int64_t>& candidates, const Centers& centers) {
        sketch_.aim(candidates);
        if (measure_) measure_->prepare(centers);
        for (Worker& worker : workers_) worker = {std::vector<Wide>(centers.k)};
        parallel(threads_, blocks_.count, [&](int worker, int64_t block) {
            for (int64_t first = blocks_.begin(block); first < blocks_.end(block); first += problem_.kernels.tile_rows)
                look(centers, first, workers_[worker]);
        }, problem_.poll);
        std::vector<Wide> gain(centers.k);
        int64_t asked = 0, found = 0;
        for (const Worker& worker : workers_) {
            for (int c = 0; c < centers.k; ++c) gain[c] += worker.gain[c];
            asked += worker.asked;
            found += worker.found;
        }
        quickly_ = measure_ && found < asked / 2; // else the look before would be in vain
        return gain;
    }

    // One tile of rows against all candidates.
    void look(const Centers& centers, int64_t first, Worker& worker) {
        uint64_t masks[most_trials];
        const int64_t count = std::min<int64_t>(problem_.kernels.tile_rows, rows_.n - first);
        std::fill_n(nearer_.begin() + first, count, 0);
        for (uint64_t any = sketch_.reach(first, masks); any; any &= any - 1) {
            const int r = std::countr_zero(any);
            uint32_t asked = 0;
            for (int c = 0; c < centers.k; ++c) asked |= static_cast<uint32_t>(masks[c] >> r & 1) << c;
            worker.asked += std::popcount(asked);
            if (quickly_) asked = not_excluded(first + r, asked);
            decide(centers, first + r, asked, worker);
        }
    }

    // Without the candidates that a quick look at all columns shows to be farther.
    uint32_t not_excluded(int64_t row, uint32_t asked) const {
        int32_t which[most_trials];
        float squared[most_trials];
        int count = 0;
        for (uint32_t left = asked; left; left &= left - 1) which[count++] = std::countr_zero(left);
        measure_->quick(row, which, count, squared);
        const float limit = measure_->upper(potential_.closest(row));
        for (int i = 0; i < count; ++i)
            if (measure_->lower(row, squared[i]) > limit) asked &= ~(1u << which[i]);
        return asked;
    }

    void decide(const Centers& centers, int64_t row, uint32_t asked, Worker& worker) {
        for (; asked; asked &= asked - 1) {
            const int c = std::countr_zero(asked);
            const double squared = distance(row, centers.center(c));
            if (!(squared < potential_.closest(row))) continue;
            nearer_[row] |= 1u << c;
            worker.gain[c] += potential_.gain(row, squared);
            ++worker.found;
        }
    }

    const Problem<T>& problem_;
    const Rows<T>& rows_;
    const RowKernels<T>& kernel_;
    int threads_;
    Blocks blocks_;
    Sketch sketch_;
    Potential<T> potential_;
    std::optional<Measure<T>> measure_;
    bool quickly_ = false; // quick distances first
    std::vector<uint32_t> nearer_; // (n) one bit a candidate
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
        chosen.push_back(seeding.keep_best(seeding.draw(uniforms, trials)));
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
