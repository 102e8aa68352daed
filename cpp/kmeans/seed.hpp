// Where k-means starts.
#pragma once

#include "frame.hpp"

#include <vector>

namespace kmosaic {

// Greedy k-means++ (Arthur & Vassilvitskii 2007, with the local trials of their section 5, as scikit-learn has them):
// each center after the first is the best of `trials` rows drawn with probability w |x - nearest center|^2.
// uniforms: (1 + (k - 1) * trials) numbers in [0, 1), which decide all draws. Returns k row numbers; where fewer rows
// are distinct, the last ones repeat.
template <class T>
std::vector<int64_t> plus_plus(const Rows<T>& rows, const Frame<T>& frame, const Kernels& kernels, int k, int trials,
                               const double* uniforms, int threads, const Poll& poll);

extern template std::vector<int64_t> plus_plus(const Rows<float>&, const Frame<float>&, const Kernels&, int, int,
                                               const double*, int, const Poll&);
extern template std::vector<int64_t> plus_plus(const Rows<double>&, const Frame<double>&, const Kernels&, int, int,
                                               const double*, int, const Poll&);

} // namespace kmosaic
