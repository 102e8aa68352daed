// Distances between rows and centers for bounds: quick ones in float32, with the lengths they prove.
//
// All lengths are in scaled units (frame.scale times the data's).
//
// Where the rows do not fit the cache, reading them is what a bounded algorithm spends its time on. Then each row is also
// kept as bytes, x ~ low + byte * step, with the length of what that leaves out, residual = |x - (low + byte * step)|: by the
// triangle inequality a distance of the bytes is off by the residual at most. For pixels, which are bytes, there is none.
// Beside bytes, centers are whole numbers with center_bits behind the point: their squared distances are integers.
#pragma once

#include "step.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <optional>
#include <type_traits>
#include <vector>

namespace kmosaic {

// The float that is not below a double.
inline float float_above(double value) {
    const auto near = static_cast<float>(value);
    return static_cast<double>(near) < value ? std::nextafter(near, std::numeric_limits<float>::infinity()) : near;
}

// What a byte stands for: low + byte * step.
template <class T>
struct ByteGrid {
    explicit ByteGrid(const Frame<T>& frame);
    static ByteGrid of_pixels(const Frame<T>& frame); // a byte stands for itself

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

    const uint8_t* row(int64_t i) const { return bytes_.get() + i * d_; }
    double residual(int64_t i) const { return static_cast<double>(residual_[i]); } // as ByteGrid::write() gives it
    const ByteGrid<T>& grid() const { return grid_; }

private:
    int64_t d_;
    const ByteGrid<T> grid_;
    Buffer<uint8_t> bytes_; // the system hands the memory out where it is first written: by all threads
    std::vector<float> residual_;
};

// Whether bytes help: the rows do not fit the cache, and (on a sample) the bytes leave out next to nothing. Not where they would
// take more than half of the room.
template <class T>
bool worth_bytes(const Problem<T>& problem);

// The rows as bytes where that helps. Else null.
template <class T>
std::shared_ptr<const Compact<T>> compact_for(const Problem<T>& problem) {
    if (problem.compact && *problem.compact) return *problem.compact;
    auto made = worth_bytes(problem) ? std::make_shared<const Compact<T>>(problem, ByteGrid<T>(problem.frame)) : nullptr;
    if (problem.compact) *problem.compact = made;
    return made;
}

// The centers beside rows of bytes.
template <class T>
class ByteCenters {
public:
    explicit ByteCenters(ByteGrid<T> grid) : grid_(std::move(grid)) {}

    // Follow the centers, of which only those that moved since the last call are looked at. Returns how far, in the data's
    // unit, rounding moved any of them.
    double follow(const Centers& from, const Problem<T>& problem);

    const int16_t* data() const { return whole_.data(); } // (k, d)
    double unit() const { return grid_.step / (1 << center_bits); }

private:
    double round(const double* center, int16_t* to) const;

    const ByteGrid<T> grid_;
    std::vector<int16_t> whole_;
    std::vector<double> off_; // (k) how far rounding moved each
};

template <class T>
class Measure {
public:
    // compact: null, or the rows as bytes to look at first.
    Measure(const Problem<T>& problem, std::shared_ptr<const Compact<T>> compact)
        : problem_(problem), kernel_(RowKernelsOf<T>::of(problem.kernels)), compact_(std::move(compact)),
          scale_(static_cast<double>(problem.frame.scale)), unit_(scale_), error_(quick_error(problem.rows.d)),
          vanished_(static_cast<double>(problem.rows.d) * 0x1p-148) {
        if (compact_) byte_centers_.emplace(compact_->grid());
        else if (pixels) byte_centers_.emplace(ByteGrid<T>::of_pixels(problem.frame));
        if (byte_centers_) unit_ *= byte_centers_->unit();
        share_ = static_cast<float>((1 - error_) * (1 - 0x1p-22));
        low_unit_ = static_cast<float>(unit_ * (1 - 0x1p-20) * (1 - 0x1p-21));
    }

    // Raw squares of rows that weigh anything must neither overflow nor vanish in float32, or the quick distances say
    // nothing; and their error must be a small part of them.
    static bool fits(const Problem<T>& problem) {
        return problem.frame.screens && problem.rows.d <= most_columns && std::abs(std::ilogb(static_cast<double>(problem.frame.scale))) <= 50;
    }

