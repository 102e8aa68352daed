// What an iteration with bounds would take, told from a few rows before any bound is set up.
//
// For each row of a sample: the distances to all centers, and which centers, or groups of them, a bound of the last
// iteration would not exclude now. Nothing but the choice of the algorithm depends on it.
#pragma once

#include "groups.hpp"
#include "measure.hpp"

#include <memory>
#include <vector>

namespace kmosaic {

// In plain iterations: what setting up costs, and what an iteration takes once that is done.
struct Cost {
    double setup, iteration;
};

template <class T>
class Forecast {
public:
    // single: a bound for each center (elkan), not for each group of them (yinyang).
    Forecast(const Problem<T>& problem, int k, bool single);

    // plain_seconds: what an iteration without bounds takes. Centers have moved since the labels were found.
    Cost cost(const Centers& centers, const std::vector<int32_t>& labels, double plain_seconds);

private:
    // How many distances to the own center, and how many bounds, a row does not spare; in all.
    struct Failed {
        double rows = 0, bounds = 0;
    };

    Failed count(const Centers& centers, const std::vector<int32_t>& labels);
    Failed count_row(const float* length, int label, const std::vector<double>& drift) const;

    const Problem<T>& problem_;
    const int k_;
    const bool single_;
    std::unique_ptr<Groups> groups_;
    std::vector<int32_t> all_; // centers
    double distance_ = 0;      // what one takes, in nanoseconds, as measured last
};

extern template class Forecast<float>;
extern template class Forecast<double>;
extern template class Forecast<uint8_t>;

} // namespace kmosaic
