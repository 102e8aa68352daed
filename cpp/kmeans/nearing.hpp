// How far every row is from the nearest of the centers so far, while centers come several at a time.
//
// A row is nearer to few of those that come. The sketch excludes the others (sketch.hpp), quick distances most of what is
// left (lengths.hpp), and what both let pass is decided in float64: so a distance is the one of the contract, exactly.
#pragma once

#include "lengths.hpp"
#include "potential.hpp"
#include "sampling.hpp"
#include "sketch.hpp"

#include <vector>

namespace kmosaic {

template <class T>
class Nearing {
public:
    // most_bytes: that copies of the rows in small numbers may take; the rest is 16 bytes a row. trials: how many centers
    // are looked at in one go, mostly.
    Nearing(const Problem<T>& problem, const ContentOrder<T>& order, int trials, double most_bytes);

    Potential<T>& potential() { return potential_; }
    const Potential<T>& potential() const { return potential_; }
    Sketch& sketch() { return sketch_; }
    Lengths<T>& lengths() { return lengths_; }
    int threads() const { return threads_; }
    const Blocks& blocks() const { return blocks_; }

    // From now on the number of its nearest center is known of each row, 4 bytes each. Before first().
    void keep_nearest() { nearest_.resize(rows_.n); }
    int32_t nearest(int64_t row) const { return nearest_[row]; }

    // The first center: every row is as far from it as it is.
    void first(int64_t row);

    // More centers. Of equally near ones the first counts.
    void add(const std::vector<int64_t>& centers);

    // The distance to the nearest of all centers of a row that knows those before centers[from].
    double nearest_of(int64_t row, const std::vector<int64_t>& centers, size_t from);

    double distance(int64_t row, const double* center) const {
        return kernel_.squared_distance(rows_.row(row), center, rows_.d);
    }

    // The row is as near to a center that has come; potential().settle() afterwards.
    void set(int worker, int64_t row, double squared) {
        potential_.set(worker, row, squared);
        sketch_.limit(row, squared);
    }

    // Rows written out as centers.
    Centers written(const std::vector<int64_t>& which) const;

private:
    struct Asked {
        int64_t row;
        uint32_t centers; // a bit for each that may be nearer
    };

    void add_some(const std::vector<int64_t>& centers);
    void collect(int k, int64_t begin, int64_t end, std::vector<Asked>& asked) const;
    void decide(const Asked& asked, const Centers& centers, int worker);

    const Problem<T>& problem_;
    const Rows<T>& rows_;
    const RowKernels<T>& kernel_;
    int threads_;
    Blocks blocks_;
    Potential<T> potential_;
    Sketch sketch_;
    Lengths<T> lengths_;
    int32_t count_ = 0; // of centers
    std::vector<int32_t> nearest_;
    std::vector<double> written_; // (d) one row
};

extern template class Nearing<float>;
extern template class Nearing<double>;
extern template class Nearing<uint8_t>;

} // namespace kmosaic
