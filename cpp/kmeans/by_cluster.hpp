// Rows in the order of their clusters, and the blocks that these are cut into where all pairs meet.
#pragma once

#include "../kernels/kernels.hpp"
#include "parallel.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace kmosaic {

// Rows by cluster.
struct ByCluster {
    std::vector<int64_t> rows;    // (n) the row of each place
    std::vector<int32_t> cluster; // (n) of each place
    std::vector<int64_t> starts;  // (k + 1)

    ByCluster(const int32_t* labels, int64_t n, int k) : rows(n), cluster(n), starts(k + 1, 0) {
        for (int64_t i = 0; i < n; ++i) ++starts[labels[i] + 1];
        for (int c = 0; c < k; ++c) starts[c + 1] += starts[c];
        std::vector<int64_t> next(starts.begin(), starts.end() - 1);
        for (int64_t i = 0; i < n; ++i) {
            const int64_t place = next[labels[i]]++;
            rows[place] = i;
            cluster[place] = labels[i];
        }
    }

    int64_t size(int c) const { return starts[c + 1] - starts[c]; }

    // use(cluster, first, end) for each run of places of one cluster within [begin, end).
    template <class Use>
    void runs(int64_t begin, int64_t end, Use use) const {
        while (begin < end) {
            const int32_t c = cluster[begin];
            const int64_t last = std::min(end, starts[c + 1]);
            use(c, begin, last);
            begin = last;
        }
    }
};

// Of n rows: blocks of whole tiles, of as many rows each.
inline Blocks pair_blocks(int64_t n, double width) {
    constexpr int64_t least_rows = 10 * pair_rows, most_rows = 84 * pair_rows, most_numbers = 1 << 20; // of a block
    constexpr int64_t block_unit = 32; // so that threads get the same share
    const auto fitting = static_cast<int64_t>(most_numbers / std::max(width, 1.0)) / pair_rows * pair_rows;
    const int64_t most = std::clamp(fitting, int64_t(pair_rows), most_rows);
    const int64_t count = (n + block_unit * most - 1) / (block_unit * most) * block_unit;
    const int64_t each = std::max(((n + count - 1) / count + pair_rows - 1) / pair_rows * pair_rows, std::min(least_rows, most));
    return {each, (n + each - 1) / each, n};
}

} // namespace kmosaic
