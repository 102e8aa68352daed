// The only place that starts threads.
//
// Work is cut into blocks; each worker has a share of its own, and takes from the fullest share when that is done.
// Between calls that follow each other closely a worker waits awake for some 20 microseconds, then it sleeps.
// Nothing computed here may depend on which worker took a block: the sums of sums.hpp are integers, and everything else is written per row.
#pragma once

#include <cstdint>
#include <functional>

namespace kmosaic {

using Body = std::function<void(int worker, int64_t block)>;
using Poll = std::function<void()>; // called now and then on the calling thread; may throw to stop the work

// Run body(worker, block) for every block, on up to `threads` threads, the calling one among them. An exception of
// the body or of poll stops the rest and is thrown here. Runs on the calling thread alone when another fit of this
// process holds the threads: the results are the same, and nobody waits.
void parallel(int threads, int64_t blocks, const Body& body, const Poll& poll);

// Rows [begin, end) of each block, cut so that a block is worth a hand-over and every thread gets several.
struct Blocks {
    int64_t rows_each, count, rows;
    int64_t begin(int64_t block) const { return block * rows_each; }
    int64_t end(int64_t block) const { return begin(block) + rows_each < rows ? begin(block) + rows_each : rows; }
};

Blocks cut(int64_t rows, double operations_each, int threads, int64_t multiple);

// As many threads as the work is worth, at most `threads`: waking one costs about what 100,000 operations cost.
int worth_threads(double operations, int threads);

} // namespace kmosaic
