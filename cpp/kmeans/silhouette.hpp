// The silhouette of every row (Rousseeuw 1987): all pairs, once each where there is room for the sums, and never n^2 numbers held.
//
// Rows are taken in the order of their clusters, cut into blocks. Two blocks meet in a job, and jobs in rounds, in which each block
// takes part once, as teams do in a tournament: so no two jobs of a round write the same sum, and every sum is added up in an
// order that is given by n, d and the labels alone.
#pragma once

#include "step.hpp"

#include <functional>
#include <vector>

namespace kmosaic {

using Fraction = std::function<void(double)>; // how much is done; called on the calling thread

// s(i) = (b - a) / max(a, b): a is the mean distance to the others of the cluster of row i, b the least mean distance to the rows of
// another; 0 where the row is alone in its cluster, or a and b are 0. labels: (n) of 0..k-1, of at least two clusters.
// No distance is off by more than 2^-18 of itself (pairs.hpp), and most are by far less; their sums by n 2^-52.
template <class T>
std::vector<double> silhouette(const Problem<T>& problem, const int32_t* labels, int k, const Fraction& told);

} // namespace kmosaic
