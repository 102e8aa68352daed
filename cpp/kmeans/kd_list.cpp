#include "kd_list.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace kmosaic {
namespace {

// Of `from`, the center nearest to the middle of the box, about.
int32_t nearest_to_middle(const KdBox& box, const Centers& centers, const std::vector<int32_t>& from) {
    double middle[max_leaf_columns];
    for (int64_t j = 0; j < centers.d; ++j) middle[j] = box.low[j] / 2 + box.high[j] / 2;
    int32_t best = from[0];
    double least = std::numeric_limits<double>::infinity();
    for (const int32_t c : from) {
        double squared = 0;
        for (int64_t j = 0; j < centers.d; ++j) {
            const double away = centers.center(c)[j] - middle[j];
            squared += away * away;
        }
        if (squared < least) {
            least = squared;
            best = c;
        }
    }
    return best;
}

double farthest(const KdBox& box, const double* center, int64_t d) {
    double squared = 0;
    for (int64_t j = 0; j < d; ++j) {
        const double away = std::max(std::abs(center[j] - box.low[j]), std::abs(center[j] - box.high[j]));
        squared += away * away;
    }
    return std::sqrt(squared);
}

} // namespace

void KdList::refill(const KdBox& box, const Centers& centers, const std::vector<int32_t>& from, double spare,
                    const KdUnits& units) {
    const int64_t d = centers.d;
    std::swap(members, before_);
    members.clear();
    near_ = nearest_to_middle(box, centers, from);
    const double* near = centers.center(near_);
    const double to_near = farthest(box, near, d);
    double least = std::numeric_limits<double>::infinity();
    for (const int32_t c : from) {
        const double* z = centers.center(c);
        double f = 0;
        for (int64_t j = 0; j < d; ++j) {
            const double x = near[j] > z[j] ? box.low[j] : box.high[j];
            f += (near[j] - z[j]) * ((x - near[j]) + (x - z[j]));
        }
        double gap = 0;
        if (f > 0 && f < 0x1p1000) {
            const double both = farthest(box, z, d) + to_near;
            if (both > 0x1p-490) gap = f / both - (both * 0x1p-44 + 0x1p-500);
        }
        if (gap > spare) least = std::min(least, gap);
        else members.push_back(c);
    }
    room = units.down(least);
    gained = !std::includes(before_.begin(), before_.end(), members.begin(), members.end());
}

uint32_t KdList::largest_drift(const KdDrifts& drifts) const {
    uint32_t largest = 0;
    for (const int32_t c : members) largest = std::max(largest, drifts.each[c]);
    return largest;
}

uint32_t KdList::drift_of_two(const KdDrifts& drifts) const {
    if (members.size() < 2) return 0;
    uint32_t largest = 0, second = 0;
    for (const int32_t c : members) {
        second = std::max(second, std::min(largest, drifts.each[c]));
        largest = std::max(largest, drifts.each[c]);
    }
    return kd_sum(largest, second);
}

} // namespace kmosaic
