#include "algorithms.hpp"

#include "elkan.hpp"
#include "kd.hpp"
#include "lloyd.hpp"
#include "yinyang.hpp"

#include <stdexcept>

namespace kmosaic {
namespace {

template <class T, template <class> class Made>
std::unique_ptr<Step<T>> make(const Problem<T>& problem, int k) {
    return std::make_unique<Made<T>>(problem, k);
}

template <class T>
bool always(const Problem<T>&, int) {
    return true;
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
Chooser<T>::Chooser(const Problem<T>& problem, int k, const std::string& asked) : problem_(problem), k_(k), asked_(asked) {}

template <class T>
void Chooser<T>::use(const Algorithm<T>& algorithm) {
    if (step_) {
        bytes_ = std::max(bytes_, step_->bytes());
        tally_.add(step_->tally());
    }
    step_ = algorithm.make(problem_, k_);
    used_ = algorithm.name;
}

template <class T>
Step<T>& Chooser<T>::step(int /*number*/) {
    if (step_) return *step_;
    for (const Algorithm<T>& algorithm : algorithms<T>())
        if (asked_ == algorithm.name && algorithm.fits(problem_, k_)) {
            use(algorithm);
            why_ = "asked for";
            return *step_;
        }
    use(algorithms<T>()[0]);
    why_ = "there is no other";
    return *step_;
}

template <class T>
void Chooser<T>::learn(int, int64_t, double) {}

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
