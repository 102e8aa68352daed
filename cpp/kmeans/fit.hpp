// THE one loop: assign, update, stop.
#pragma once

#include "frame.hpp"
#include "screen.hpp"
#include "sums.hpp"

#include <functional>
#include <vector>

namespace kmosaic {

// What one iteration did.
struct Iteration {
    int number;          // from 1
    double inertia;      // sum of w |x - c|^2 to the centers that the iteration began with
    int64_t moved;       // rows whose label changed
    double center_shift; // Euclidean length of the move of all centers together
    double seconds;
};

struct Plan {
    int max_iter;
    double tolerance; // stop when center_shift^2 is at most this
    int threads;
    std::function<void(const Iteration&)> on_iteration;
    Poll poll;
};

struct Fit {
    std::vector<double> centers; // (k, d), numbers that T can hold
    std::vector<int32_t> labels; // (n)
    double inertia;
    int n_iter;
    bool converged; // labels or centers came to rest before max_iter
};

// Lloyd's algorithm (1982) from the given centers. A cluster that loses all its rows takes the row farthest from its
// center, with all copies of that row, unless that would empty another cluster; where no row is away from its center
// (fewer distinct rows than clusters) it stays empty, where it is.
template <class T>
Fit fit(const Rows<T>& rows, const Frame<T>& frame, const Kernels& kernels, std::vector<double> centers, int k,
        const Plan& plan);

// Mean over the columns of their (weighted) variances.
template <class T>
double mean_variance(const Rows<T>& rows, const Frame<T>& frame, const Kernels& kernels, int threads,
                     const Poll& poll);

extern template Fit fit(const Rows<float>&, const Frame<float>&, const Kernels&, std::vector<double>, int,
                        const Plan&);
extern template Fit fit(const Rows<double>&, const Frame<double>&, const Kernels&, std::vector<double>, int,
                        const Plan&);
extern template double mean_variance(const Rows<float>&, const Frame<float>&, const Kernels&, int, const Poll&);
extern template double mean_variance(const Rows<double>&, const Frame<double>&, const Kernels&, int, const Poll&);

} // namespace kmosaic
