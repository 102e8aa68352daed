// Whether the columns of sparse rows ascend, as all loops take for granted, and rows that are put in that order.
#pragma once

#include "buffer.hpp"
#include "sparse.hpp"

namespace kmosaic {

enum class Order { none, mixed, ascending }; // none: there are columns that do not exist

template <class T>
Order order_of(const Rows<Sparse<T>>& rows, int threads, const Poll& poll);

// The values and columns of mixed rows, in order. False: some row has a column twice.
template <class T>
bool put_in_order(const Rows<Sparse<T>>& rows, int threads, const Poll& poll, Buffer<T>& values, Buffer<int32_t>& columns);

extern template Order order_of(const Rows<Sparse<float>>&, int, const Poll&);
extern template Order order_of(const Rows<Sparse<double>>&, int, const Poll&);
extern template bool put_in_order(const Rows<Sparse<float>>&, int, const Poll&, Buffer<float>&, Buffer<int32_t>&);
extern template bool put_in_order(const Rows<Sparse<double>>&, int, const Poll&, Buffer<double>&, Buffer<int32_t>&);

} // namespace kmosaic
