// Which algorithm runs: the table of all, and the rule that chooses.
#pragma once

#include "step.hpp"

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

// Chooses the step of each iteration, by name or by what the iterations so far took.
template <class T>
class Chooser {
public:
    Chooser(const Problem<T>& problem, int k, const std::string& asked);

    Step<T>& step(int number); // the step of this iteration
    Step<T>& step() { return *step_; }
    void learn(int number, int64_t moved, double seconds); // what the iteration took

    const std::string& used() const { return used_; }
    const std::string& why() const { return why_; }
    int64_t bytes() const { return std::max(bytes_, step_ ? step_->bytes() : 0); }
    Tally tally() const;

private:
    void use(const Algorithm<T>& algorithm);

    const Problem<T>& problem_;
    int k_;
    std::string asked_, used_, why_;
    std::unique_ptr<Step<T>> step_;
    int64_t bytes_ = 0;
    Tally tally_;
};

extern template class Chooser<float>;
extern template class Chooser<double>;
extern template class Chooser<uint8_t>;

} // namespace kmosaic
