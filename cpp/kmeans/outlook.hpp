// How many iterations are left, told from how fast they come to rest. Nothing but the choice of the algorithm depends on it.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>

namespace kmosaic {

class Outlook {
public:
    // What an iteration did.
    void learn(int64_t moved, double squared_shift) {
        std::rotate(past_.begin(), past_.end() - 1, past_.end());
        past_[0] = {static_cast<double>(moved), squared_shift};
        ++known_;
    }

    // Iterations until nothing moves, or the centers move by no more than the tolerance, should both fall on as in the last
    // few; but no more than there were so far, since they fall ever more slowly, and some in any case. The first iteration
    // moves all rows, which says nothing.
    double left(double tolerance) const {
        const int steps = std::min(known_ - 2, static_cast<int>(past_.size()) - 1);
        if (steps < 1) return 0;
        const Past &now = past_[0], &then = past_[steps];
        const double at_rest = until(now.moved, then.moved, steps, 1), close = until(now.squared_shift, then.squared_shift, steps, tolerance);
        return std::min({at_rest, close, std::max(known_, fewest) * 1.0});
    }

private:
    struct Past {
        double moved = 0, squared_shift = 0;
    };
    static constexpr int fewest = 20;

    static double until(double now, double then, int steps, double end) {
        if (now <= end) return 0;
        const double fall = std::log(then / now) / steps; // of an iteration, as a logarithm
        return fall > 0 && end > 0 ? std::log(now / end) / fall : std::numeric_limits<double>::infinity();
    }

    std::array<Past, 4> past_; // the last first
    int known_ = 0;
};

} // namespace kmosaic
