// Squared distances from rows to a few candidates, as intervals that hold what float64 would find.
#pragma once

#include "measure.hpp"

#include <optional>

namespace kmosaic {

template <class T>
class Lengths {
public:
    struct Squared {
        double least, most;
    };

    explicit Lengths(const Problem<T>& problem)
        : rows_(problem.rows), compact_(problem.head ? compact_for(problem) : nullptr), unit_(1 / static_cast<double>(problem.frame.scale)) {
        if (rows_.d >= fewest_columns && Measure<T>::fits(problem)) measure_.emplace(problem, compact_);
    }

    // False: there are no quick distances of such rows, or the decision itself is as quick.
    bool quick() const { return measure_.has_value(); }

    void prepare(const Centers& centers) {
        if (measure_) measure_->prepare(centers);
    }

    // Measure leaves 2^-21 of each length, which is more than squaring costs, and than float64 evaluation is off by.
    void look(int64_t row, const int32_t* which, int count, Squared* out) const {
        float squared[most_looks];
        measure_->quick(row, which, count, squared);
        for (int i = 0; i < count; ++i) {
            const double least = static_cast<double>(measure_->lower(row, squared[i])) * unit_;
            const double most = static_cast<double>(measure_->upper(row, squared[i])) * unit_;
            out[i] = {least * least, most * most};
        }
    }

    // The row will be looked at soon.
    void fetch(int64_t row) const {
        const char* from = compact_ ? reinterpret_cast<const char*>(compact_->row(row)) : reinterpret_cast<const char*>(rows_.row(row));
        const int64_t bytes = rows_.d * static_cast<int64_t>(compact_ ? 1 : sizeof(T));
        for (int64_t at = 0; at < std::min<int64_t>(bytes, 1024); at += 64) __builtin_prefetch(from + at);
    }

private:
    static constexpr int64_t fewest_columns = 8;
    static constexpr int most_looks = 32;

    const Rows<T>& rows_;
    std::shared_ptr<const Compact<T>> compact_;
    std::optional<Measure<T>> measure_;
    double unit_;
};

} // namespace kmosaic
