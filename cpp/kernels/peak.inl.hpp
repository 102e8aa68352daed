// What the processor could do at most: the yardstick of benchmarks/kernels.py.
#pragma once

#include "simd.hpp"

namespace {

// Enough independent chains to hide the latency of one multiply-add; they, the factor and the term fit in registers.
void multiply_adds(int64_t rounds, float* sink) {
    constexpr int chains = 12;
    const VecF factor = splat(sink[0]), term = splat(sink[1]);
    VecF sum[chains];
#pragma GCC unroll 12
    for (int i = 0; i < chains; ++i) sum[i] = splat(sink[0] + static_cast<float>(i));
    for (int64_t round = 0; round < rounds; ++round)
#pragma GCC unroll 12
        for (int i = 0; i < chains; ++i) sum[i] = fma(sum[i], factor, term);
    VecF all = {};
#pragma GCC unroll 12
    for (int i = 0; i < chains; ++i) all += sum[i];
    store(sink, all);
}

} // namespace
