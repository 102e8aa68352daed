// Rows as bytes, and what that leaves out: compact.
#pragma once

#include "rows.inl.hpp"

namespace {

template <class T>
double compact(const T* x, int64_t d, const double* low, double step, uint8_t* out) {
    const VecD steps = splat(step), inverse = splat(1 / step), magic = splat(0x1.8p52), top = splat(255.0);
    VecD sums = {};
    int64_t j = 0;
    for (; j + double_lanes <= d; j += double_lanes) {
        const VecD lows = load<VecD>(low + j), value = load_wide(x + j);
        VecD whole = ((value - lows) * inverse + magic) - magic; // rounded
        whole = whole > VecD{} ? whole : VecD{};
        whole = whole < top ? whole : top;
        const VecD gap = value - (lows + whole * steps);
        sums += gap * gap;
        const VecL bits = (VecL)(whole + magic);
        store(out + j, __builtin_convertvector(bits, DoubleBytes)); // the low byte of each
    }
    double sum = 0;
    for (; j < d; ++j) {
        const auto value = static_cast<double>(x[j]);
        double whole = ((value - low[j]) / step + 0x1.8p52) - 0x1.8p52;
        whole = whole > 0 ? whole : 0;
        whole = whole < 255 ? whole : 255;
        const double gap = value - (low[j] + whole * step);
        sum += gap * gap;
        out[j] = static_cast<uint8_t>(whole);
    }
    for (int i = 0; i < double_lanes; ++i) sum += sums[i];
    return sum;
}

} // namespace
