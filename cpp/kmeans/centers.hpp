// The centers of the clusters, exact.
#pragma once

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

} // namespace kmosaic
