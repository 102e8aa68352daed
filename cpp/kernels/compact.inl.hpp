// Rows as bytes, and what that leaves out: compact.
#pragma once

#include "rows.inl.hpp"

namespace {

// Whole numbers of 0 to 255.
static inline void store_bytes(uint8_t* to, VecD whole) {
#if defined(__AVX2__) && !defined(__AVX512F__)
    const __m128i numbers = _mm256_cvtpd_epi32((__m256d)whole), shorts = _mm_packus_epi32(numbers, numbers);
    const int32_t bytes = _mm_cvtsi128_si32(_mm_packus_epi16(shorts, shorts));
    std::memcpy(to, &bytes, sizeof bytes);
#else
    const VecL bits = (VecL)(whole + splat(0x1.8p52));
    store(to, __builtin_convertvector(bits, DoubleBytes)); // the low byte of each
#endif
}

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
        store_bytes(out + j, whole);
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
