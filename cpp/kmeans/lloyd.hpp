// The assign step of plain fused Lloyd: every row against every center, in one pass over the data.
#pragma once

#include "step.hpp"

#include <memory>

namespace kmosaic {

template <class T>
class Lloyd : public Step<T> {
public:
    Lloyd(const Problem<T>& problem, int k)
        : problem_(problem), screen_(problem.rows, problem.frame, problem.kernels),
          threads_(worth_threads(2.0 * problem.rows.n * problem.rows.d * k, problem.threads)),
          blocks_(cut(problem.rows.n, 2.0 * problem.rows.d * k, threads_, problem.kernels.tile_rows)) {
        for (int worker = 0; worker < threads_; ++worker) scratch_.push_back(screen_.scratch(k));
    }

    void assign(const Centers& centers, Clusters<T>& clusters) override {
        prepared_.prepare(centers, problem_.frame, problem_.kernels, problem_.threads, problem_.poll);
        parallel(threads_, blocks_.count, [&](int worker, int64_t block) {
            screen_.changed(prepared_, clusters.labels().data(), blocks_.begin(block), blocks_.end(block), scratch_[worker],
                            [&](int64_t row, int32_t label) { clusters.move(worker, row, label); });
        }, problem_.poll);
    }

    int64_t bytes() const override {
        return threads_ * problem_.kernels.tile_rows * (problem_.rows.d + prepared_.half_norms.size()) * 4;
    }

    Tally tally() const override {
        Tally all;
        for (const auto& scratch : scratch_) all.add(scratch.tally);
        return all;
    }

private:
    const Problem<T> problem_;
    Screen<T> screen_;
    Prepared<T> prepared_;
    int threads_;
    Blocks blocks_;
    std::vector<Scratch<T>> scratch_;
};

} // namespace kmosaic
