// Centers in groups of group_width, as sift() looks at them.
#pragma once

#include "screen.hpp"

#include <vector>

namespace kmosaic {

// Which centers stand together: near ones, so that one bound serves them all. Chosen once, by halving along the line
// between two far centers until a group is full.
class Groups {
public:
    explicit Groups(const Centers& centers);

    int count() const { return count_; }
    int group_of(int center) const { return place_[center] / group_width; }
    int lane_of(int center) const { return place_[center] % group_width; }
    int center_at(int group, int lane) const { return center_[group * group_width + lane]; } // -1: nobody
    uint32_t lanes(int group) const { return lanes_[group]; }                                // bit of each center

private:
    void halve(const Centers& centers, std::vector<int>& members, int begin, int end);

    int count_;
    std::vector<int> place_, center_;
    std::vector<uint32_t> lanes_;
};

// Centers as float32 rows of `width` numbers, packed by group; |c|^2 / 2 beside them, infinity where there is nobody.
struct GroupPanels {
    FloatBuffer panels;
    std::vector<float> half_norms;

    void pack(const Groups& groups, const float* centers, const float* half_norms_of_centers, int64_t width, int threads,
              const Poll& poll);
    const float* panel(int group, int64_t width) const { return panels.get() + group * width * group_width; }
};

// The same, rounded to whole numbers of 16 bits times `unit`; their error is that of int16.hpp.
struct Int16Panels {
    Buffer<int32_t> panels;
    std::vector<float> half_norms;
    double unit = 0, longest = 0; // longest: of the centers' lengths

    void pack(const Groups& groups, const float* centers, const float* half_norms_of_centers, int64_t width, const Kernels& kernels,
              int threads, const Poll& poll);
    const int32_t* panel(int group, int64_t width) const { return panels.get() + group * ((width + 1) / 2) * group_width; }
};

} // namespace kmosaic
