#include "moments.hpp"

namespace kmosaic {

// With m the middle of the frame: mean |x - m|^2 - |mean - m|^2, in one pass.
template <class T>
Moments moments_of(const Rows<T>& rows, const Frame<T>& frame, const Kernels& kernels, int threads, const Poll& poll) {
    const std::vector<double> middle(frame.shift.begin(), frame.shift.end());
    const auto [sums, spread] = look_at_all(rows, frame, middle, kernels, threads, poll);
    Moments found{middle, spread.value(), 0, spread.least_inertia()};
    if (sums.empty(0)) return found;
    sums.mean(0, 0, rows.d, found.mean.data());
    const double about_mean = std::max(0.0, found.spread / spread.weight() - sums.squared_offset(0));
    found.variance = about_mean / static_cast<double>(rows.d);
    return found;
}

template Moments moments_of(const Rows<float>&, const Frame<float>&, const Kernels&, int, const Poll&);
template Moments moments_of(const Rows<double>&, const Frame<double>&, const Kernels&, int, const Poll&);
template Moments moments_of(const Rows<uint8_t>&, const Frame<uint8_t>&, const Kernels&, int, const Poll&);

} // namespace kmosaic
