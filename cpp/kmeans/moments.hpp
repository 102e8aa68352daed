// Mean and spread of the rows, in one pass.
#pragma once

#include "frame.hpp"

#include <vector>

namespace kmosaic {

struct Moments {
    std::vector<double> mean; // (d) weighted
    double spread = 0;        // sum of w |x - frame.shift|^2
    double variance = 0;      // mean over the columns of their (weighted) variances
};

template <class T>
Moments moments_of(const Rows<T>& rows, const Frame<T>& frame, const Kernels& kernels, int threads, const Poll& poll);

extern template Moments moments_of(const Rows<float>&, const Frame<float>&, const Kernels&, int, const Poll&);
extern template Moments moments_of(const Rows<double>&, const Frame<double>&, const Kernels&, int, const Poll&);
extern template Moments moments_of(const Rows<uint8_t>&, const Frame<uint8_t>&, const Kernels&, int, const Poll&);

} // namespace kmosaic
