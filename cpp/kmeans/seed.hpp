// Where k-means starts.
#pragma once

#include "draw.hpp"
#include "frame.hpp"

#include <vector>

namespace kmosaic {

// Greedy k-means++ (Arthur & Vassilvitskii 2007, with the local trials of their section 5, as scikit-learn has them):
// each center after the first is the best of `trials` rows drawn with probability w |x - nearest center|^2.
// uniforms: (1 + (k - 1) * trials) numbers in [0, 1), which decide all draws. Returns k row numbers; where fewer rows
// are distinct, some repeat. Neither the order of the rows nor repetition instead of weights changes what is drawn.
template <class T>
std::vector<int64_t> plus_plus(const Rows<T>& rows, const Frame<T>& frame, const Kernels& kernels,
                               const ContentOrder<T>& order, int k, int trials, const double* uniforms, int threads,
                               const Poll& poll);

// For each uniform number a row, with probability proportional to its weight; of copies always the first.
template <class T>
std::vector<int64_t> draw_rows(const Rows<T>& rows, const Frame<T>& frame, const ContentOrder<T>& order,
                               const double* uniforms, int count, const Poll& poll);

} // namespace kmosaic
