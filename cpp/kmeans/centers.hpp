// The centers of the clusters, exact.
#pragma once

#include <cmath>
#include <cstdint>
#include <vector>

namespace kmosaic {

struct Centers {
    int k = 0;
    int64_t d = 0;
    std::vector<double> exact; // (k, d), numbers that Held<T> can hold
    std::vector<double> drift; // (k) how far each went in the last move, rounded up; empty before the first
    std::vector<double> before = {}; // (k, d) where they were before the last move; empty before the first

    const double* center(int c) const { return exact.data() + c * d; }
};

// How far a center went, rounded up. d + 3 roundings (Higham 2002, section 3.1) and those of the square root: 2^-20 is more for
// any d below 2^30.
inline double drift_above(double squared) { return std::sqrt(squared) * (1 + 0x1p-20) + (squared > 0 ? 0x1p-500 : 0); }

} // namespace kmosaic
