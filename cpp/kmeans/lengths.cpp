#include "lengths.hpp"

#include <algorithm>
#include <cmath>
#include <type_traits>

namespace kmosaic {

template <class T>
Lengths<T>::Lengths(const Problem<T>& problem, double most_bytes) : rows_(problem.rows), kernels_(problem.kernels) {
    const bool fits = Measure<T>::fits(problem), room = static_cast<double>(rows_.n) * (rows_.d + 4.0) <= most_bytes;
    if (problem.head && fits && room) compact_ = compact_for(problem); // without a head there is little to look at
    bytes_ = compact_ || std::is_same_v<T, uint8_t>;
    quick_ = fits && (bytes_ || rows_.d >= fewest_columns);
    if (compact_) step_ = compact_->grid().step;
    const double decided = decision_error(rows_.d);
    shorter_ = 1 - 2 * decided - 0x1p-40;
    longer_ = 1 + 2 * decided + 0x1p-40;
}

template <class T>
const uint8_t* Lengths<T>::byte_row(int64_t row) const {
    if constexpr (std::is_same_v<T, uint8_t>) return rows_.row(row);
    else return compact_->row(row);
}

template <class T>
void Lengths<T>::prepare(const std::vector<int64_t>& rows, const Centers& centers) {
    if (!bytes_) {
        centers_.resize(centers.exact.size());
        std::copy(centers.exact.begin(), centers.exact.end(), centers_.begin()); // rows, so nothing is rounded
        return;
    }
    for (size_t c = 0; c < rows.size(); ++c) {
        candidates_[c] = byte_row(rows[c]);
        if (compact_) residuals_[c] = compact_->residual(rows[c]);
    }
}

template <class T>
void Lengths<T>::look(int64_t row, const int32_t* which, int count, Squared* out) const {
    if (bytes_) {
        for (int i = 0; i < count; ++i) out[i] = from_bytes(row, which[i]);
        return;
    }
    float squared[most_candidates];
    RowKernelsOf<T>::of(kernels_).quick_distances(rows_.row(row), rows_.d, centers_.data(), which, count, squared);
    for (int i = 0; i < count; ++i) out[i] = from_float32(squared[i]);
}

template <class T>
typename Lengths<T>::Squared Lengths<T>::from_float32(float quick) const {
    const auto squared = static_cast<double>(quick);
    const double error = quick_error(rows_.d), vanished = static_cast<double>(rows_.d) * 0x1p-148;
    return {std::max(0.0, squared * (1 - error) - vanished) * shorter_, (squared * (1 + 2 * error) + vanished) * longer_};
}

template <class T>
typename Lengths<T>::Squared Lengths<T>::from_bytes(int64_t row, int candidate) const {
    const auto whole = static_cast<double>(kernels_.byte_distance(byte_row(row), candidates_[candidate], rows_.d));
    if (!compact_) return {whole, whole};
    const double length = std::sqrt(whole) * step_, off = compact_->residual(row) + residuals_[candidate];
    const double least = std::max(0.0, length - off), most = length + off;
    return {least * least * shorter_, most * most * longer_};
}

template class Lengths<float>;
template class Lengths<double>;
template class Lengths<uint8_t>;

} // namespace kmosaic
