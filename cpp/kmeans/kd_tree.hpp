// The rows in an order in which neighbors lie together, cut into leaves, blocks of leaves and groups of blocks.
#pragma once

#include "step.hpp"

#include <memory>

namespace kmosaic {

// An axis-parallel box.
struct KdBox {
    double low[max_leaf_columns], high[max_leaf_columns];
};

// Consecutive leaves. All are full but the last, which repeats its last row.
struct KdBlock {
    int64_t first_leaf, first_row; // first_row: its first place in the order of the rows
    int leaves, rows;
    KdBox box;

    int rows_in(int leaf) const { return leaf + 1 < leaves ? leaf_rows : rows - leaf * leaf_rows; }
};

// Consecutive blocks.
struct KdGroup {
    int64_t first_block, blocks;
    KdBox box;
};

template <class T>
struct KdTree {
    static constexpr int64_t block_rows = 256, group_rows = 4096; // at most

    int64_t d = 0, leaves = 0;
    std::unique_ptr<T[]> rows;        // column j of row r of a leaf at [(leaf * d + j) * leaf_rows + r]
    std::unique_ptr<uint32_t[]> order; // [leaf * leaf_rows + r]: which row of the data that is
    std::vector<KdBlock> blocks;
    std::vector<KdGroup> groups;
    int64_t bytes_beside = 0;         // that were held as well while it was built

    const T* leaf(int64_t number) const { return rows.get() + number * d * leaf_rows; }
    int64_t bytes() const;
};

// About the most bytes that are held while the tree is built: rows in groups of which many are alone take more.
template <class T>
double kd_tree_bytes(const Rows<T>& rows);

// d <= max_leaf_columns, n < 2^32. The tree depends on the rows and their order only.
template <class T>
KdTree<T> kd_tree(const Problem<T>& problem);

extern template struct KdTree<float>;
extern template struct KdTree<double>;
extern template struct KdTree<uint8_t>;
extern template double kd_tree_bytes(const Rows<float>&);
extern template double kd_tree_bytes(const Rows<double>&);
extern template double kd_tree_bytes(const Rows<uint8_t>&);
extern template KdTree<float> kd_tree(const Problem<float>&);
extern template KdTree<double> kd_tree(const Problem<double>&);
extern template KdTree<uint8_t> kd_tree(const Problem<uint8_t>&);

} // namespace kmosaic
