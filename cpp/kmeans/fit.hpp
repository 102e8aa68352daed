// THE one loop: assign, update, stop.
#pragma once

#include "moments.hpp"
#include "step.hpp"

#include <functional>
#include <string>
#include <vector>

namespace kmosaic {

// What one iteration did.
struct Iteration {
    int number;          // from 1
    double inertia;      // sum of w |x - c|^2 to the centers that the iteration began with; relative error below 2^-36
    int64_t moved;       // rows whose label changed
    double center_shift; // Euclidean length of the move of all centers together
    double seconds;
};

// What makes it another kind of k-means; as it stands, the plain kind.
struct Kind {
    bool on_sphere = false;        // centers have length 1 (sphere.hpp), as rows and first centers have to have
    double aside = 0;              // weight of the farthest rows that are left out of the means (aside.hpp)
    int64_t least = 0, most = 0;   // rows of each cluster (balanced.hpp); 0: any number
    bool balanced() const { return most > 0; }
};

struct Plan {
    int max_iter;
    double tolerance; // stop when center_shift^2 is at most this
    int threads;
    std::string algorithm; // see ALGORITHMS in algorithms.cpp; "auto" chooses
    int64_t memory_limit;  // most bytes that "auto" may hold beyond rows, labels and sums; 0: no limit
    std::function<void(const Iteration&)> on_iteration;
    std::function<void(const std::vector<int32_t>&)> on_labels; // the labels of each iteration, for tests
    Poll poll;
    Kind kind = {};
};

struct Fit {
    std::vector<double> centers; // (k, d), numbers that Held<T> can hold
    std::vector<int32_t> labels; // (n)
    double inertia;
    int n_iter;
    int clusters_used; // that have a row
    bool converged; // labels or centers came to rest before max_iter
    std::string algorithm, why; // what ran, and what made it so
    int64_t bytes;              // most memory that the algorithm held beyond labels and sums
    Tally tally;
    std::vector<Iteration> history;
    std::vector<int64_t> aside; // rows that are set aside as a whole
};

// Lloyd's algorithm (1982) from the given centers. A cluster that loses all its rows takes the row farthest from its
// center, with all copies of that row, unless that would empty another cluster; where no row is away from its center
// (fewer distinct rows than clusters) it stays empty, where it is.
// head: null, or the leading coordinates of the rows.
template <class T>
Fit fit(const Rows<T>& rows, const Frame<T>& frame, const Moments& moments, const Kernels& kernels, const Head<T>* head,
        std::vector<double> centers, int k, const Plan& plan);

extern template Fit fit(const Rows<float>&, const Frame<float>&, const Moments&, const Kernels&, const Head<float>*, std::vector<double>, int,
                        const Plan&);
extern template Fit fit(const Rows<double>&, const Frame<double>&, const Moments&, const Kernels&, const Head<double>*, std::vector<double>,
                        int, const Plan&);
extern template Fit fit(const Rows<uint8_t>&, const Frame<uint8_t>&, const Moments&, const Kernels&, const Head<uint8_t>*, std::vector<double>,
                        int, const Plan&);

} // namespace kmosaic