    void prepare(const Centers& centers) {
        if (byte_centers_) {
            off_ = byte_centers_->follow(centers, problem_) * scale_ * (1 + 0x1p-40);
            return;
        }
        centers_.resize(centers.exact.size());
        std::copy(centers.exact.begin(), centers.exact.end(), centers_.begin());
    }

    void quick(int64_t row, const int32_t* which, int count, float* squared) const {
        const int64_t d = problem_.rows.d;
        if (byte_centers_) problem_.kernels.center_distances(byte_row(row), d, byte_centers_->data(), which, count, squared);
        else kernel_.quick_distances(problem_.rows.row(row), d, centers_.data(), which, count, squared);
    }

    // No true distance that the quick one stands for is longer, or shorter. 2^-20 is more than all roundings on the way,
    // and leaves 2^-21 of the length, so that what bounds tell apart float64 evaluation tells apart too. A bound that is
    // infinite would stay so when the center comes near: no lower one is above `far`.
    float upper(int64_t row, float squared) const {
        return static_cast<float>((std::sqrt(squared * (1 + 2 * error_) + vanished_) * unit_ + slop(row)) * (1 + 0x1p-20)) + tiny;
    }
    float lower(int64_t row, float squared) const {
        const double length = std::sqrt(std::max(0.0, squared * (1 - error_) - vanished_)) * unit_ - slop(row);
        return static_cast<float>(std::min(std::max(0.0, length), farthest()) * (1 - 0x1p-20)); // 0 for NaN
    }

    // lower() of `count` of them at once; both have room up to the next multiple of group_width. Proof: the float32 operations
    // round by less in all than the 2^-21 and the 2^-22 that unit_ and 1 - error_ are made smaller by.
    void lower(int64_t row, float* squared, int count, float* low) const {
        const int all = (count + group_width - 1) / group_width * group_width;
        std::fill(squared + count, squared + all, 0.0f);
        problem_.kernels.lower_lanes(squared, all, share_, float_above(vanished_), low_unit_, float_above(slop(row)), low);
        const auto most = static_cast<float>(farthest() * (1 - 0x1p-20));
        for (int i = 0; i < count; ++i) low[i] = std::min(low[i], most);
    }

    // Of a float64 decision.
    float upper(double squared) const { return static_cast<float>(std::sqrt(squared) * scale_ * (1 + 0x1p-20)) + tiny; }
    float lower(double squared) const { return static_cast<float>(std::min(std::sqrt(squared) * scale_, far) * (1 - 0x1p-20)); }

    // What one with the rows as bytes, where these help, will hold.
    static int64_t bytes_for(const Problem<T>& problem, int k) {
        const bool bytes = worth_bytes(problem);
        const int64_t of_a_number = bytes || pixels ? 2 : sizeof(Real<T>);
        return of_a_number * k * problem.rows.d + (bytes ? problem.rows.n * (problem.rows.d + 4) : 0);
    }

private:
    static constexpr float tiny = 0x1p-140f;
    static constexpr double far = static_cast<double>(longest_bound);
    static constexpr int64_t most_columns = int64_t(1) << 24;
    static constexpr bool pixels = std::is_same_v<T, uint8_t>;

    // A square of numbers that is infinite in float32, as of a row of weight 0 or a center far outside of all others, tells
    // only that they are 2^63 of the data's units apart or more. Those of bytes are finite.
    double farthest() const { return byte_centers_ ? far : std::min(far, 0x1p63 * unit_); }

    const uint8_t* byte_row(int64_t row) const {
        if constexpr (pixels) return problem_.rows.row(row);
        else return compact_->row(row);
    }

    double slop(int64_t row) const { return compact_ ? compact_->residual(row) * scale_ + off_ : off_; }

    const Problem<T> problem_;
    const RowKernels<T>& kernel_;
    std::shared_ptr<const Compact<T>> compact_;
    double scale_, unit_, error_, vanished_, off_ = 0;
    float share_, low_unit_; // of squares, and of lengths, for lower() of many
    std::vector<Real<T>> centers_; // (k, d)
    std::optional<ByteCenters<T>> byte_centers_;
};

extern template class ByteCenters<float>;
extern template class ByteCenters<double>;
extern template class ByteCenters<uint8_t>;
extern template class Compact<float>;
extern template class Compact<double>;
extern template class Compact<uint8_t>;

} // namespace kmosaic
