// Spherical k-means (Dhillon & Modha 2001): centers of length 1. Of rows of length 1, |x - c|^2 = 2 (1 - cosine), so the
// nearest center is that of the largest cosine, and of all centers of length 1 the direction of the mean is nearest to the
// rows of a cluster together: the loop is that of k-means, inertia never rises.
#pragma once

#include "../kernels/kernels.hpp"
#include "centers.hpp"

#include <algorithm>
#include <cmath>

namespace kmosaic {

// After centers went to the means: each goes on to length 1, but stays where it was if the mean is zero. drift follows.
// Returns the squared length of all moves.
template <class T>
double move_to_sphere(Centers& centers) {
    double all = 0;
    for (int c = 0; c < centers.k; ++c) {
        if (centers.drift[c] == 0) continue; // its rows are the same
        double* center = centers.exact.data() + c * centers.d;
        const double* before = centers.before.data() + c * centers.d;
        double length = 0, squared = 0;
        for (int64_t j = 0; j < centers.d; ++j) length += center[j] * center[j];
        length = std::sqrt(length);
        if (length > 0)
            for (int64_t j = 0; j < centers.d; ++j) center[j] = static_cast<double>(static_cast<Held<T>>(center[j] / length));
        else std::copy(before, before + centers.d, center);
        for (int64_t j = 0; j < centers.d; ++j) squared += (center[j] - before[j]) * (center[j] - before[j]);
        centers.drift[c] = drift_above(squared);
        all += squared;
    }
    return all;
}

} // namespace kmosaic
