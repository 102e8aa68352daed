#include "int16.hpp"

#include <algorithm>
#include <cmath>

namespace kmosaic {
namespace {

constexpr double most_of_rows = 32767; // as of a rounded number

} // namespace

// With few centers few() is as quick, but for float64 rows.
bool worth_int16(const Kernels& kernels, int64_t d, int k, size_t bytes_of_a_number) {
    const int fewest = bytes_of_a_number == 8 && d >= 64 ? 8 : group_width + 1;
    return kernels.int16_pays && d >= 16 && d <= int16_most_columns && k >= fewest;
}

void Int16Centers::prepare(const std::vector<float>& centers, const std::vector<float>& half_norms, int64_t d, double longest,
                           double row_length, const Kernels& kernels, int threads, const Poll& poll) {
    const double reach = std::max(row_length, longest * (1 + 0x1p-20));
    used_ = row_length > 0 && longest > 0x1p-50 && reach < 0x1p50;
    if (!used_) return;
    const double a = reach / most_of_rows, b = longest / most;
    const auto k = static_cast<int>(half_norms.size());
    const auto columns = static_cast<double>(d);
    inverse_ = static_cast<float>(1 / a);
    unit_ = static_cast<float>(a * b);
    const double rounded = int16_rounding * std::sqrt(columns) * a * (1 + 0x1p-10); // 2^-10: norms and roots in float32
    const double decided = decision_error(d) * 2 * (reach * reach + longest * longest); // as in margin_of()
    margin_ = static_cast<float>(2 * (rounded * longest + 0x1p9 * a * b + decided));
    slope_ = static_cast<float>(2 * rounded * b);
    half_norms_.resize(k);
    for (int c = 0; c < k; ++c)
        half_norms_[c] = static_cast<int32_t>(std::lrint(static_cast<double>(half_norms[c]) / (a * b)));
    const int64_t pairs = (d + 1) / 2;
    if (!panels_) panels_ = buffer<int32_t>(k * pairs);
    const Blocks blocks = cut(k, 8.0 * columns, worth_threads(8.0 * k * columns, threads), kernels.int16_panel);
    parallel(threads, blocks.count, [&](int, int64_t block) {
        const auto first = static_cast<int>(blocks.begin(block)), end = static_cast<int>(blocks.end(block));
        kernels.pack_centers_int16(centers.data() + first * d, end - first, d, static_cast<float>(1 / b),
                                   panels_.get() + first * pairs);
    }, poll);
}

} // namespace kmosaic
