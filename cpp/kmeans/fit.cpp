#include "fit.hpp"

#include "algorithms.hpp"
#include "aside.hpp"
#include "balanced.hpp"
#include "empty.hpp"
#include "inertia.hpp"
#include "missing.hpp"
#include "sparse_step.hpp"
#include "sphere.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

namespace kmosaic {
namespace {

double seconds_since(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// Nearly always the first few rows tell that all are.
int count_used(const std::vector<int32_t>& labels, int k) {
    std::vector<char> used(k);
    int count = 0;
    for (size_t i = 0; i < labels.size() && count < k; ++i) count += !std::exchange(used[labels[i]], 1);
    return count;
}

// One run of the loop, and what it needs to know between iterations.
template <class T>
class Run {
public:
    Run(const Problem<T>& problem, const Moments& moments, std::vector<double> start, int k, const Plan& plan)
        : problem_{problem.rows, problem.frame, problem.kernels, problem.threads, problem.poll, problem.head, &compact_, problem.room},
          moments_(moments), plan_(plan),
          clusters_(problem.rows, problem.frame, problem.kernels, k, plan.threads),
          chooser_(problem_, k, plan), aside_(problem_, plan.kind.aside), by_rows_(plan.kind.aside > 0) {
        if (plan.kind.balanced()) balanced_ = std::make_unique<Balanced<T>>(problem_, k, plan.kind.least, plan.kind.most);
        centers_.k = k;
        centers_.d = problem.rows.d;
        centers_.exact = std::move(start);
    }

    Fit operator()() {
        for (int number = 1;; ++number) {
            const auto began = std::chrono::steady_clock::now();
            int64_t moved = assign(number);
            if (plan_.on_labels) tell_labels();
            // Labels at rest: the means of the same rows are the same centers, to the bit.
            const double squared_shift = moved ? move(moved) : 0.0;
            const double inertia = moved ? inertia_ : inertia_of_rows();
            const double seconds = seconds_since(began);
            if (chooser_.on_trial()) step().write_labels(clusters_); // it may be given up, and another goes on from these
            chooser_.learn(moved, squared_shift, seconds);
            history_.push_back({number, std::min(inertia, inertia_), moved, std::sqrt(squared_shift), seconds});
            if (plan_.on_iteration) plan_.on_iteration(history_.back());
            if (moved == 0) return result(inertia, number, true);
            if (squared_shift <= plan_.tolerance || number == plan_.max_iter) {
                // The centers have moved since the labels were found: look once more, so that they belong together.
                assign(number + 1, true);
                return result(inertia_of_rows(), number, squared_shift <= plan_.tolerance);
            }
        }
    }

private:
    int64_t assign(int number, bool last = false) {
        if (aside_.wanted()) aside_.put_back(clusters_);
        Step<T>& step = balanced_ ? *balanced_ : chooser_.step(number, centers_, clusters_.labels(), last);
        step.assign(centers_, clusters_);
        int64_t moved = clusters_.collect(plan_.poll);
        if (!aside_.wanted()) return moved;
        step.write_labels(clusters_);
        return moved + aside_.set_aside(centers_, clusters_);
    }

    Step<T>& step() { return balanced_ ? *balanced_ : chooser_.step(); }

    void tell_labels() {
        step().write_labels(clusters_);
        plan_.on_labels(clusters_.labels());
    }

    // The centers go to the means of their rows, and inertia_ is that from before. Returns the squared length of all moves.
    double move(int64_t& moved) {
        const bool empty = clusters_.any_empty();
        double inertia = 0;
        // Rows that fill a cluster leave the nearest center: that has to be added up before.
        if (empty && !by_rows_) by_rows_ = !accurate(inertia = moments_.spread - clusters_.off_spread(centers_, plan_.poll));
        if (by_rows_) inertia = inertia_of_rows();
        if (empty) moved += fill_empty_clusters(problem_, centers_, clusters_, step(), aside_);
        CenterStep step = clusters_.move_to_means(centers_, plan_.poll);
        if (plan_.kind.on_sphere) step.squared = move_to_sphere<T>(centers_);
        if (!empty && !by_rows_ && (by_rows_ = !accurate(inertia = moments_.spread - step.off_spread))) {
            std::swap(centers_.exact, centers_.before);
            inertia = inertia_of_rows();
            std::swap(centers_.exact, centers_.before);
        }
        inertia_ = std::min(inertia, inertia_); // what the last digits of the two ways differ by is not a rise
        return step.squared;
    }

    // Whether this is from sums that tell it so well.
    bool accurate(double inertia) const {
        constexpr double enough = 0x1p-13;
        return inertia > std::max(moments_.spread * enough, moments_.least_inertia);
    }

    // Of the labels as they are, about the centers as they are.
    double inertia_of_rows() {
        if (aside_.wanted()) return aside_.inertia();
        step().write_labels(clusters_);
        return total(inertias(problem_, centers_, clusters_.labels(), !balanced_));
    }

    Fit result(double inertia, int number, bool converged) {
        const int used = count_used(clusters_.labels(), centers_.k);
        Fit found{std::move(centers_.exact), clusters_.take_labels(), inertia, number, used, converged, chooser_.used(),
                  chooser_.why(), chooser_.bytes() + aside_.bytes(), chooser_.tally(), std::move(history_), aside_.whole_rows()};
        if (!balanced_) return found;
        found.algorithm = "balanced";
        found.why = "sizes are limited, so all rows are assigned together";
        found.bytes = balanced_->bytes();
        found.tally = balanced_->tally();
        return found;
    }

    std::shared_ptr<const Compact<T>> compact_;
    const Problem<T> problem_;
    const Moments& moments_;
    const Plan& plan_;
    Centers centers_;
    Clusters<T> clusters_;
    Chooser<T> chooser_;
    std::unique_ptr<Balanced<T>> balanced_; // null: the chooser's step assigns each row by itself
    Aside<T> aside_;
    double inertia_ = std::numeric_limits<double>::infinity();
    bool by_rows_; // rows are set aside; or sums no longer tell the inertia well enough: as it falls, they never will again
    std::vector<Iteration> history_;
};

} // namespace

template <class T>
Fit fit(const Rows<T>& rows, const Frame<T>& frame, const Moments& moments, const Kernels& kernels, const Head<T>* head,
        std::vector<double> start, int k, const Plan& plan) {
    const int64_t room = plan.memory_limit > 0 ? plan.memory_limit : std::numeric_limits<int64_t>::max();
    return Run<T>({rows, frame, kernels, plan.threads, plan.poll, head, nullptr, room}, moments, std::move(start), k, plan)();
}

template Fit fit(const Rows<float>&, const Frame<float>&, const Moments&, const Kernels&, const Head<float>*, std::vector<double>, int,
                 const Plan&);
template Fit fit(const Rows<double>&, const Frame<double>&, const Moments&, const Kernels&, const Head<double>*, std::vector<double>, int,
                 const Plan&);
template Fit fit(const Rows<uint8_t>&, const Frame<uint8_t>&, const Moments&, const Kernels&, const Head<uint8_t>*, std::vector<double>, int,
                 const Plan&);
template Fit fit(const Rows<Sparse<float>>&, const Frame<Sparse<float>>&, const Moments&, const Kernels&,
                 const Head<Sparse<float>>*, std::vector<double>, int, const Plan&);
template Fit fit(const Rows<Sparse<double>>&, const Frame<Sparse<double>>&, const Moments&, const Kernels&,
                 const Head<Sparse<double>>*, std::vector<double>, int, const Plan&);
template Fit fit(const Rows<Missing<float>>&, const Frame<Missing<float>>&, const Moments&, const Kernels&, const Head<Missing<float>>*,
                 std::vector<double>, int, const Plan&);
template Fit fit(const Rows<Missing<double>>&, const Frame<Missing<double>>&, const Moments&, const Kernels&, const Head<Missing<double>>*,
                 std::vector<double>, int, const Plan&);

} // namespace kmosaic
