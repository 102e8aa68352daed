// The assign step of sparse rows: every center at once in the lanes of a few registers, and bounds (Elkan 2003) that
// let most rows be skipped unread.
#pragma once

#include "algorithms.hpp"
#include "sparse_distance.hpp"
#include "sparse_screen.hpp"

#include <optional>

namespace kmosaic {

template <class T>
class SparseStep : public Step<Sparse<T>> {
public:
    SparseStep(const Problem<Sparse<T>>& problem, int k, bool bounded);

    void assign(const Centers& centers, Clusters<Sparse<T>>& clusters) override;
    void forget(int64_t row) override;
    int64_t bytes() const override;
    Tally tally() const override;

private:
    void note_drift(const Centers& centers);
    bool stays(int64_t row, int32_t label);
    int32_t look(const Centers& centers, int64_t row, SparseScratch<T>& scratch);
    bool bounds_may_hold(int64_t row, int label, double margin, const SparseScratch<T>& scratch) const;
    void set_bounds(int64_t row, int label, double margin, SparseScratch<T>& scratch);

    const Problem<Sparse<T>> problem_;
    int k_, bounds_;
    SparseScreen<T> screen_;
    SparseCenters prepared_;
    std::vector<SparseScratch<T>> scratch_;
    std::vector<float> upper_;       // (n) to the row's own center; infinity: no bound is set
    FloatBuffer lower_;              // (n, bounds) to the other centers, at most a panel of them: with more, those of one lane
                                     // of all panels share one; not touched before a bound is set
    std::vector<float> drift_;       // (k) how far each center went, scaled, rounded up
    std::vector<float> lane_drift_;  // (bounds) the farthest of each lane
    float largest_drift_ = 0;        // of the last move; 0: there was none yet
};

// There is one rule: bounds, unless plain Lloyd is asked for or memory is short.
template <class T>
class Chooser<Sparse<T>> {
public:
    Chooser(const Problem<Sparse<T>>& problem, int k, const Plan& plan);

    Step<Sparse<T>>& step(int /*number*/, const Centers&, const std::vector<int32_t>&, bool /*last*/ = false) { return *step_; }
    Step<Sparse<T>>& step() { return *step_; }
    bool on_trial() const { return false; }
    void learn(int64_t, double, double) {}

    const std::string& used() const { return used_; }
    const std::string& why() const { return why_; }
    int64_t bytes() const { return step_->bytes(); }
    Tally tally() const { return step_->tally(); }

private:
    std::string used_, why_;
    std::optional<SparseStep<T>> step_;
};

extern template class SparseStep<float>;
extern template class SparseStep<double>;
extern template class Chooser<Sparse<float>>;
extern template class Chooser<Sparse<double>>;

} // namespace kmosaic
