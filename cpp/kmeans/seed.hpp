// Where k-means starts.
#pragma once

#include "draw.hpp"
#include "sampling.hpp"
#include "step.hpp"

#include <vector>

namespace kmosaic {

// Greedy k-means++ (Arthur & Vassilvitskii 2007, with the local trials of their section 5, as scikit-learn has them):
// each center after the first is the best of `trials` rows drawn with probability w |x - nearest center|^2.
// uniforms: (1 + (k - 1) * trials) numbers in [0, 1), which decide all draws. Returns k row numbers; where fewer rows
// are distinct, the first repeats. Neither the order of the rows nor repetition instead of weights changes what is drawn.
// trials <= most_trials (contest.hpp). problem.head, where there is one, makes it faster.
// memory_limit: most bytes beyond the rows, the order and the head included, as far as 36 bytes a row and points of two
// columns allow; 0: no limit.
template <class T>
std::vector<int64_t> plus_plus(const Problem<T>& problem, const ContentOrder<T>& order, int k, int trials,
                               const double* uniforms, int64_t memory_limit);

// Plain k-means++, each center drawn and kept (sampling.hpp). seed: of all that is random. Otherwise as above.
template <class T>
std::vector<int64_t> plain_plus_plus(const Problem<T>& problem, const ContentOrder<T>& order, int k, uint64_t seed,
                                     int64_t memory_limit);

// The candidates of k-means|| (sampling.hpp): `each` in every round, no fewer than `least` if so many rows are distinct.
// 4 bytes a row more than the others hold.
template <class T>
Oversampled oversample(const Problem<T>& problem, const ContentOrder<T>& order, int each, int rounds, int least,
                       uint64_t seed, int64_t memory_limit);

// For each uniform number a row, with probability proportional to its weight; of copies always the first.
template <class T>
std::vector<int64_t> draw_rows(const Rows<T>& rows, const Frame<T>& frame, const ContentOrder<T>& order,
                               const double* uniforms, int count, const Poll& poll);

} // namespace kmosaic
