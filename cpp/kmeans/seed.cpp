#include "seed.hpp"

#include "screen.hpp"
#include "sums.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

namespace kmosaic {
namespace {

// One run of greedy k-means++. Potentials are exact integer sums, so no draw depends on blocks or threads.
template <class T>
class Seeding {
public:
    Seeding(const Rows<T>& rows, const Frame<T>& frame, const Kernels& kernels, int trials, int threads,
            const Poll& poll)
        : rows_(rows), frame_(frame), kernels_(kernels), screen_(rows, frame, kernels), poll_(poll),
          threads_(worth_threads(2.0 * rows.n * rows.d * trials, threads)),
          blocks_(cut(rows.n, 2.0 * rows.d * trials, threads_, kernels.tile_rows)),
          mass_(frame.distance_bound * frame.largest_weight), weight_mass_(frame.largest_weight),
          closest_(rows.n, std::numeric_limits<double>::infinity()), nearer_(rows.n * ((trials + 7) / 8)),
          trials_(trials) {
        for (int worker = 0; worker < threads_; ++worker) scratch_.push_back(screen_.scratch(trials));
    }

    // For each uniform number: the row at which the weights, added up in order, pass that share of their sum.
    std::vector<int64_t> draw_by_weight(const double* uniforms, int count) const {
        return draw(uniforms, count, [&](int64_t i) { return weight_mass_.fixed(rows_.weight(i)); });
    }

    // The same with weight times squared distance to the nearest center.
    std::vector<int64_t> draw_by_distance(const double* uniforms, int count) const {
        return draw(uniforms, count, [&](int64_t i) { return mass(i, closest_[i]); });
    }

    // Take the candidate that leaves the smallest potential; the first of equals.
    int64_t keep_best(const std::vector<int64_t>& candidates) {
        const std::vector<Wide> gain = gains(candidates);
        const auto best = std::max_element(gain.begin(), gain.end()) - gain.begin();
        update(candidates, static_cast<int>(best));
        return candidates[best];
    }


private:
    Wide mass(int64_t row, double distance) const { return mass_.fixed(rows_.weight(row) * distance); }

    template <class Mass>
    std::vector<int64_t> draw(const double* uniforms, int count, Mass mass_of) const {
        std::vector<Wide> block_mass(blocks_.count);
        parallel(threads_, blocks_.count, [&](int, int64_t block) {
            for (int64_t i = blocks_.begin(block); i < blocks_.end(block); ++i) block_mass[block] += mass_of(i);
        }, poll_);
        const Wide total = std::accumulate(block_mass.begin(), block_mass.end(), Wide(0));
        std::vector<int64_t> drawn;
        for (int i = 0; i < count; ++i) drawn.push_back(row_at(share_of(total, uniforms[i]), block_mass, mass_of));
        return drawn;
    }

    // floor(total * uniform) in integers; a uniform number has 53 bits.
    static Wide share_of(Wide total, double uniform) {
        const auto numerator = static_cast<Wide>(uniform * 0x1p53);
        const Wide low = total & ((Wide(1) << 53) - 1);
        return (total >> 53) * numerator + ((low * numerator) >> 53);
    }

    template <class Mass>
    int64_t row_at(Wide share, const std::vector<Wide>& block_mass, Mass mass_of) const {
        int64_t block = 0;
        while (block < blocks_.count && share >= block_mass[block]) share -= block_mass[block++];
        if (block == blocks_.count) return 0; // no mass at all: every row stands on a center
        for (int64_t i = blocks_.begin(block);; ++i) {
            const Wide own = mass_of(i);
            if (share < own) return i;
            share -= own;
        }
    }

    Centers<T> centers_at(const std::vector<int64_t>& candidates) const {
        Centers<T> centers;
        centers.k = static_cast<int>(candidates.size());
        centers.d = rows_.d;
        for (const int64_t row : candidates)
            centers.exact.insert(centers.exact.end(), rows_.row(row), rows_.row(row) + rows_.d);
        centers.prepare(frame_, kernels_);
        return centers;
    }

    uint8_t& nearer_bits(int64_t row, int candidate) { return nearer_[row * ((trials_ + 7) / 8) + candidate / 8]; }

    // By how much each candidate would lower the potential; notes which rows it would.
    std::vector<Wide> gains(const std::vector<int64_t>& candidates) {
        const Centers<T> centers = centers_at(candidates);
        std::vector<std::vector<Wide>> gain(threads_, std::vector<Wide>(centers.k));
        std::fill(nearer_.begin(), nearer_.end(), 0);
        const double farthest = frame_.distance_bound;
        parallel(threads_, blocks_.count, [&](int worker, int64_t block) {
            screen_.closer(centers, blocks_.begin(block), blocks_.end(block), scratch_[worker],
                [&](int64_t row) { return closest_[row]; },
                [&](int64_t row, int c, double distance) {
                    if (!(distance < closest_[row])) return;
                    nearer_bits(row, c) |= static_cast<uint8_t>(1u << c % 8);
                    gain[worker][c] += mass(row, std::min(closest_[row], farthest)) - mass(row, distance);
                });
        }, poll_);
        for (int worker = 1; worker < threads_; ++worker)
            for (int c = 0; c < centers.k; ++c) gain[0][c] += gain[worker][c];
        return gain[0];
    }

    void update(const std::vector<int64_t>& candidates, int chosen) {
        const T* row = rows_.row(candidates[chosen]);
        const std::vector<double> center(row, row + rows_.d);
        parallel(threads_, blocks_.count, [&](int, int64_t block) {
            for (int64_t i = blocks_.begin(block); i < blocks_.end(block); ++i)
                if (nearer_bits(i, chosen) >> chosen % 8 & 1) closest_[i] = screen_.distance(i, center.data());
        }, poll_);
    }

    const Rows<T>& rows_;
    const Frame<T>& frame_;
    const Kernels& kernels_;
    Screen<T> screen_;
    const Poll& poll_;
    int threads_;
    Blocks blocks_;
    ExactSum mass_, weight_mass_;
    std::vector<double> closest_; // (n) squared distance to the nearest center so far
    std::vector<uint8_t> nearer_; // one bit a row and candidate
    int trials_;
    std::vector<Scratch<T>> scratch_;
};

} // namespace

template <class T>
std::vector<int64_t> plus_plus(const Rows<T>& rows, const Frame<T>& frame, const Kernels& kernels, int k, int trials,
                               const double* uniforms, int threads, const Poll& poll) {
    Seeding<T> seeding(rows, frame, kernels, trials, threads, poll);
    std::vector<int64_t> chosen;
    chosen.push_back(seeding.keep_best(seeding.draw_by_weight(uniforms++, 1)));
    for (; static_cast<int>(chosen.size()) < k; uniforms += trials)
        chosen.push_back(seeding.keep_best(seeding.draw_by_distance(uniforms, trials)));
    return chosen;
}

template std::vector<int64_t> plus_plus(const Rows<float>&, const Frame<float>&, const Kernels&, int, int,
                                        const double*, int, const Poll&);
template std::vector<int64_t> plus_plus(const Rows<double>&, const Frame<double>&, const Kernels&, int, int,
                                        const double*, int, const Poll&);

} // namespace kmosaic
