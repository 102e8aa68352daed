// What happens to a cluster that has lost all its rows.
#pragma once

#include "lloyd.hpp"

namespace kmosaic {

// Each empty cluster, lowest index first, takes the row farthest from its own center together with all copies of it.
// Of rows equally far, the one whose coordinates come first in order (not the one that happens to stand first: the
// rows' order must not matter). A row is left alone when its cluster has nothing but copies of it.
// Returns the number of rows that changed.
template <class T>
int64_t fill_empty_clusters(const Rows<T>& rows, const Centers<T>& centers, Lloyd<T>& step, const Plan& plan);

extern template int64_t fill_empty_clusters(const Rows<float>&, const Centers<float>&, Lloyd<float>&, const Plan&);
extern template int64_t fill_empty_clusters(const Rows<double>&, const Centers<double>&, Lloyd<double>&, const Plan&);

} // namespace kmosaic
