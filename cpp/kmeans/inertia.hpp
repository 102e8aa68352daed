// Inertia from the rows themselves.
#pragma once

#include "step.hpp"

#include <vector>

namespace kmosaic {

// For each center the sum of w |x - c|^2 of the rows that the labels give it; the sums can be merged. nearest: whether that
// is the nearest of all.
template <class T>
std::vector<ExactSum> inertias(const Problem<T>& problem, const Centers& centers, const std::vector<int32_t>& labels,
                               bool nearest = true);

// Of all together, exact but for a few roundings at the end.
inline double total(const std::vector<ExactSum>& inertias) {
    ExactSum all = inertias[0];
    for (size_t c = 1; c < inertias.size(); ++c) all.merge(inertias[c]);
    return all.value();
}

} // namespace kmosaic
