#include "algorithms.hpp"

#include "elkan.hpp"
#include "kd.hpp"
#include "lloyd.hpp"
#include "yinyang.hpp"

#include <algorithm>
#include <cstring>
#include <numeric>

namespace kmosaic {
namespace {

constexpr double least_seconds = 2e-4;     // of an iteration in which threads do more than wait for each other
constexpr char why_boxes[] = "few columns: boxes of rows are nearest to one center as a whole";
constexpr char why_no_boxes[] = "boxes of such rows take more than memory_limit leaves for them";
constexpr int fewest_iterations = 3; // that bounds may pay in; as in _engine.py

template <class T, template <class> class Made>
std::unique_ptr<Step<T>> make(const Problem<T>& problem, int k) {
    return std::make_unique<Made<T>>(problem, k);
}

template <class T>
bool always(const Problem<T>&, int) {
    return true;
}

// All rows, however often each stands in the data.
template <class T>
int64_t counted(const Rows<T>& rows) {
    return rows.copies ? std::accumulate(rows.copies, rows.copies + rows.n, int64_t(0)) : rows.n;
}

template <class T>
bool quick_distances_say_something(const Problem<T>& problem, int) {
    return Measure<T>::fits(problem);
}

} // namespace

template <class T>
const std::vector<Algorithm<T>>& algorithms() {
    static const std::vector<Algorithm<T>> all = {
        {"lloyd", always<T>, make<T, Lloyd>},
        {"elkan", quick_distances_say_something<T>, make<T, Elkan>},
        {"yinyang", quick_distances_say_something<T>, make<T, Yinyang>},
        {"kd", Kd<T>::fits, make<T, Kd>},
    };
    return all;
}

template <class T>
Chooser<T>::Chooser(const Problem<T>& problem, int k, const Plan& plan)
    : problem_(problem), k_(k), plan_(plan), few_moved_(static_cast<double>(counted(problem.rows)) / 3), moved_(counted(problem.rows)) {}

template <class T>
void Chooser<T>::use(const char* name, const std::string& why) {
    for (const Algorithm<T>& algorithm : algorithms<T>()) {
        if (used_ == algorithm.name || std::strcmp(name, algorithm.name) != 0) continue;
        if (step_) {
            bytes_ = std::max(bytes_, step_->bytes());
            tally_.add(step_->tally());
        }
        step_ = algorithm.make(problem_, k_);
        used_ = algorithm.name;
    }
    why_ = why;
}

// From measurements on several shapes (benchmarks/): one bound a center where a distance costs much more than a bound,
// one bound a group of centers else, none where a row against all centers costs little more than reading it.
template <class T>
std::string Chooser<T>::bounded() {
    const auto n = static_cast<double>(problem_.rows.n), d = static_cast<double>(problem_.rows.d);
    if (!Measure<T>::fits(problem_) || k_ < 2 || n * d * k_ < 4e6 || d * k_ < 600) return "";
    const bool each = d >= 32 && k_ <= 128 && n * k_ * 4 <= 0.5 * n * d * sizeof(T) + 64e6;
    if (each && affordable(Elkan<T>::bytes_for(problem_, k_))) return "elkan";
    if (k_ >= 16 && affordable(Yinyang<T>::bytes_for(problem_, k_))) return "yinyang";
    lean_ = each || k_ >= 16;
    return "";
}

template <class T>
const char* Chooser<T>::why_no_bounds() const {
    if (k_ < 2) return "with one cluster there is nothing to bound";
    if (!Measure<T>::fits(problem_)) return "of numbers so large or so small bounds in float32 would tell nothing";
    if (lean_) return "memory_limit leaves no room for bounds";
    if (plan_.max_iter <= fewest_iterations) return "in so few iterations bounds would not pay for themselves";
    return "a row against all centers costs little more than bounds would";
}

template <class T>
void Chooser<T>::choose_first() {
    for (const Algorithm<T>& algorithm : algorithms<T>()) {
        if (plan_.algorithm != algorithm.name) continue;
        const bool fits = algorithm.fits(problem_, k_);
        use(fits ? algorithm.name : "lloyd", fits ? "it was asked for by name" : plan_.algorithm + " cannot work on such data");
        return;
    }
    const auto n = static_cast<double>(problem_.rows.n);
    constexpr double enough_of[] = {0, 2e3, 2e4, 5e4, 2e5}; // rows of so many columns; a quarter may do. See benchmarks/
    const bool worth_boxes = problem_.rows.d <= 4 && n >= enough_of[problem_.rows.d] / 4 && k_ >= 4 && plan_.max_iter > 10;
    if (worth_boxes && Kd<T>::fits(problem_, k_) && affordable(Kd<T>::bytes_for(problem_))) {
        boxes_tried_ = n >= enough_of[problem_.rows.d];
        if (boxes_tried_) return try_boxes();
        reason_ = "a row against all centers takes no longer than boxes of rows";
        use("lloyd", reason_);
        bounded_ = "kd";
        return;
    }
    bounded_ = plan_.max_iter > fewest_iterations ? bounded() : "";
    if (bounded_ == "yinyang" && problem_.head) {
        use("yinyang", "few leading coordinates tell most centers apart");
        bounded_.clear();
        return;
    }
    reason_ = bounded_.empty() ? why_no_bounds() : "so many rows move that bounds would not hold";
    use("lloyd", reason_);
}

template <class T>
void Chooser<T>::try_boxes() {
    boxes_tried_ = true;
    use("kd", why_boxes);
    if (boxes_too_large()) use("lloyd", why_no_boxes);
}

// Rows may lie such that there are far more boxes than usual, or centers such that every box lists many of them.
template <class T>
bool Chooser<T>::boxes_too_large() const {
    return plan_.memory_limit > 0 && plan_.algorithm == "auto" && used_ == "kd" && !affordable(static_cast<double>(step_->bytes()));
}

template <class T>
Step<T>& Chooser<T>::step(int number, const Centers& centers, const std::vector<int32_t>& labels, bool last) {
    if (!step_) choose_first();
    if (last) return *step_;
    if (bounded_ == "kd" && used_ == "lloyd") {
        if (number < 3 || boxes_tried_) return *step_; // two iterations tell what one without boxes takes
        boxes_tried_ = true;
        const double setup = 2e-8 * static_cast<double>(problem_.rows.n * problem_.rows.d); // seconds, about
        if (setup > 3 * plain_seconds_) return *step_;
        try_boxes();
        setup_seconds_ = -1;
    } else if (!bounded_.empty() && used_ == "lloyd" && bounds_pay(number, centers, labels)) {
        use(bounded_.c_str(), "few rows move, so bounds spare most distances");
        forecast_.reset();
        setup_seconds_ = -1;
    }
    return *step_;
}

template <class T>
bool Chooser<T>::bounds_pay(int number, const Centers& centers, const std::vector<int32_t>& labels) {
    if (number < next_look_ || static_cast<double>(moved_) > few_moved_ || plain_seconds_ < least_seconds) return false;
    next_look_ = number + 1 + number / 5; // a forecast takes a percent of an iteration or two
    const double left = std::min<double>(plan_.max_iter - number, outlook_.left(plan_.tolerance));
    if (left < 4) return false;
    if (!forecast_) forecast_ = std::make_unique<Forecast<T>>(problem_, k_, bounded_ == "elkan");
    const Cost cost = forecast_->cost(centers, labels, plain_seconds_);
    return cost.setup + left * cost.iteration < 0.9 * left;
}

template <class T>
void Chooser<T>::learn(int64_t moved, double squared_shift, double seconds) {
    moved_ = moved;
    outlook_.learn(moved, squared_shift);
    if (boxes_too_large()) return use("lloyd", why_no_boxes);
    if (bounded_.empty()) return;
    if (used_ == "lloyd") {
        plain_seconds_ = plain_seconds_ > 0 ? std::min(plain_seconds_, seconds) : seconds;
        return;
    }
    learn_bounded(seconds);
}

// Bounds grow better as the centers come to rest. Who waits for that until waiting has cost half of what another try would
// loses no more than if it had been known from the start when they will, but for that half.
template <class T>
void Chooser<T>::learn_bounded(double seconds) {
    const double lost = seconds - plain_seconds_;
    if (setup_seconds_ < 0) {
        setup_seconds_ = std::max(lost, plain_seconds_);
        lost_seconds_ = 0;
        return;
    }
    lost_seconds_ += lost;
    if (lost < 0 || lost_seconds_ < setup_seconds_ / 2) return;
    use("lloyd", reason_);
    few_moved_ = static_cast<double>(moved_) / 4; // another try when far fewer rows move
}

template <class T>
Tally Chooser<T>::tally() const {
    Tally all = tally_;
    if (step_) all.add(step_->tally());
    return all;
}

template class Chooser<float>;
template class Chooser<double>;
template class Chooser<uint8_t>;

} // namespace kmosaic
