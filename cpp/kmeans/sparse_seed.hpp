// Where k-means of sparse rows starts.
#pragma once

#include "draw.hpp"
#include "sampling.hpp"
#include "sparse.hpp"

namespace kmosaic {

// k-means++, the candidates of k-means|| and draws by weight as in seed.hpp. Distances are rounded otherwise than those of the same rows written
// out, so a draw may differ where a uniform number lies that near to the border of two rows.
template <class T>
std::vector<int64_t> plus_plus(const Rows<Sparse<T>>& rows, const Frame<Sparse<T>>& frame, const Kernels& kernels,
                               const ContentOrder<Sparse<T>>& order, int k, int trials, const double* uniforms,
                               int threads, const Poll& poll);
template <class T>
std::vector<int64_t> plain_plus_plus(const Rows<Sparse<T>>& rows, const Frame<Sparse<T>>& frame, const Kernels& kernels,
                                     const ContentOrder<Sparse<T>>& order, int k, uint64_t seed, int threads, const Poll& poll);
template <class T>
Oversampled oversample(const Rows<Sparse<T>>& rows, const Frame<Sparse<T>>& frame, const Kernels& kernels,
                       const ContentOrder<Sparse<T>>& order, int each, int rounds, int least, uint64_t seed, int threads,
                       const Poll& poll);
template <class T>
std::vector<int64_t> draw_rows(const Rows<Sparse<T>>& rows, const Frame<Sparse<T>>& frame,
                               const ContentOrder<Sparse<T>>& order, const double* uniforms, int count, const Poll& poll);

} // namespace kmosaic
