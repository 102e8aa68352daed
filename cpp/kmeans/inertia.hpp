// Inertia from the rows themselves.
#pragma once

#include "step.hpp"

#include <vector>

namespace kmosaic {

// For each center the sum of w |x - c|^2 of the rows that the labels give it; the sums can be merged.
template <class T>
std::vector<ExactSum> inertias(const Problem<T>& problem, const Centers& centers, const std::vector<int32_t>& labels);

// Of all together.
template <class T>
double exact_inertia(const Problem<T>& problem, const Centers& centers, const std::vector<int32_t>& labels) {
    std::vector<ExactSum> each = inertias(problem, centers, labels);
    for (size_t c = 1; c < each.size(); ++c) each[0].merge(each[c]);
    return each[0].value();
}

} // namespace kmosaic
