// Which algorithm runs: the table of all, and the rule that chooses.
#pragma once

#include "fit.hpp"
#include "forecast.hpp"
#include "outlook.hpp"

#include <memory>
#include <string>
#include <vector>

namespace kmosaic {

// One algorithm: its name, when it can run at all, and how to make its step.
template <class T>
struct Algorithm {
    const char* name;
    bool (*fits)(const Problem<T>& problem, int k); // false: it makes no sense for such data
    std::unique_ptr<Step<T>> (*make)(const Problem<T>& problem, int k);
};

template <class T>
const std::vector<Algorithm<T>>& algorithms(); // plain Lloyd first

// Chooses the step of each iteration: by name, or by the shape of the data and what the iterations so far took. Results
// are the same whatever it chooses, so it may go by the clock.
template <class T>
class Chooser {
public:
    Chooser(const Problem<T>& problem, int k, const Plan& plan);

    // The step of this iteration, which begins with these centers and labels.
    // last: the iteration is the last one for certain, so nothing is begun that would have to pay later.
    Step<T>& step(int number, const Centers& centers, const std::vector<int32_t>& labels, bool last = false);
    Step<T>& step() { return *step_; }
    // learn() may change over to plain Lloyd.
    bool on_trial() const { return (!bounded_.empty() && used_ == bounded_) || boxes_too_large(); }
    void learn(int64_t moved, double squared_shift, double seconds); // what the iteration did and took

    const std::string& used() const { return used_; }
    const std::string& why() const { return why_; }
    int64_t bytes() const { return std::max(bytes_, step_ ? step_->bytes() : 0); }
    Tally tally() const;

private:
    void use(const char* name, const std::string& why);
    void choose_first();
    void try_boxes();
    bool boxes_too_large() const;
    const char* why_no_bounds() const;
    void learn_bounded(double seconds);
    bool bounds_pay(int number, const Centers& centers, const std::vector<int32_t>& labels);
    std::string bounded(); // the algorithm with bounds that suits the shape; empty: none does
    bool affordable(double bytes) const { return plan_.memory_limit <= 0 || bytes <= static_cast<double>(plan_.memory_limit); }

    const Problem<T>& problem_;
    const int k_;
    const Plan& plan_;
    bool lean_ = false; // bounds would suit the shape, but there is no memory for them
    std::string used_, why_, reason_; // reason_: what why_ says should bounds be given up
    std::unique_ptr<Step<T>> step_;
    std::string bounded_;         // to change over to
    bool boxes_tried_ = false;
    std::unique_ptr<Forecast<T>> forecast_;
    Outlook outlook_;
    int next_look_ = 4;           // the iteration before which to ask for a forecast
    double plain_seconds_ = 0;    // of the quickest iteration without bounds
    double setup_seconds_ = 0;    // of the first iteration with bounds beyond that, which sets them up
    double lost_seconds_ = 0;     // what those since took longer than it, less what they took less
    double few_moved_;            // no change before no more rows than this move
    int64_t moved_;
    int64_t bytes_ = 0;
    Tally tally_;
};

extern template class Chooser<float>;
extern template class Chooser<double>;
extern template class Chooser<uint8_t>;

} // namespace kmosaic
