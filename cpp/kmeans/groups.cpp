#include "groups.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace kmosaic {
namespace {

double squared_gap(const double* a, const double* b, int64_t d) {
    double sum = 0;
    for (int64_t j = 0; j < d; ++j) sum += (a[j] - b[j]) * (a[j] - b[j]);
    return sum;
}

int farthest_from(const Centers& centers, int from, const int* members, int count) {
    int best = from;
    double longest = -1;
    for (int i = 0; i < count; ++i) {
        const double squared = squared_gap(centers.center(from), centers.center(members[i]), centers.d);
        if (squared > longest) {
            longest = squared;
            best = members[i];
        }
    }
    return best;
}

} // namespace

Groups::Groups(const Centers& centers)
    : count_((centers.k + group_width - 1) / group_width), place_(centers.k), center_(count_ * group_width, -1), lanes_(count_) {
    std::vector<int> members(centers.k);
    std::iota(members.begin(), members.end(), 0);
    halve(centers, members, 0, centers.k);
    for (int i = 0; i < centers.k; ++i) {
        place_[members[i]] = i;
        center_[i] = members[i];
        lanes_[i / group_width] |= 1u << i % group_width;
    }
}

void Groups::halve(const Centers& centers, std::vector<int>& members, int begin, int end) {
    const int groups = (end - begin + group_width - 1) / group_width;
    if (groups <= 1) return;
    const int first = farthest_from(centers, members[begin], members.data() + begin, end - begin);
    const int other = farthest_from(centers, first, members.data() + begin, end - begin);
    std::vector<std::pair<double, int>> order;
    for (int i = begin; i < end; ++i) {
        const double* c = centers.center(members[i]);
        order.emplace_back(squared_gap(c, centers.center(first), centers.d) - squared_gap(c, centers.center(other), centers.d),
                           members[i]);
    }
    std::sort(order.begin(), order.end());
    for (int i = begin; i < end; ++i) members[i] = order[i - begin].second;
    const int middle = begin + (groups + 1) / 2 * group_width; // all groups but the last are full
    halve(centers, members, begin, middle);
    halve(centers, members, middle, end);
}

namespace {

std::vector<float> by_group(const Groups& groups, const float* half_norms) {
    std::vector<float> found(groups.count() * group_width, std::numeric_limits<float>::infinity());
    for (int g = 0; g < groups.count(); ++g)
        for (int lane = 0; lane < group_width; ++lane)
            if (const int c = groups.center_at(g, lane); c >= 0) found[g * group_width + lane] = half_norms[c];
    return found;
}

} // namespace

void GroupPanels::pack(const Groups& groups, const float* centers, const float* half_norms_of_centers, int64_t width, int threads,
                       const Poll& poll) {
    if (!panels) panels = float_buffer(groups.count() * width * group_width);
    half_norms = by_group(groups, half_norms_of_centers);
    threads = worth_threads(2.0 * groups.count() * group_width * width, threads);
    parallel(threads, groups.count(), [&](int, int64_t g) {
        float* panel = panels.get() + g * width * group_width;
        std::fill_n(panel, width * group_width, 0.0f);
        for (int lane = 0; lane < group_width; ++lane) {
            const int c = groups.center_at(static_cast<int>(g), lane);
            if (c < 0) continue;
            for (int64_t j = 0; j < width; ++j) panel[j * group_width + lane] = centers[c * width + j];
        }
    }, poll);
}

void Int16Panels::pack(const Groups& groups, const float* centers, const float* half_norms_of_centers, int64_t width,
                       const Kernels& kernels, int threads, const Poll& poll) {
    const int64_t pairs = (width + 1) / 2, count = groups.count();
    if (!panels) panels = buffer<int32_t>(count * pairs * group_width);
    half_norms = by_group(groups, half_norms_of_centers);
    threads = worth_threads(4.0 * count * group_width * width, threads);
    const std::vector<double> origin(width);
    std::vector<double> squared(count); // of the longest center of each group
    parallel(threads, count, [&](int, int64_t g) {
        for (int lane = 0; lane < group_width; ++lane)
            if (const int c = groups.center_at(static_cast<int>(g), lane); c >= 0)
                squared[g] = std::max(squared[g], kernels.float32.squared_distance(centers + c * width, origin.data(), width));
    }, poll);
    longest = std::sqrt(*std::max_element(squared.begin(), squared.end())) * (1 + 0x1p-40);
    unit = std::max(longest / Int16Centers::most, 0x1p-100);
    parallel(threads, count, [&](int, int64_t g) {
        std::vector<int32_t> row(pairs);
        for (int lane = 0; lane < group_width; ++lane) {
            const int c = groups.center_at(static_cast<int>(g), lane);
            if (c >= 0) kernels.round_row(centers + c * width, width, static_cast<float>(1 / unit), row.data());
            else std::fill(row.begin(), row.end(), 0);
            for (int64_t p = 0; p < pairs; ++p) panels[(g * pairs + p) * group_width + lane] = row[p];
        }
    }, poll);
}

} // namespace kmosaic
