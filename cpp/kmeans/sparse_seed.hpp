// Where k-means of sparse rows starts.
#pragma once

#include "draw.hpp"
#include "sparse.hpp"

namespace kmosaic {

// Greedy k-means++ and draws by weight as in seed.hpp. Distances are rounded otherwise than those of the same rows written
// out, so a draw may differ where a uniform number lies that near to the border of two rows.
template <class T>
std::vector<int64_t> plus_plus(const Rows<Sparse<T>>& rows, const Frame<Sparse<T>>& frame, const Kernels& kernels,
                               const ContentOrder<Sparse<T>>& order, int k, int trials, const double* uniforms,
                               int threads, const Poll& poll);
template <class T>
std::vector<int64_t> draw_rows(const Rows<Sparse<T>>& rows, const Frame<Sparse<T>>& frame,
                               const ContentOrder<Sparse<T>>& order, const double* uniforms, int count, const Poll& poll);

extern template std::vector<int64_t> plus_plus(const Rows<Sparse<float>>&, const Frame<Sparse<float>>&, const Kernels&,
                                               const ContentOrder<Sparse<float>>&, int, int, const double*, int,
                                               const Poll&);
extern template std::vector<int64_t> plus_plus(const Rows<Sparse<double>>&, const Frame<Sparse<double>>&, const Kernels&,
                                               const ContentOrder<Sparse<double>>&, int, int, const double*, int,
                                               const Poll&);
extern template std::vector<int64_t> draw_rows(const Rows<Sparse<float>>&, const Frame<Sparse<float>>&,
                                               const ContentOrder<Sparse<float>>&, const double*, int, const Poll&);
extern template std::vector<int64_t> draw_rows(const Rows<Sparse<double>>&, const Frame<Sparse<double>>&,
                                               const ContentOrder<Sparse<double>>&, const double*, int, const Poll&);

} // namespace kmosaic
