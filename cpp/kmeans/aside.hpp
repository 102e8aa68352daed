// Outliers: the rows farthest from their centers are set aside, and the means are those of the others (k-means--, Chawla &
// Gionis 2013). Each of the two steps lowers the inertia of what is not set aside, so it never rises.
//
// Rows that are equally far follow the order of their coordinates, so the order of the rows does not matter. With weights the
// last row may be set aside in part, as some of its copies would be: a row of weight 3 counts as the row three times.
#pragma once

#include "step.hpp"

#include <utility>
#include <vector>

namespace kmosaic {

template <class T>
class Aside {
public:
    // most: the weight to set aside; of rows without weights, a whole number of them.
    Aside(const Problem<T>& problem, double most);

    bool wanted() const { return most_ > 0; }

    // Before labels are looked for: all rows are in the sums of their clusters again.
    void put_back(Clusters<T>& clusters);

    // The farthest rows leave the sums of their clusters. Returns of how many rows more or less is aside than before put_back().
    int64_t set_aside(const Centers& centers, Clusters<T>& clusters);

    // Rows that are aside as a whole, ascending.
    std::vector<int64_t> whole_rows() const;

    // Of a row that is not aside as a whole: the weight that is not in the sums. Of all but one row that is none.
    double part_aside(int64_t row) const { return !rows_.empty() && row == rows_.back() ? last_part_ : 0.0; }

    // Of what is not set aside, about the centers that set_aside() knew.
    double inertia() const { return inertia_; }

    int64_t bytes() const {
        return static_cast<int64_t>((order_.size() + distance_.size() + rows_.size()) * 8 + before_.size() * sizeof before_[0]);
    }

private:
    void measure(const Centers& centers, const std::vector<int32_t>& labels);
    void choose();
    void refine(const Centers& centers, const std::vector<int32_t>& labels);
    bool is_farther(int64_t a, int64_t b) const;
    double sum_up(const Centers& centers) const;
    double weight_left(int64_t row) const { return problem_.rows.weight(row) - part_aside(row); }
    double part_of(size_t i) const { return i + 1 == rows_.size() ? last_part_ : problem_.rows.weight(rows_[i]); }
    int64_t note_changes();

    const Problem<T>& problem_;
    const double most_;
    std::vector<int64_t> order_;   // rows that have a weight, the farthest first as far as needed
    std::vector<double> distance_; // (n) squared, to the row's own center
    std::vector<int64_t> rows_;    // that are aside, the last of them maybe in part
    double last_part_ = 0;         // of the weight of rows_.back(): what is aside
    std::vector<std::pair<int64_t, double>> before_; // what was aside the last time, of each row how much; ascending
    double inertia_ = 0;
};

extern template class Aside<float>;
extern template class Aside<double>;
extern template class Aside<uint8_t>;

} // namespace kmosaic
