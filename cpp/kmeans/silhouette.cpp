#include "silhouette.hpp"

#include "by_cluster.hpp"
#include "pairs.hpp"

#include <atomic>
#include <cmath>
#include <limits>

namespace kmosaic {
namespace {

constexpr int64_t most_sums = 1 << 25; // 256 MiB of them

double of_sums(double a, double b) {
    const double larger = std::max(a, b);
    return larger > 0 ? (b - a) / larger : 0.0;
}

template <class T>
class Silhouette {
public:
    Silhouette(const Problem<T>& problem, const int32_t* labels, int k, const Fraction& told)
        : n_(problem.rows.n), k_(k), order_(labels, n_, k), pairs_(problem, order_.rows),
          blocks_(pair_blocks(n_, problem.rows.width())),
          threads_(worth_threads(static_cast<double>(n_) * static_cast<double>(n_) * problem.rows.width(), problem.threads)),
          told_(told), poll_(problem.poll), found_(n_) {
        for (int worker = 0; worker < threads_; ++worker) workers_.emplace_back(pairs_);
    }

    std::vector<double> run() {
        if (padded() * k_ <= most_sums) both_ways();
        else one_way();
        return std::move(found_);
    }

private:
    struct Worker {
        explicit Worker(const Pairs<T>& pairs) : blocks(pairs), distances(buffer<double>(int64_t(Pairs<T>::at_once) * pair_rows)) {}

        PairBlocks<T> blocks;
        Buffer<double> distances;
        double columns[Pairs<T>::at_once * pair_lanes];
        std::vector<double> sums, own, least; // of the rows of a block
    };

    int64_t padded() const { return (n_ + pair_rows - 1) / pair_rows * pair_rows; }
    double* sums(int c) { return sums_.data() + c * padded(); }

    // meet(from, count, tile, rows) for each tile of the block against a few of the others at a time: from and tile are places, and
    // worker.distances holds the squares.
    template <class Meet>
    void each_meeting(Worker& worker, int64_t block, int64_t other, Meet meet) {
        const int64_t first = blocks_.begin(block), end = blocks_.end(block);
        const int64_t from = blocks_.begin(other), to = blocks_.end(other);
        worker.blocks.rows(first, end - first);
        worker.blocks.others(from, to - from);
        for (int64_t c = from; c < to; c += Pairs<T>::at_once) {
            const auto count = static_cast<int>(std::min<int64_t>(Pairs<T>::at_once, to - c));
            for (int64_t tile = first; tile < end; tile += pair_rows) {
                worker.blocks.squared(tile - first, c - from, count, worker.distances.get());
                meet(c, count, tile, static_cast<int>(std::min<int64_t>(pair_rows, end - tile)));
            }
        }
    }

    void work(int64_t jobs, double share, const std::function<void(Worker&, int64_t)>& job) {
        std::atomic<int64_t> done{0};
        parallel(threads_, jobs, [&](int worker, int64_t number) {
            job(workers_[worker], number);
            done.fetch_add(1, std::memory_order_relaxed);
        }, [&] {
            if (poll_) poll_();
            if (told_) told_(done_ + share * static_cast<double>(done.load(std::memory_order_relaxed)) / static_cast<double>(jobs));
        });
        done_ += share;
    }

    // ---- each pair once: the sums of all rows over all clusters are held --------------------------------------------

    void both_ways() {
        sums_.assign(padded() * k_, 0.0);
        const int64_t teams = (blocks_.count + 1) / 2 * 2, circle = teams - 1; // of an odd number one is no block
        const double share = 1.0 / static_cast<double>(teams);
        work(blocks_.count, share, [&](Worker& worker, int64_t block) { within(worker, block); });
        for (int64_t round = 0; round < circle; ++round)
            work(teams / 2, share, [&](Worker& worker, int64_t game) {
                const int64_t a = (round + game) % circle, b = game == 0 ? circle : (round - game + circle) % circle;
                if (std::max(a, b) < blocks_.count) between(worker, std::min(a, b), std::max(a, b));
            });
        for (int64_t place = 0; place < n_; ++place) found_[order_.rows[place]] = value(place);
    }

    // A block with itself: each pair twice, which costs little where there are many blocks.
    void within(Worker& worker, int64_t block) {
        each_meeting(worker, block, block, [&](int64_t from, int count, int64_t tile, int) {
            add_to_rows(worker, from, count, tile, nullptr);
        });
    }

    void between(Worker& worker, int64_t block, int64_t other) {
        each_meeting(worker, block, other, [&](int64_t from, int count, int64_t tile, int rows) {
            const int32_t c = order_.cluster[tile];
            if (c == order_.cluster[tile + rows - 1]) {
                std::fill(worker.columns, worker.columns + count * pair_lanes, 0.0);
                add_to_rows(worker, from, count, tile, worker.columns);
                for (int i = 0; i < count; ++i) sums(c)[from + i] += folded(worker.columns + i * pair_lanes);
            } else {
                add_to_rows(worker, from, count, tile, nullptr);
                add_to_others(worker, from, count, tile, rows);
            }
        });
    }

