// The candidates of one step of greedy k-means++: which of them lowers the potential most?
//
// A candidate's distance to a row matters only where it is less than the row's closest so far. The sketch excludes most
// rows, quick distances most of what is left; what they let pass adds an interval to the candidate's gain. Whole numbers
// are added, so the interval holds the exact gain. Whoever may gain most is then computed by the decision of the contract,
// in float64; mostly one alone is left, and that is the one that exact gains would choose.
#pragma once

#include "nearing.hpp"

#include <vector>

namespace kmosaic {

template <class T>
class Contest {
public:
    // most_bytes: that copies of the rows in small numbers may take; the rest is 20 bytes a row.
    Contest(const Problem<T>& problem, const ContentOrder<T>& order, int trials, double most_bytes);

    const Potential<T>& potential() const { return potential_; }

    // The first center: every row is as far from it as it is.
    void first(int64_t row) { nearing_.first(row); }

    // Take the candidate that leaves the smallest potential; the first of equals.
    int64_t keep_best(const std::vector<int64_t>& candidates);

private:
    using Gains = std::vector<Wide>; // by how much each candidate would lower the potential

    struct Worker {
        Gains least, most;
        std::vector<int64_t> rows; // of one block, that some candidate may be nearer to
    };

    double distance(int64_t row, const double* center) const { return nearing_.distance(row, center); }

    template <class Work>
    void each_asked(uint32_t by, Work work);

    void look(const std::vector<int64_t>& candidates, const Centers& centers);
    void collect(int k, int64_t begin, int64_t end, Worker& worker);
    void weigh_quickly(int64_t row, Worker& worker);
    void weigh_exactly(const Centers& centers, int64_t row, Worker& worker);
    int best_of(const std::vector<int64_t>& candidates, const Centers& centers);
    Gains exact_gains(const Centers& centers, uint32_t open);

    const Problem<T>& problem_;
    Nearing<T> nearing_;
    const int threads_;
    const Blocks& blocks_;
    Potential<T>& potential_;
    Sketch& sketch_;
    Lengths<T>& lengths_;
    std::vector<uint32_t> asked_; // (n) a bit for each candidate that may be nearer than the row's closest
    std::vector<Worker> workers_;
};

extern template class Contest<float>;
extern template class Contest<double>;
extern template class Contest<uint8_t>;

} // namespace kmosaic
