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
    const int32_t* copies = nullptr; // how often each row stands in the data (copies.hpp); null: once; else no weights

    double width() const { return static_cast<double>(d); } // numbers that a row is made of, on average
    const T* row(int64_t i) const { return data + i * d; }
    double weight(int64_t i) const { return weights ? weights[i] : 1.0; }
    int32_t count(int64_t i) const { return copies ? copies[i] : 1; }
};

// Which of two rows comes first by its coordinates: -1, 0 (copies) or 1.
template <class T>
int compare(const Rows<T>& rows, int64_t a, int64_t b) {
    const T *x = rows.row(a), *y = rows.row(b);
    for (int64_t j = 0; j < rows.d; ++j)
        if (x[j] != y[j]) return x[j] < y[j] ? -1 : 1;
    return 0;
}

} // namespace kmosaic