    void add_to_rows(Worker& worker, int64_t from, int count, int64_t tile, double* columns) {
        order_.runs(from, from + count, [&](int32_t c, int64_t first, int64_t end) {
            kernels().add_roots(worker.distances.get() + (first - from) * pair_rows, static_cast<int>(end - first), sums(c) + tile,
                                columns ? columns + (first - from) * pair_lanes : nullptr);
        });
    }

    // Of a tile with rows of several clusters.
    void add_to_others(const Worker& worker, int64_t from, int count, int64_t tile, int rows) {
        order_.runs(tile, tile + rows, [&](int32_t c, int64_t first, int64_t end) {
            for (int i = 0; i < count; ++i) {
                const double* distances = worker.distances.get() + i * pair_rows;
                double sum = 0;
                for (int64_t r = first - tile; r < end - tile; ++r) sum += distances[r];
                sums(c)[from + i] += sum;
            }
        });
    }

    static double folded(double* lanes) {
        for (int width = pair_lanes / 2; width >= 1; width /= 2)
            for (int lane = 0; lane < width; ++lane) lanes[lane] += lanes[lane + width];
        return lanes[0];
    }

    double value(int64_t place) {
        const int32_t own = order_.cluster[place];
        double a = 0, b = std::numeric_limits<double>::infinity();
        for (int c = 0; c < k_; ++c)
            if (c == own) a = sums(c)[place];
            else if (order_.size(c) > 0) b = std::min(b, sums(c)[place] / static_cast<double>(order_.size(c)));
        return value(own, a, b);
    }

    double value(int32_t own, double sum, double b) const {
        const int64_t others = order_.size(own) - 1;
        return others > 0 ? of_sums(sum / static_cast<double>(others), b) : 0.0;
    }

    // ---- each pair twice: of each row only the sum over the cluster that it meets is held -----------------------------

    void one_way() {
        work(blocks_.count, 1.0, [&](Worker& worker, int64_t block) {
            const int64_t first = blocks_.begin(block), rows = blocks_.end(block) - first;
            worker.sums.assign(blocks_.rows_each, 0.0);
            worker.own.assign(blocks_.rows_each, 0.0);
            worker.least.assign(blocks_.rows_each, std::numeric_limits<double>::infinity());
            for (int64_t other = 0; other < blocks_.count; ++other)
                each_meeting(worker, block, other, [&](int64_t from, int count, int64_t tile, int in_tile) {
                    order_.runs(from, from + count, [&](int32_t c, int64_t begin, int64_t end) {
                        kernels().add_roots(worker.distances.get() + (begin - from) * pair_rows, static_cast<int>(end - begin),
                                            worker.sums.data() + (tile - first), nullptr);
                        if (end == order_.starts[c + 1]) close(worker, c, tile, tile - first, in_tile);
                    });
                });
            for (int64_t r = 0; r < rows; ++r)
                found_[order_.rows[first + r]] = value(order_.cluster[first + r], worker.own[r], worker.least[r]);
        });
    }

    // All rows of a cluster were met.
    void close(Worker& worker, int32_t c, int64_t tile, int64_t at, int rows) const {
        const auto size = static_cast<double>(order_.size(c));
        for (int r = 0; r < rows; ++r) {
            double& sum = worker.sums[at + r];
            if (order_.cluster[tile + r] == c) worker.own[at + r] = sum;
            else worker.least[at + r] = std::min(worker.least[at + r], sum / size);
            sum = 0;
        }
    }

    const Kernels& kernels() const { return pairs_.kernels(); }

    const int64_t n_;
    const int k_;
    const ByCluster order_;
    const Pairs<T> pairs_;
    const Blocks blocks_;
    const int threads_;
    const Fraction& told_;
    const Poll& poll_;
    double done_ = 0;
    std::vector<Worker> workers_;
    std::vector<double> sums_; // (k, padded n)
    std::vector<double> found_;
};

} // namespace

template <class T>
std::vector<double> silhouette(const Problem<T>& problem, const int32_t* labels, int k, const Fraction& told) {
    return Silhouette<T>(problem, labels, k, told).run();
}

template std::vector<double> silhouette(const Problem<float>&, const int32_t*, int, const Fraction&);
template std::vector<double> silhouette(const Problem<double>&, const int32_t*, int, const Fraction&);
template std::vector<double> silhouette(const Problem<uint8_t>&, const int32_t*, int, const Fraction&);
template std::vector<double> silhouette(const Problem<Sparse<float>>&, const int32_t*, int, const Fraction&);
template std::vector<double> silhouette(const Problem<Sparse<double>>&, const int32_t*, int, const Fraction&);

} // namespace kmosaic
