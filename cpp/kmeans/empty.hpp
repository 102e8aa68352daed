// What happens to a cluster that has lost all its rows.
#pragma once

#include "aside.hpp"
#include "step.hpp"

namespace kmosaic {

// Each empty cluster, lowest index first, takes the row farthest from its own center together with all copies of it.
// Of rows equally far, the one whose coordinates come first in order (not the one that happens to stand first: the
// rows' order must not matter). A row is left alone when its cluster has nothing but copies of it.
// Rows that are set aside are left alone as well. Returns the number of rows that changed.
template <class T>
int64_t fill_empty_clusters(const Problem<T>& problem, const Centers& centers, Clusters<T>& clusters, Step<T>& step,
                            const Aside<T>& aside);

extern template int64_t fill_empty_clusters(const Problem<float>&, const Centers&, Clusters<float>&, Step<float>&,
                                            const Aside<float>&);
extern template int64_t fill_empty_clusters(const Problem<double>&, const Centers&, Clusters<double>&, Step<double>&,
                                            const Aside<double>&);
extern template int64_t fill_empty_clusters(const Problem<uint8_t>&, const Centers&, Clusters<uint8_t>&, Step<uint8_t>&,
                                            const Aside<uint8_t>&);

} // namespace kmosaic
