// The assign step of plain fused Lloyd: every row against every center, in one pass over the data.
#pragma once

#include "byte_screen.hpp"

#include <memory>
#include <numeric>
#include <optional>
#include <utility>

namespace kmosaic {

template <class T>
class Lloyd : public Step<T> {
public:
    Lloyd(const Problem<T>& problem, int k)
        : problem_(problem), screen_(problem.rows, problem.frame, problem.kernels),
          threads_(worth_threads(2.0 * problem.rows.n * problem.rows.d * k, problem.threads)),
          blocks_(cut(problem.rows.n, 2.0 * problem.rows.d * k, threads_, std::lcm(problem.kernels.tile_rows, problem.kernels.int16_rows))),
          row_length_(screen_.row_length(k)), bytes_suit_(ByteScreen<T>::suits(problem, k)) {
        for (int worker = 0; worker < threads_; ++worker) scratch_.push_back(screen_.scratch(k));
    }

    void assign(const Centers& centers, Clusters<T>& clusters) override {
        prepared_.prepare(centers, problem_.frame, problem_.kernels, problem_.threads, problem_.poll, row_length_);
        const int32_t* labels = clusters.labels().data();
        const auto settle = [&](int worker) {
            return [&clusters, worker](int64_t row, int32_t label) { clusters.move(worker, row, label); };
        };
        const bool by_bytes = have_bytes() && bytes_->prepare(centers);
        const auto look_first = [&](int64_t row, int count, Scratch<T>& scratch) { bytes_->look(row, count, scratch); };
        parallel(threads_, blocks_.count, [&](int worker, int64_t block) {
            const int64_t begin = blocks_.begin(block), end = blocks_.end(block);
            if (by_bytes) screen_.changed_after(look_first, prepared_, labels, begin, end, scratch_[worker], settle(worker));
            else screen_.changed(prepared_, labels, begin, end, scratch_[worker], settle(worker));
        }, problem_.poll);
        parallel(threads_, threads_, [&](int, int64_t part) {
            screen_.finish(prepared_, labels, scratch_[part], settle(static_cast<int>(part)));
        }, problem_.poll);
        // Looking twice at so many rows takes longer than looking once at all.
        int64_t twice = 0;
        for (auto& scratch : scratch_) twice += std::exchange(scratch.looked_again, 0);
        if (twice <= problem_.rows.n / 5) return;
        if (by_bytes) give_bytes_up();
        else row_length_ = 0;
    }

    int64_t bytes() const override {
        const auto centers = static_cast<int64_t>(prepared_.small.size());
        const int64_t of_rows = bytes_made_ ? ByteScreen<T>::bytes_for(problem_) : 0;
        return of_rows + threads_ * problem_.kernels.tile_rows * (problem_.rows.d + prepared_.half_norms.size()) * 4 + centers * 12;
    }

    Tally tally() const override {
        Tally all;
        for (const auto& scratch : scratch_) all.add(scratch.tally);
        return all;
    }

private:
    // Rows are read as bytes from the third iteration on: to make them takes about as long as one without.
    bool have_bytes() {
        const bool soon = ++iterations_ > 2 || ByteScreen<T>::pixels;
        if (!bytes_ && bytes_suit_ && soon && bytes() + ByteScreen<T>::bytes_for(problem_) <= problem_.room) bytes_.emplace(problem_);
        bytes_made_ |= bytes_.has_value();
        return bytes_.has_value();
    }

    void give_bytes_up() {
        bytes_suit_ = false;
        bytes_.reset();
        if (problem_.compact) problem_.compact->reset();
    }

    const Problem<T> problem_;
    Screen<T> screen_;
    Prepared<T> prepared_;
    int threads_;
    Blocks blocks_;
    double row_length_; // 0: 16 bits tell too little
    bool bytes_suit_, bytes_made_ = false;
    std::optional<ByteScreen<T>> bytes_;
    int iterations_ = 0;
    std::vector<Scratch<T>> scratch_;
};

} // namespace kmosaic
