// Distances between rows and centers for bounds: quick ones in float32, with the lengths they prove.
//
// All lengths are in scaled units (frame.scale times the data's).
//
// Where the rows do not fit the cache, reading them is what a bounded algorithm spends its time on. Then each row is also
// kept as bytes, x ~ low + byte * step, with the length of what that leaves out, residual = |x - (low + byte * step)|: by the
// triangle inequality a distance of the bytes is off by the residual at most. For pixels the residual is zero.
#pragma once

#include "step.hpp"

#include <cmath>
#include <limits>
#include <memory>
#include <vector>

namespace kmosaic {

// What a byte stands for: low + byte * step.
template <class T>
struct ByteGrid {
    explicit ByteGrid(const Frame<T>& frame);

    // Writes the row as bytes; returns the length of what that leaves out, in the data's unit, rounded up.
    float write(const RowKernels<T>& kernel, const T* row, uint8_t* bytes) const;

    std::vector<double> low;
    double step, coarse; // coarse: what float64 rounds away where the data lies far from zero
};

// The rows as bytes.
template <class T>
class Compact {
public:
    Compact(const Problem<T>& problem, ByteGrid<T> grid);

    const uint8_t* row(int64_t i) const { return bytes_.data() + i * d_; }
    double residual(int64_t i) const { return static_cast<double>(residual_[i]); } // as ByteGrid::write() gives it
    double step() const { return grid_.step; }

    // Centers in the unit of the bytes; returns how far, in the data's unit, rounding moved any of them.
    double centers(const Centers& from, const Problem<T>& problem, std::vector<float>& to) const;

    int64_t bytes() const { return static_cast<int64_t>(bytes_.size() + residual_.size() * sizeof(float)); }

private:
    int64_t d_;
    const ByteGrid<T> grid_;
    std::vector<uint8_t> bytes_;
    std::vector<float> residual_;
};

// The rows as bytes where that helps: they do not fit the cache, and the bytes leave out next to nothing. Else null.
template <class T>
std::shared_ptr<const Compact<T>> compact_for(const Problem<T>& problem);

template <class T>
class Measure {
public:
    // compact: null, or the rows as bytes to look at first.
    Measure(const Problem<T>& problem, std::shared_ptr<const Compact<T>> compact)
        : problem_(problem), kernel_(RowKernelsOf<T>::of(problem.kernels)), compact_(std::move(compact)),
          scale_(static_cast<double>(problem.frame.scale)),
          unit_(compact_ ? scale_ * compact_->step() : scale_), error_(quick_error(problem.rows.d)),
          vanished_(static_cast<double>(problem.rows.d) * 0x1p-148) {}

    // Raw squares must neither overflow nor vanish in float32, or the quick distances say nothing.
    static bool fits(const Problem<T>& problem) {
        return problem.frame.screens && std::abs(std::ilogb(static_cast<double>(problem.frame.scale))) <= 50;
    }

    void prepare(const Centers& centers) {
        if (compact_) {
            off_ = compact_->centers(centers, problem_, quantized_) * scale_ * (1 + 0x1p-40);
            return;
        }
        centers_.resize(centers.exact.size());
        std::copy(centers.exact.begin(), centers.exact.end(), centers_.begin());
        // Centers of pixels have to be rounded to float32, which moves them by 2^-17 in each coordinate at most.
        if (sizeof(T) == 1) off_ = std::sqrt(static_cast<double>(centers.d)) * 0x1p-16 * scale_;
    }

    void quick(int64_t row, const int32_t* which, int count, float* squared) const {
        if (compact_)
            problem_.kernels.uint8.quick_distances(compact_->row(row), problem_.rows.d, quantized_.data(), which, count, squared);
        else kernel_.quick_distances(problem_.rows.row(row), problem_.rows.d, centers_.data(), which, count, squared);
    }

    // No true distance that the quick one stands for is longer, or shorter. 2^-20 is more than all roundings on the way,
    // and leaves 2^-21 of the length, so that what bounds tell apart float64 evaluation tells apart too.
    float upper(int64_t row, float squared) const {
        return static_cast<float>((std::sqrt(squared * (1 + 2 * error_) + vanished_) * unit_ + slop(row)) * (1 + 0x1p-20)) + tiny;
    }
    float lower(int64_t row, float squared) const {
        const double length = std::sqrt(std::max(0.0, squared * (1 - error_) - vanished_)) * unit_ - slop(row);
        return static_cast<float>(std::max(0.0, length) * (1 - 0x1p-20));
    }

    // Of a float64 decision.
    float upper(double squared) const { return static_cast<float>(std::sqrt(squared) * scale_ * (1 + 0x1p-20)) + tiny; }
    float lower(double squared) const { return static_cast<float>(std::sqrt(squared) * scale_ * (1 - 0x1p-20)); }

    int64_t bytes() const { return static_cast<int64_t>(centers_.size() * sizeof(Real<T>) + quantized_.size() * 4) + (compact_ ? compact_->bytes() : 0); }

private:
    static constexpr float tiny = 0x1p-140f;

    double slop(int64_t row) const { return compact_ ? compact_->residual(row) * scale_ + off_ : off_; }

    const Problem<T> problem_;
    const RowKernels<T>& kernel_;
    std::shared_ptr<const Compact<T>> compact_;
    double scale_, unit_, error_, vanished_, off_ = 0;
    std::vector<Real<T>> centers_;  // (k, d)
    std::vector<float> quantized_;  // (k, d), in the unit of the bytes
};

extern template class Compact<float>;
extern template class Compact<double>;
extern template class Compact<uint8_t>;

} // namespace kmosaic
