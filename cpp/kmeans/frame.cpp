#include "missing.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>

namespace kmosaic {
namespace {

template <class T>
struct Extremes {
    std::vector<T> low, high;

    explicit Extremes(int64_t d)
        : low(d, std::numeric_limits<T>::max()), high(d, std::numeric_limits<T>::lowest()) {}

    void merge(const Extremes& other) {
        for (size_t j = 0; j < low.size(); ++j) {
            low[j] = std::min(low[j], other.low[j]);
            high[j] = std::max(high[j], other.high[j]);
        }
    }
};

// Short rows without weights: as many at once as make up a long one, which takes a tenth of the time.
template <class T>
bool look_at_many(const RowKernels<T>& kernel, const Rows<T>& rows, int64_t& i, int64_t end, Extremes<T>& found) {
    constexpr int64_t long_enough = 64;
    const int64_t many = rows.d > 0 ? long_enough / rows.d : 0;
    if (many < 2 || rows.weights || end - i < many) return true;
    Extremes<T> wide(many * rows.d);
    bool good = true;
    for (; i + many <= end; i += many)
        good &= kernel.range(rows.row(i), many * rows.d, wide.low.data(), wide.high.data());
    for (int64_t j = 0; j < many * rows.d; ++j) {
        found.low[j % rows.d] = std::min(found.low[j % rows.d], wide.low[j]);
        found.high[j % rows.d] = std::max(found.high[j % rows.d], wide.high[j]);
    }
    return good;
}

// ilogb(half) = e says half < 2^(e+1): the grid 2^(50-e) keeps half * grid under 2^51.
int grid_for(double half) { return std::min(50 - exponent_of(half), 1000); }

double on_grid(double x, int exponent) {
    const double steps = x * power_of_two(exponent), size = std::abs(steps);
    if (!(size < 0x1p52)) return x; // it has no digits behind the point
    return std::copysign((size + 0x1p52) - 0x1p52, steps) * power_of_two(-exponent);
}

} // namespace

template <class T, class Value>
Frame<T> frame_of(const std::vector<Value>& lows, const std::vector<Value>& highs, double largest_weight, bool finite) {
    const size_t d = lows.size();
    Frame<T> frame{std::vector<Real<T>>(d), std::vector<Real<T>>(d), std::vector<double>(d), std::vector<double>(d, 1.0),
                   Real<T>(1), 0.0, largest_weight, true, finite};
    if (!finite || largest_weight <= 0) return frame;
    double widest = 0;
    for (size_t j = 0; j < d; ++j) {
        const auto low = static_cast<Real<T>>(lows[j]), high = static_cast<Real<T>>(highs[j]);
        const auto half_around = [&](double middle) {
            return std::max(static_cast<double>(high) - middle, middle - static_cast<double>(low));
        };
        double middle = static_cast<double>(low / 2 + high / 2), half = half_around(middle);
        if (half > 0) {
            // On the grid itself, so that a zero is as well: the mean of zeros is zero.
            middle = on_grid(middle, grid_for(half));
            half = half_around(middle);
            frame.grid[j] = power_of_two(grid_for(half));
        }
        frame.shift[j] = static_cast<Real<T>>(middle);
        frame.half[j] = half;
        frame.distance_bound += 4 * half * half;
        widest = std::max(widest, half);
    }
    if (widest > 0) {
        const int exponent = std::ilogb(widest) + 1;
        const int limit = sizeof(Real<T>) == 4 ? 126 : 900;
        frame.scale = static_cast<Real<T>>(std::ldexp(1.0, std::clamp(-exponent, -limit, limit)));
        frame.screens = std::abs(exponent) < 400;
    }
    frame.middle = frame.shift;
    return frame;
}

template <class T>
template <class Note>
void Frame<T>::each_reach(const std::vector<double>& centers, Note note) const {
    for (size_t first = 0; first < centers.size(); first += shift.size()) {
        double squared = 0;
        for (size_t j = 0; j < shift.size(); ++j) {
            const double gap = std::abs(centers[first + j] - static_cast<double>(shift[j])) + half[j];
            squared += gap * gap;
        }
        note(squared);
    }
}

template <class T>
double Frame<T>::reach(const std::vector<double>& centers) const {
    double farthest = distance_bound;
    each_reach(centers, [&](double squared) { farthest = std::max(farthest, squared); });
    return farthest;
}

template <class T>
double Frame<T>::nearest_reach(const std::vector<double>& centers) const {
    double nearest = std::numeric_limits<double>::max();
    each_reach(centers, [&](double squared) { nearest = std::min(nearest, squared); });
    return nearest;
}

template <class T>
Frame<T> measure(const Rows<T>& rows, const Kernels& kernels, int threads, const Poll& poll) {
    const auto& kernel = RowKernelsOf<T>::of(kernels);
    threads = worth_threads(static_cast<double>(rows.n) * rows.d, threads);
    const Blocks blocks = cut(rows.n, 4.0 * rows.d, threads, 1);
    std::vector<Extremes<T>> part(threads, Extremes<T>(rows.d));
    std::vector<double> weight(threads, 0.0);
    std::atomic<bool> finite{true};
    parallel(threads, blocks.count, [&](int worker, int64_t block) {
        std::vector<T> low(rows.d), high(rows.d);
        bool good = true;
        int64_t i = blocks.begin(block);
        good &= look_at_many(kernel, rows, i, blocks.end(block), part[worker]);
        if (!rows.weights && i > blocks.begin(block)) weight[worker] = 1.0;
        for (; i < blocks.end(block); ++i) {
            const double w = rows.weight(i);
            weight[worker] = std::max(weight[worker], w);
            const bool counts = w > 0;
            good &= kernel.range(rows.row(i), rows.d, counts ? part[worker].low.data() : low.data(),
                                 counts ? part[worker].high.data() : high.data());
        }
        if (!good) finite = false;
    }, poll);
    for (int worker = 1; worker < threads; ++worker) part[0].merge(part[worker]);
    return frame_of<T>(part[0].low, part[0].high, *std::max_element(weight.begin(), weight.end()), finite.load());
}

template struct Frame<float>;
template struct Frame<double>;
template struct Frame<uint8_t>;
template struct Frame<Sparse<float>>;
template struct Frame<Sparse<double>>;
template struct Frame<Missing<float>>;
template struct Frame<Missing<double>>;
template Frame<Missing<float>> frame_of(const std::vector<float>&, const std::vector<float>&, double, bool);
template Frame<Missing<double>> frame_of(const std::vector<double>&, const std::vector<double>&, double, bool);
template Frame<Sparse<float>> frame_of(const std::vector<float>&, const std::vector<float>&, double, bool);
template Frame<Sparse<double>> frame_of(const std::vector<double>&, const std::vector<double>&, double, bool);
template Frame<float> measure(const Rows<float>&, const Kernels&, int, const Poll&);
template Frame<double> measure(const Rows<double>&, const Kernels&, int, const Poll&);
template Frame<uint8_t> measure(const Rows<uint8_t>&, const Kernels&, int, const Poll&);

} // namespace kmosaic
