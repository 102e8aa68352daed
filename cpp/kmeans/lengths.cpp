#include "lengths.hpp"

#include <algorithm>
#include <cmath>
#include <type_traits>

namespace kmosaic {

template <class T>
Lengths<T>::Lengths(const Problem<T>& problem)
    : rows_(problem.rows), kernels_(problem.kernels), unit_(1 / static_cast<double>(problem.frame.scale)) {
    if (!Measure<T>::fits(problem)) {
        bytes_ = false;
        return;
    }
    if (problem.head) compact_ = compact_for(problem); // without a head there is little to look at
    bytes_ = compact_ || std::is_same_v<T, uint8_t>;
    step_ = compact_ ? compact_->step() : 1.0;
    if (compact_) {
        const double decided = (static_cast<double>(rows_.d) / 16 + 16) * 0x1p-53;
        shorter_ = 1 - 2 * decided - 0x1p-40;
        longer_ = 1 + 2 * decided + 0x1p-40;
    }
    if (!bytes_ && rows_.d >= fewest_columns) measure_.emplace(problem, nullptr);
}

template <class T>
const uint8_t* Lengths<T>::byte_row(int64_t row) const {
    if constexpr (std::is_same_v<T, uint8_t>) return rows_.row(row);
    else return compact_->row(row);
}

template <class T>
void Lengths<T>::prepare(const std::vector<int64_t>& rows, const Centers& centers) {
    if (measure_) measure_->prepare(centers);
    if (!bytes_) return;
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
    measure_->quick(row, which, count, squared);
    for (int i = 0; i < count; ++i) { // Measure leaves 2^-21 of each length: more than squaring and float64 are off by
        const double least = static_cast<double>(measure_->lower(row, squared[i])) * unit_;
        const double most = static_cast<double>(measure_->upper(row, squared[i])) * unit_;
        out[i] = {least * least, most * most};
    }
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
