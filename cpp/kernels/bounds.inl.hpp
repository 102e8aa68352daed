// What the bounded algorithms need: one group of centers against the rows that may need it (sift), and bounds of many
// rows at once (least_bounds, failing).
#pragma once

#include "pack.inl.hpp"

#include <limits>

namespace {

using kmosaic::group_width;

constexpr float shrink = 1 - 0x1p-22f;

// ---- sift --------------------------------------------------------------------------------------------------

void sift(const float* const* rows, int count, int64_t d, const float* group, const float* half_norms,
          const float* limits, const int32_t* skip, uint32_t* masks, float* rest) {
    for (int r = 0; r < count; ++r) {
        float score[group_width];
        for (int c = 0; c < group_width; ++c) score[c] = half_norms[c];
        for (int64_t from = 0; from < d; from += kmosaic::chunk_terms) {
            const int64_t to = from + kmosaic::chunk_terms < d ? from + kmosaic::chunk_terms : d;
            float part[group_width] = {};
            for (int64_t j = from; j < to; ++j)
                for (int c = 0; c < group_width; ++c) part[c] += rows[r][j] * group[j * group_width + c];
            for (int c = 0; c < group_width; ++c) score[c] -= part[c];
        }
        masks[r] = 0;
        rest[r] = std::numeric_limits<float>::infinity();
        for (int c = 0; c < group_width; ++c) {
            if (c == skip[r]) continue;
            if (!(score[c] > limits[r])) masks[r] |= 1u << c;
            else if (score[c] < rest[r]) rest[r] = score[c];
        }
    }
}

// ---- bounds ------------------------------------------------------------------------------------------------

void least_bounds(const float* bounds, int64_t stride, int groups, const float* drifts, int count, float* low) {
    for (int r = 0; r < count; ++r) low[r] = bounds[r] * shrink - drifts[0];
    for (int g = 1; g < groups; ++g) {
        const float* of_group = bounds + g * stride;
        for (int r = 0; r < count; ++r) {
            const float bound = of_group[r] * shrink - drifts[g];
            low[r] = bound < low[r] ? bound : low[r];
        }
    }
}

int failing(const float* bounds, float drift, const float* upper, int count, int32_t* found) {
    int how_many = 0;
    for (int r = 0; r < count; ++r) {
        found[how_many] = r;
        how_many += !(upper[r] < bounds[r] * shrink - drift);
    }
    return how_many;
}

} // namespace
