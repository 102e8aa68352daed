// How far each row is from the center of its own cluster.
#pragma once

#include "step.hpp"

#include <vector>

namespace kmosaic {

// (n) squared, in float64 as the contract states it; `otherwise` for rows of weight 0.
template <class T>
std::vector<double> own_distances(const Problem<T>& problem, const Centers& centers, const std::vector<int32_t>& labels, double otherwise);

extern template std::vector<double> own_distances(const Problem<float>&, const Centers&, const std::vector<int32_t>&, double);
extern template std::vector<double> own_distances(const Problem<double>&, const Centers&, const std::vector<int32_t>&, double);
extern template std::vector<double> own_distances(const Problem<uint8_t>&, const Centers&, const std::vector<int32_t>&, double);

} // namespace kmosaic
