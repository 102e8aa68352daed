// A non-owning view of the data: dense rows of float or double, with weights or without.
#pragma once

#include <cstdint>

namespace kmosaic {

using Wide = __int128; // for sums that must not overflow

template <class T>
struct Rows {
    const T* data;
    int64_t n, d;
    const double* weights; // null: every row counts once

    const T* row(int64_t i) const { return data + i * d; }
    double weight(int64_t i) const { return weights ? weights[i] : 1.0; }
};

} // namespace kmosaic
