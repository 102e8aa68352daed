#include "forecast.hpp"

#include "parallel.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <numeric>

namespace kmosaic {
namespace {

constexpr int64_t fewest_rows = 16, most_rows = 128; // of the sample

} // namespace

template <class T>
Forecast<T>::Forecast(const Problem<T>& problem, int k, bool single)
    : problem_(problem), k_(k), single_(single), all_(k + group_width) {
    std::iota(all_.begin(), all_.begin() + k, 0);
}

// Nanoseconds of one thread, as measured on several shapes; a product of a row with a group takes a third longer than with
// all centers at once, and a look at a group some nanoseconds beside.
template <class T>
Cost Forecast<T>::cost(const Centers& centers, const std::vector<int32_t>& labels, double plain_seconds) {
    const Failed failed = count(centers, labels);
    const auto n = static_cast<double>(problem_.rows.n), d = static_cast<double>(problem_.rows.d);
    const double plain = std::max(plain_seconds * 1e9 * worth_threads(n * d * k_, problem_.threads) / n, 1.0);
    const double bounds = single_ ? k_ : groups_->count();
    const double look = single_ ? distance_ : 1.3 * plain / bounds + 8; // at what one bound stands for
    const double own = single_ ? 60 + distance_ : 60 + 0.5 * d;         // the row, and its own center
    const double held = 0.3 * bounds, iteration = held + failed.rows * own + failed.bounds * look;
    const double first = single_ ? plain + 3 * bounds + d : held + own + bounds * look; // bounds for all; rows as bytes
    const double pages = 2 * bounds;                                                    // to have the memory
    return {(first + held + own + pages) / plain - 1, iteration / plain};
}

template <class T>
typename Forecast<T>::Failed Forecast<T>::count(const Centers& centers, const std::vector<int32_t>& labels) {
    if (!single_ && !groups_) groups_ = std::make_unique<Groups>(centers);
    Measure<T> measure(problem_, nullptr); // anew: one that is kept may only miss centers that did not move
    measure.prepare(centers);
    std::vector<double> drift(centers.drift.begin(), centers.drift.end());
    for (double& each : drift) each *= static_cast<double>(problem_.frame.scale);
    const int64_t step = std::max<int64_t>(problem_.rows.n / std::min(most_rows, std::max(fewest_rows, problem_.rows.n / 32)), 1);
    const int64_t rows = (problem_.rows.n + step - 1) / step;
    const int threads = worth_threads(8.0 * rows * problem_.rows.d * k_, problem_.threads);
    std::vector<Failed> of_row(rows);
    const auto began = std::chrono::steady_clock::now();
    parallel(threads, rows, [&](int, int64_t i) {
        std::vector<float> length(k_ + group_width); // squared at first
        const int64_t row = i * step;
        measure.quick(row, all_.data(), k_, length.data());
        const float own = measure.upper(row, length[labels[row]]);
        measure.lower(row, length.data(), k_, length.data());
        length[labels[row]] = own;
        of_row[i] = count_row(length.data(), labels[row], drift);
    }, problem_.poll);
    const std::chrono::duration<double, std::nano> took = std::chrono::steady_clock::now() - began;
    const double told = 10 + 0.1 * static_cast<double>(problem_.rows.d); // no more than twice that: what else runs may delay it
    distance_ = std::min(0.75 * took.count() * threads / static_cast<double>(rows * k_), 2 * told);
    Failed all;
    for (const Failed& one : of_row) {
        all.rows += one.rows / static_cast<double>(rows);
        all.bounds += one.bounds / static_cast<double>(rows);
    }
    return all;
}

// A bound that was drawn anew is worth the gap between its center and the row's own, and loses what its center moves, and
// for rows that are not looked at what their own moves: it fails once in gap / move iterations.
template <class T>
typename Forecast<T>::Failed Forecast<T>::count_row(const float* length, int label, const std::vector<double>& drift) const {
    const double own = static_cast<double>(length[label]);
    Failed failed;
    const auto judge = [&](double low, double move) {
        const double gap = std::max(low - own, 0.0);
        failed.bounds += move < gap ? move / gap : 1;
        failed.rows += move + drift[label] < gap ? (move + drift[label]) / gap : 1;
    };
    if (single_) {
        for (int c = 0; c < k_; ++c)
            if (c != label) judge(static_cast<double>(length[c]), drift[c]);
    } else {
        for (int g = 0; g < groups_->count(); ++g) {
            double nearest = std::numeric_limits<double>::infinity(), farthest = 0;
            for (int lane = 0; lane < group_width; ++lane) {
                const int c = groups_->center_at(g, lane);
                if (c < 0 || c == label) continue;
                nearest = std::min(nearest, static_cast<double>(length[c]));
                farthest = std::max(farthest, drift[c]);
            }
            judge(nearest, farthest);
        }
    }
    failed.rows = std::min(failed.rows, 1.0);
    return failed;
}

template class Forecast<float>;
template class Forecast<double>;
template class Forecast<uint8_t>;

} // namespace kmosaic
