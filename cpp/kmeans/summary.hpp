// One look at all rows: the nearest of given centers, and what the rows of each come to. For what goes round by itself
// (mini-batches, splits of one cluster).
#pragma once

#include "step.hpp"

#include <vector>

namespace kmosaic {

struct Summary {
    std::vector<int32_t> labels;  // (n)
    std::vector<double> weights;  // (k) of the rows nearest to each center
    std::vector<double> means;    // (k, d) of these rows, as fit() rounds them; the center itself where there are none
    std::vector<double> inertias; // (k) sum of w |x - c|^2, to the center
    double inertia = 0;           // of all, exact but for a few roundings at the end
};

template <class T>
Summary summarize(const Problem<T>& problem, const Centers& centers);

} // namespace kmosaic
