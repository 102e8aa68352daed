// The assign step for few columns: boxes of rows are filtered against the centers (Pelleg and Moore 1999, Kanungo et
// al. 2002), and what a box or a leaf was found to be is kept until the centers have drifted far enough to change it.
//
// Rows lie in leaves of 16, leaves in blocks, blocks in groups (kd_tree.hpp). A group lists the centers that can be the
// nearest of any of its rows, a block those of its group (kd_list.hpp). A leaf holds its 16 rows against the list
// of its block, in float64, and knows by how much the second nearest center is farther away than the nearest, for all
// its rows at least: until two centers of the list have drifted that far together, no row of the leaf changes.
//
// Extra memory: a copy of the rows, and 9 bytes a row; while the tree is built, two copies and 8 bytes a row.
#pragma once

#include "kd_list.hpp"

namespace kmosaic {

template <class T>
class Kd : public Step<T> {
public:
    static bool fits(const Problem<T>& problem, int k);
    static double bytes_for(const Problem<T>& problem) { return kd_tree_bytes(problem.rows); } // about, at most

    Kd(const Problem<T>& problem, int k);

    void assign(const Centers& centers, Clusters<T>& clusters) override;
    void write_labels(Clusters<T>& clusters) override;
    void forget(int64_t row) override;
    int64_t bytes() const override;
    Tally tally() const override;

private:
    // What one thread needs and counts.
    struct alignas(64) Worker {
        std::vector<double> centers; // of the list at hand, side by side
        int64_t leaves = 0;          // looked at
        int64_t all_leaves = 0;      // in all iterations
    };

    void start(const Clusters<T>& clusters);
    void read_labels(const Clusters<T>& clusters);
    void measure_drifts(const Centers& centers);
    double spare(const KdBox& box, uint32_t drift) const;
    void visit_group(int64_t group, const Centers& centers, Clusters<T>& clusters, int worker);
    void visit_block(int64_t block, const KdList& from, uint32_t drift, const Centers& centers, Clusters<T>& clusters,
                     int worker);
    void prefetch(int64_t leaf) const;
    void look(const KdBlock& block, int leaf, const KdList& list, Clusters<T>& clusters, int worker);
    void move(const KdBlock& block, int leaf, uint32_t changed, const int32_t* fresh, Clusters<T>& clusters, int worker);
    void move_singly(int64_t leaf, uint32_t rows, int from, int to, Clusters<T>& clusters, int worker);

    const Problem<T> problem_;
    const RowKernels<T>& kernel_;
    KdUnits units_;
    KdTree<T> tree_;
    std::unique_ptr<int32_t[]> labels_; // in the order of the tree
    std::vector<uint32_t> slack_;       // per leaf: until the labels may change; 0: look again
    std::vector<char> unwritten_;       // per leaf: labels that the clusters do not know yet
    std::vector<KdList> groups_, blocks_;
    std::vector<int32_t> all_;          // all centers
    KdDrifts drifts_;
    std::vector<Worker> workers_;
    double work_;                       // of the last iteration, about
    bool started_ = false, relabeled_ = false;
};

extern template class Kd<float>;
extern template class Kd<double>;
extern template class Kd<uint8_t>;

} // namespace kmosaic
