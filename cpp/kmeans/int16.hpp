// Rows and centers rounded to whole numbers of 16 bits, which a processor multiplies faster than float32.
//
// y, z: a row and a center less `middle`, scaled. With units a and b they become q(y) and q(z), of at most 32767 in
// length, and the score |z|^2 / 2 - y.z becomes a b (H - q(y).q(z)), H = |z|^2 / (2 a b) rounded: an exact 32-bit integer.
// By Cauchy-Schwarz |q(y).q(z)|, and every partial sum of it, is at most 2^30; H is at most 2^29 where a is chosen so
// that 32767 a is no shorter than any center.
//
// Error. Each coordinate of y is off by half a unit, 2^-9 units from the rounding of y to float32 and 2^-8 from the
// product with 1 / a: less than 0.52 a; likewise 0.52 b for z. Hence |y - a q(y)| <= 0.52 a sqrt(d), and
//
//     |y.z - a b q(y).q(z)|  <=  |y - a q(y)| |z| + |a q(y)| |z - b q(z)|  <=  0.52 sqrt(d) a (C + b |q(y)|)
//
// with C the longest center. Rounding H (1/2; 2^5 from |z|^2 / 2 in float32, 2^6 from that of z itself),
// the marks of nearest_int16() (15), the conversion of a score to float32 and its product with a b (2^7) come to less than
// 2^9 a b. What the float64 decision may be wrong by is added. Rows longer than Y = 32700 a are screened in float32 instead,
// as is what the margin leaves open: |q(y)|^2 is a float32 sum, which up to 2^15 columns is off by 2^-9 at most, so none that
// is 32767 units long passes.
#pragma once

#include "buffer.hpp"
#include "parallel.hpp"

#include "../kernels/kernels.hpp"

#include <cmath>
#include <limits>

namespace kmosaic {

// Less than half a unit and what float32 adds to it.
inline constexpr double int16_rounding = 0.52;

// Beyond, the float32 sum of squares of a row is too rough to tell its length.
inline constexpr int64_t int16_most_columns = 1 << 15;

// How long rows may be in units of their own: less than a rounded number may be.
inline constexpr float int16_row_units = 32700.0f;

class Int16Centers {
public:
    static constexpr double most = 32000; // of a center's length in units: rounding adds something to it

    // centers: (k, d) scaled, in float32; longest: of their lengths. row_length: what few rows are longer than, scaled;
    // 0: do without.
    void prepare(const std::vector<float>& centers, const std::vector<float>& half_norms, int64_t d, double longest,
                 double row_length, const Kernels& kernels, int threads, const Poll& poll);

    bool used() const { return used_; }
    float inverse() const { return inverse_; } // 1 / a
    float margin() const { return margin_; }   // twice the error of a score, but for the part that margin_of() adds

    // squared_norm: |q(y)|^2 in float32; infinity for a row that is too long.
    float margin_of(float squared_norm) const {
        return squared_norm <= int16_row_units * int16_row_units ? std::sqrt(squared_norm) * slope_ : std::numeric_limits<float>::infinity();
    }

    void nearest(const Kernels& kernels, const int32_t* tile, int64_t d, float* best, float* second, int32_t* index) const {
        kernels.nearest_int16(tile, d, panels_.get(), half_norms_.data(), static_cast<int>(half_norms_.size()), unit_, best,
                              second, index);
    }

private:

    bool used_ = false;
    float inverse_ = 0, margin_ = 0, slope_ = 0, unit_ = 0; // unit: a b
    std::vector<int32_t> half_norms_;                             // H
    Buffer<int32_t> panels_;
};

// Whether it is worth it: else comparing, or rounding the rows, costs more than the products.
bool worth_int16(const Kernels& kernels, int64_t d, int k, size_t bytes_of_a_number);

} // namespace kmosaic
