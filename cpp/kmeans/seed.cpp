#include "seed.hpp"

#include "masses.hpp"
#include "screen.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace kmosaic {
namespace {

// One run of greedy k-means++. Potentials are exact integer sums, so no draw depends on blocks or threads.
template <class T>
class Seeding {
public:
    Seeding(const Rows<T>& rows, const Frame<T>& frame, const Kernels& kernels, const ContentOrder<T>& order,
            int trials, int threads, const Poll& poll)
        : rows_(rows), frame_(frame), kernels_(kernels), screen_(rows, frame, kernels), poll_(poll),
          threads_(worth_threads(2.0 * rows.n * rows.d * trials, threads)),
          blocks_(cut(rows.n, 2.0 * rows.d * trials, threads_, kernels.tile_rows)), order_(order),
          masses_(frame.largest_weight), closest_(rows.n), bytes_((trials + 7) / 8),
          nearer_(rows.n * bytes_) {
        for (int worker = 0; worker < threads_; ++worker) scratch_.push_back(screen_.scratch(trials));
    }

    std::vector<int64_t> draw_by_weight(const double* uniforms, int count) const {
        return order_.draw(uniforms, count, poll_, [&](int64_t i) { return masses_.weight(rows_.weight(i)); });
    }

    std::vector<int64_t> draw_by_distance(const double* uniforms, int count) {
        masses_.set_largest_distance(*std::max_element(closest_.begin(), closest_.end()));
        return order_.draw(uniforms, count, poll_, [&](int64_t i) { return masses_.of(rows_.weight(i), closest_[i]); });
    }

    // Take the candidate that leaves the smallest potential; the first of equals.
    int64_t keep_best(const std::vector<int64_t>& candidates) {
        const std::vector<Wide> gain = gains(candidates);
        const auto best = std::max_element(gain.begin(), gain.end()) - gain.begin();
        update(candidates[best], static_cast<int>(best));
        return candidates[best];
    }

    void first(int64_t row) {
        std::fill(nearer_.begin(), nearer_.end(), 1);
        update(row, 0);
    }

private:
    Centers centers_at(const std::vector<int64_t>& candidates) const {
        Centers centers;
        centers.k = static_cast<int>(candidates.size());
        centers.d = rows_.d;
        for (const int64_t row : candidates)
            centers.exact.insert(centers.exact.end(), rows_.row(row), rows_.row(row) + rows_.d);
        return centers;
    }

    uint8_t& nearer_bits(int64_t row, int candidate) { return nearer_[row * bytes_ + candidate / 8]; }

    // By how much each candidate would lower the potential; notes which rows it would.
    std::vector<Wide> gains(const std::vector<int64_t>& candidates) {
        const Centers centers = centers_at(candidates);
        Prepared<T> prepared;
        prepared.prepare(centers, frame_, kernels_);
        std::vector<std::vector<Wide>> gain(threads_, std::vector<Wide>(centers.k));
        std::fill(nearer_.begin(), nearer_.end(), 0);
        parallel(threads_, blocks_.count, [&](int worker, int64_t block) {
            screen_.closer(prepared, blocks_.begin(block), blocks_.end(block), scratch_[worker],
                [&](int64_t row) { return closest_[row]; },
                [&](int64_t row, int c, double distance) {
                    if (!(distance < closest_[row])) return;
                    nearer_bits(row, c) |= static_cast<uint8_t>(1u << c % 8);
                    const double w = rows_.weight(row);
                    gain[worker][c] += masses_.of(w, closest_[row]) - masses_.of(w, distance);
                });
        }, poll_);
        for (int worker = 1; worker < threads_; ++worker)
            for (int c = 0; c < centers.k; ++c) gain[0][c] += gain[worker][c];
        return gain[0];
    }

    void update(int64_t chosen, int candidate) {
        const T* row = rows_.row(chosen);
        const std::vector<double> center(row, row + rows_.d);
        parallel(threads_, blocks_.count, [&](int, int64_t block) {
            for (int64_t i = blocks_.begin(block); i < blocks_.end(block); ++i)
                if (rows_.weight(i) > 0 && nearer_bits(i, candidate) >> candidate % 8 & 1)
                    closest_[i] = screen_.distance(i, center.data());
        }, poll_);
    }

    const Rows<T>& rows_;
    const Frame<T>& frame_;
    const Kernels& kernels_;
    Screen<T> screen_;
    const Poll& poll_;
    int threads_;
    Blocks blocks_;
    const ContentOrder<T>& order_;
    Masses masses_;
    std::vector<double> closest_; // (n) squared distance to the nearest center so far; 0 for rows of weight 0
    int64_t bytes_;
    std::vector<uint8_t> nearer_; // (n, bytes) one bit a candidate
    std::vector<Scratch<T>> scratch_;
};

} // namespace

template <class T>
std::vector<int64_t> plus_plus(const Rows<T>& rows, const Frame<T>& frame, const Kernels& kernels,
                               const ContentOrder<T>& order, int k, int trials, const double* uniforms, int threads,
                               const Poll& poll) {
    Seeding<T> seeding(rows, frame, kernels, order, trials, threads, poll);
    std::vector<int64_t> chosen = seeding.draw_by_weight(uniforms++, 1);
    seeding.first(chosen[0]);
    for (; static_cast<int>(chosen.size()) < k; uniforms += trials)
        chosen.push_back(seeding.keep_best(seeding.draw_by_distance(uniforms, trials)));
    return chosen;
}

template <class T>
std::vector<int64_t> draw_rows(const Rows<T>& rows, const Frame<T>& frame, const ContentOrder<T>& order,
                               const double* uniforms, int count, const Poll& poll) {
    const Masses masses(frame.largest_weight);
    return order.draw(uniforms, count, poll, [&](int64_t i) { return masses.weight(rows.weight(i)); });
}

template std::vector<int64_t> plus_plus(const Rows<float>&, const Frame<float>&, const Kernels&,
                                        const ContentOrder<float>&, int, int, const double*, int, const Poll&);
template std::vector<int64_t> plus_plus(const Rows<double>&, const Frame<double>&, const Kernels&,
                                        const ContentOrder<double>&, int, int, const double*, int, const Poll&);
template std::vector<int64_t> plus_plus(const Rows<uint8_t>&, const Frame<uint8_t>&, const Kernels&,
                                        const ContentOrder<uint8_t>&, int, int, const double*, int, const Poll&);
template std::vector<int64_t> draw_rows(const Rows<float>&, const Frame<float>&, const ContentOrder<float>&,
                                        const double*, int, const Poll&);
template std::vector<int64_t> draw_rows(const Rows<double>&, const Frame<double>&, const ContentOrder<double>&,
                                        const double*, int, const Poll&);
template std::vector<int64_t> draw_rows(const Rows<uint8_t>&, const Frame<uint8_t>&, const ContentOrder<uint8_t>&,
                                        const double*, int, const Poll&);

} // namespace kmosaic
