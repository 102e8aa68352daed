#include "head.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace kmosaic {
namespace {

constexpr double most_error = 1e-3; // the proof takes eta and e to be smaller


} // namespace

template <class T>
Head<T>::Head(const Rows<T>& rows, const Frame<T>& frame, const Kernels& kernels, const double* basis, int m, int threads,
              const Poll& poll)
    : kernels_(kernels), m_(m), d_(rows.d), middle_(frame.middle.begin(), frame.middle.end()),
      scale_(static_cast<double>(frame.scale)), screens_(frame.screens), panels_(float_buffer(m * rows.d)),
      no_norms_(m), rows_(float_buffer(rows.n * (m + 1))), squared_norms_(rows.n) {
    measure_basis(basis);
    const auto& kernel = RowKernelsOf<T>::of(kernels);
    const int wide = kernels.tile_rows;
    threads = worth_threads(2.0 * rows.n * d_ * m, threads);
    const Blocks blocks = cut(rows.n, 2.0 * d_ * m, threads, wide);
    std::vector<FloatBuffer> tiles, products;
    for (int worker = 0; worker < threads; ++worker) {
        tiles.push_back(float_buffer(d_ * wide));
        products.push_back(float_buffer(static_cast<int64_t>(m) * wide));
    }
    parallel(threads, blocks.count, [&](int worker, int64_t block) {
        const T* pointers[max_tile_rows];
        alignas(64) float unused[max_tile_rows];
        double norms[max_tile_rows];
        for (int64_t first = blocks.begin(block); first < blocks.end(block); first += wide) {
            const int count = static_cast<int>(std::min<int64_t>(wide, blocks.end(block) - first));
            for (int r = 0; r < count; ++r) {
                pointers[r] = rows.row(first + r);
                norms[r] = kernel.squared_distance(pointers[r], middle_.data(), d_) * scale_ * scale_;
                squared_norms_[first + r] = static_cast<float>(norms[r]);
            }
            kernel.pack(pointers, count, d_, frame.middle.data(), frame.scale, tiles[worker].get(), unused);
            write(tiles[worker].get(), count, norms, products[worker].get(), rows_.get() + first * width());
        }
    }, poll);
}

template <class T>
void Head<T>::measure_basis(const double* basis) {
    const std::vector<float> small(basis, basis + m_ * d_);
    double squared = 0;
    for (int a = 0; a < m_; ++a)
        for (int b = 0; b <= a; ++b) {
            double dot = 0;
            for (int64_t j = 0; j < d_; ++j)
                dot += static_cast<double>(small[a * d_ + j]) * static_cast<double>(small[b * d_ + j]);
            const double off = a == b ? dot - 1 : dot;
            squared += (a == b ? 1 : 2) * off * off;
        }
    eta_ = std::sqrt(squared) + static_cast<double>(m_) * static_cast<double>(d_ + 4) * 0x1p-52;
    error_ = std::sqrt(m_) * screen_error(d_) * (1 + eta_) * (1 + 0x1p-20);
    vanished_ = std::sqrt(m_) * static_cast<double>(d_ + 8) * 0x1p-140;
    if (!(eta_ < most_error && error_ < most_error))
        throw std::invalid_argument("the rows of the basis are not orthonormal, or too long for float32 sums");
    kernels_.pack_centers(small.data(), m_, d_, panels_.get());
}

// Step 3 of the proof; the last two terms are the float64 errors of the two sums.
template <class T>
float Head<T>::rest(double squared_norm, double inside) const {
    const double along = std::sqrt(inside);
    const double longer = eta_ * inside + 2 * (error_ * std::sqrt(squared_norm) + vanished_) * along;
    const double off = static_cast<double>(d_ + m_ + 16) * 0x1p-52 * (squared_norm + inside) + 0x1p-200;
    const double squared = squared_norm - inside + longer * (1 + 0x1p-20) + off;
    return static_cast<float>(std::sqrt(std::max(squared, 0.0)) * (1 + 0x1p-22) + 0x1p-120);
}

template <class T>
void Head<T>::write(const float* tile, int count, const double* norms, float* products, float* out) const {
    if (!screens_) { // the bound will be minus infinity, whatever stands here
        std::fill_n(out, count * width(), 0.0f);
        return;
    }
    const int wide = kernels_.tile_rows;
    kernels_.scores(tile, d_, panels_.get(), no_norms_.data(), m_, products);
    for (int r = 0; r < count; ++r) {
        float* to = out + r * width();
        double inside = 0;
        for (int i = 0; i < m_; ++i) {
            to[i] = -products[i * wide + r];
            inside += static_cast<double>(to[i]) * static_cast<double>(to[i]);
        }
        to[m_] = rest(norms[r], inside);
    }
}

template <class T>
void Head<T>::project(const Centers& centers, HeadCenters& out) const {
    const int wide = kernels_.tile_rows;
    out.rows.resize(centers.k * width());
    out.half_norms.resize(centers.k);
    std::vector<float> small(wide * d_);
    const std::vector<float> origin(d_);
    const FloatBuffer tile = float_buffer(d_ * wide), products = float_buffer(static_cast<int64_t>(m_) * wide);
    alignas(64) float unused[max_tile_rows];
    const float* pointers[max_tile_rows];
    double norms[max_tile_rows], largest = 0;
    for (int first = 0; first < centers.k; first += wide) {
        const int count = std::min(wide, centers.k - first);
        for (int r = 0; r < count; ++r) {
            double squared = 0;
            for (int64_t j = 0; j < d_; ++j) {
                const double z = (centers.center(first + r)[j] - middle_[j]) * scale_;
                squared += z * z;
                small[r * d_ + j] = static_cast<float>(z);
            }
            norms[r] = squared;
            largest = std::max(largest, squared);
            out.half_norms[first + r] = static_cast<float>(squared / 2);
            pointers[r] = small.data() + r * d_;
        }
        kernels_.float32.pack(pointers, count, d_, origin.data(), 1.0f, tile.get(), unused);
        write(tile.get(), count, norms, products.get(), out.rows.data() + first * width());
    }
    bound_error(largest, out);
}

// Steps 1, 2, 4 and 5 of the proof.
template <class T>
void Head<T>::bound_error(double largest, HeadCenters& out) const {
    const double product = eta_ * (1 + eta_) * (1 + eta_) / (1 - eta_) + 2 * error_ * (1 + eta_) + error_ * error_;
    const double scored = screen_error(width());
    const double common = product + 1.03 * scored + 8 * 0x1p-24 + 4 * decision_error(d_) + 4 * vanished_;
    const bool usable = screens_ && largest < 0x1p100; // beyond it float32 products may overflow
    out.slope = common * (1 + 0x1p-20);
    out.base = usable ? (largest * (common + scored) + 8 * vanished_ + 0x1p-110) * (1 + 0x1p-20)
                      : std::numeric_limits<double>::infinity();
}

// |h(y)|^2 + r(y)^2 is |y|^2 and what r(y) was rounded up by; the norm at hand is a float32.
template <class T>
double Head<T>::overlength(int64_t i) const {
    double squared = 0;
    for (int64_t j = 0; j < width(); ++j) squared += static_cast<double>(row(i)[j]) * static_cast<double>(row(i)[j]);
    return squared * (1 + 0x1p-40) - static_cast<double>(squared_norm(i)) * (1 - 0x1p-23);
}

template <class T>
int64_t Head<T>::bytes() const {
    return static_cast<int64_t>(squared_norms_.size()) * (width() + 1) * 4 + (m_ * 4 + 8) * d_;
}

template class Head<float>;
template class Head<double>;
template class Head<uint8_t>;

} // namespace kmosaic
