// The assign step of plain fused Lloyd: every row against every center, in one pass over the data.
#pragma once

#include "fit.hpp"

#include <memory>

namespace kmosaic {

// What a pass over the rows did.
struct Moves {
    int64_t moved;
    double inertia;
};

template <class T>
class Lloyd {
public:
    // farthest: no row is farther from a center than this, squared.
    Lloyd(const Rows<T>& rows, const Frame<T>& frame, const Kernels& kernels, int k, double farthest,
          const Plan& plan)
        : rows_(rows), screen_(rows, frame, kernels), plan_(plan),
          threads_(worth_threads(2.0 * rows.n * rows.d * k, plan.threads)),
          blocks_(cut(rows.n, 2.0 * rows.d * k, threads_, kernels.tile_rows)), labels_(rows.n, -1),
          total_(k, rows.d, frame, kernels, rows.weights != nullptr),
          no_inertia_(farthest * frame.largest_weight) {
        for (int worker = 0; worker < threads_; ++worker)
            workers_.push_back(std::make_unique<Worker>(
                Worker{screen_.scratch(k), Sums<T>(k, rows.d, frame, kernels, rows.weights != nullptr), no_inertia_, 0}));
    }

    // Every row's label becomes its nearest center, and the sums follow.
    Moves assign(const Centers<T>& centers) {
        parallel(threads_, blocks_.count, [&](int number, int64_t block) {
            Worker& worker = *workers_[number];
            screen_.nearest(centers, blocks_.begin(block), blocks_.end(block), worker.scratch,
                            [&](int64_t row, int32_t label) { settle(worker, centers, row, label); });
        }, plan_.poll);
        Moves moves{0, 0};
        ExactSum inertia = no_inertia_;
        for (auto& worker : workers_) {
            total_.absorb(worker->sums);
            inertia.merge(worker->inertia);
            moves.moved += worker->moved;
            worker->inertia = no_inertia_;
            worker->moved = 0;
        }
        moves.inertia = inertia.value();
        return moves;
    }

    // Put one row elsewhere than the nearest center says (the empty-cluster rule).
    void relabel(int64_t row, int32_t label) {
        total_.take(labels_[row], rows_.row(row), rows_.weight(row));
        total_.add(label, rows_.row(row), rows_.weight(row));
        labels_[row] = label;
    }

    // After relabel: what was added by hand becomes part of the sums.
    void settle_sums() { total_.settle(); }

    const Sums<T>& sums() const { return total_; }
    const Screen<T>& screen() const { return screen_; }
    std::vector<int32_t>& labels() { return labels_; }

private:
    struct Worker {
        Scratch<T> scratch;
        Sums<T> sums;
        ExactSum inertia;
        int64_t moved;
    };

    void settle(Worker& worker, const Centers<T>& centers, int64_t row, int32_t label) {
        const double weight = rows_.weight(row);
        if (weight > 0) worker.inertia.add(weight * screen_.distance(row, centers.center(label)));
        const int32_t before = labels_[row];
        if (label == before) return;
        ++worker.moved;
        labels_[row] = label;
        if (weight == 0) return; // in no sum, however far away
        if (before >= 0) worker.sums.take(before, rows_.row(row), weight);
        worker.sums.add(label, rows_.row(row), weight);
    }

    const Rows<T>& rows_;
    Screen<T> screen_;
    const Plan& plan_;
    int threads_;
    Blocks blocks_;
    std::vector<int32_t> labels_;
    Sums<T> total_;
    ExactSum no_inertia_;
    std::vector<std::unique_ptr<Worker>> workers_;
};

} // namespace kmosaic
