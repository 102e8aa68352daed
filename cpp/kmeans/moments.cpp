#include "moments.hpp"

namespace kmosaic {

// With m the middle of the frame: mean |x - m|^2 - |mean - m|^2, in one pass.
template <class T>
Moments moments_of(const Rows<T>& rows, const Frame<T>& frame, const Kernels& kernels, int threads, const Poll& poll) {
    threads = worth_threads(4.0 * rows.n * rows.d, threads);
    const Blocks blocks = cut(rows.n, 4.0 * rows.d, threads, 1);
    std::vector<Sums<T>> part(threads, Sums<T>(1, rows, frame, kernels));
    std::vector<Spread> spread(threads, Spread(frame));
    const std::vector<double> middle(frame.shift.begin(), frame.shift.end());
    const auto& kernel = RowKernelsOf<T>::of(kernels);
    parallel(threads, blocks.count, [&](int worker, int64_t block) {
        for (int64_t i = blocks.begin(block); i < blocks.end(block); ++i) {
            const double weight = rows.weight(i);
            if (weight == 0) continue;
            part[worker].add(0, i);
            spread[worker].add(kernel.squared_distance(rows.row(i), middle.data(), rows.d), weight, rows.count(i));
        }
    }, poll);
    for (int worker = 1; worker < threads; ++worker) spread[0].merge(spread[worker]);
    Moments found{middle, spread[0].value(), 0, spread[0].least_inertia()};
    const Sums<T> sums = total(part, rows, frame, kernels, 1, poll);
    if (sums.empty(0)) return found;
    sums.mean(0, 0, rows.d, found.mean.data());
    const double about_mean = std::max(0.0, found.spread / spread[0].weight() - sums.squared_offset(0));
    found.variance = about_mean / static_cast<double>(rows.d);
    return found;
}

template Moments moments_of(const Rows<float>&, const Frame<float>&, const Kernels&, int, const Poll&);
template Moments moments_of(const Rows<double>&, const Frame<double>&, const Kernels&, int, const Poll&);
template Moments moments_of(const Rows<uint8_t>&, const Frame<uint8_t>&, const Kernels&, int, const Poll&);

} // namespace kmosaic
