#include "kd_tree.hpp"

#include "kd_grid.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace kmosaic {
namespace {

// A row on its way to its leaf.
template <class T, int d>
struct Traveler {
    T x[d];
    uint32_t row;
};

template <class T, int d>
KdBox box_of(const Traveler<T, d>* begin, const Traveler<T, d>* end) {
    T low[d], high[d];
    for (int j = 0; j < d; ++j) low[j] = high[j] = begin->x[j];
    for (const auto* it = begin; it != end; ++it)
        for (int j = 0; j < d; ++j) {
            low[j] = std::min(low[j], it->x[j]);
            high[j] = std::max(high[j], it->x[j]);
        }
    KdBox box{};
    for (int j = 0; j < d; ++j) {
        box.low[j] = static_cast<double>(low[j]);
        box.high[j] = static_cast<double>(high[j]);
    }
    return box;
}

// Ranges of travelers that become blocks, in groups.
struct Cuts {
    std::vector<std::array<int64_t, 2>> blocks;
    std::vector<int64_t> groups; // the first block of each
};

template <class T, int d>
class Builder {
    using One = Traveler<T, d>;
    using Tree = KdTree<T>;

public:
    explicit Builder(const Problem<T>& problem)
        : problem_(problem), rows_(problem.rows), travelers_(new One[problem.rows.n]) {}

    KdTree<T> operator()() {
        scatter();
        make_tasks(0, static_cast<int>(start_.size()) - 1);
        parts_.resize(tasks_.size());
        const int threads = worth_threads(30.0 * rows_.n, problem_.threads);
        parallel(threads, parts_.size(), [&](int, int64_t task) {
            walk(start_, tasks_[task][0], tasks_[task][1], 0, false, parts_[task]);
        }, problem_.poll);
        Tree tree = joined();
        tree.bytes_beside = rows_.n * static_cast<int64_t>(sizeof(One));
        parallel(threads, tree.groups.size(), [&](int, int64_t group) { fill(tree, tree.groups[group]); },
                 problem_.poll);
        return tree;
    }

private:
    // All rows, sorted by the cell of a first grid over the frame (rows of weight zero may lie outside).
    void scatter() {
        KdBox box{};
        for (int j = 0; j < d; ++j) {
            box.low[j] = static_cast<double>(problem_.frame.shift[j]) - problem_.frame.half[j];
            box.high[j] = static_cast<double>(problem_.frame.shift[j]) + problem_.frame.half[j];
        }
        const int bits = bits_for(rows_.n, Tree::block_rows, Grid<d>::most_bits);
        const int cells = 1 << bits;
        const auto grid = std::make_unique<Grid<d>>(box, bits);
        const int threads = worth_threads(20.0 * rows_.n, problem_.threads);
        const int64_t each = (rows_.n + threads - 1) / threads;
        std::vector<std::vector<int64_t>> next(threads, std::vector<int64_t>(cells));
        const auto cell = std::make_unique_for_overwrite<uint16_t[]>(rows_.n);
        parallel(threads, threads, [&](int, int64_t part) {
            for (int64_t i = part * each; i < std::min(rows_.n, (part + 1) * each); ++i)
                ++next[part][cell[i] = grid->cell(rows_.row(i))];
        }, problem_.poll);
        start_.resize(cells + 1);
        int64_t place = 0;
        for (int c = 0; c < cells; ++c) {
            start_[c] = place;
            for (auto& part : next) place += std::exchange(part[c], place);
        }
        start_[cells] = place;
        parallel(threads, threads, [&](int, int64_t part) {
            for (int64_t i = part * each; i < std::min(rows_.n, (part + 1) * each); ++i) {
                One& one = travelers_[next[part][cell[i]]++];
                for (int j = 0; j < d; ++j) one.x[j] = rows_.row(i)[j]; // a call of memmove takes longer
                one.row = static_cast<uint32_t>(i);
            }
        }, problem_.poll);
    }

    // Ranges of cells that are worth a hand-over to a thread; the same ones for any number of threads.
    void make_tasks(int first, int last) {
        const int64_t count = start_[last] - start_[first];
        if (!count) return;
        if (count <= std::max(rows_.n / 64, Tree::group_rows) || last - first == 1) {
            tasks_.push_back({first, last});
            return;
        }
        make_tasks(first, (first + last) / 2);
        make_tasks((first + last) / 2, last);
    }

    // The rows of the cells [first, last) of a grid become blocks; start: where each cell's rows begin, from `offset`.
    void walk(const std::vector<int64_t>& start, int first, int last, int64_t offset, bool in_group, Cuts& cuts) {
        const int64_t count = start[last] - start[first];
        if (!count) return;
        if (!in_group && (count <= Tree::group_rows)) {
            cuts.groups.push_back(static_cast<int64_t>(cuts.blocks.size()));
            in_group = true;
        }
        if (count <= Tree::block_rows) {
            cuts.blocks.push_back({offset + start[first], offset + start[last]});
        } else if (last - first == 1) {
            split(offset + start[first], offset + start[last], in_group, cuts);
        } else {
            walk(start, first, (first + last) / 2, offset, in_group, cuts);
            walk(start, (first + last) / 2, last, offset, in_group, cuts);
        }
    }

    // Too many rows for a block in one cell: a finer grid.
    void split(int64_t begin, int64_t end, bool in_group, Cuts& cuts) {
        std::vector<int64_t> start;
        const KdBox box = box_of(&travelers_[begin], &travelers_[0] + end);
        sort(box, begin, end, bits_for(end - begin, Tree::block_rows / 4, Grid<d>::most_bits), start);
        const auto rows_in = [&](size_t c) { return start[c + 1] - start[c]; };
        for (size_t c = 0; c + 1 < start.size(); ++c)
            if (rows_in(c) == end - begin) return chop(begin, end, in_group, cuts);
        walk(start, 0, static_cast<int>(start.size()) - 1, begin, in_group, cuts);
    }

    // Rows that no grid can tell apart, most likely copies of one.
    void chop(int64_t begin, int64_t end, bool in_group, Cuts& cuts) {
        for (int64_t at = begin; at < end; at += Tree::block_rows) {
            if (!in_group && (at - begin) % Tree::group_rows == 0)
                cuts.groups.push_back(static_cast<int64_t>(cuts.blocks.size()));
            cuts.blocks.push_back({at, std::min(at + Tree::block_rows, end)});
        }
    }

    void sort(const KdBox& box, int64_t begin, int64_t end, int bits, std::vector<int64_t>& start) {
        const Grid<d> grid(box, bits);
        const int64_t count = end - begin;
        std::vector<uint16_t> cell(count);
        std::vector<One> copy(&travelers_[begin], &travelers_[begin] + count);
        start.assign((1 << bits) + 1, 0);
        for (int64_t i = 0; i < count; ++i) ++start[(cell[i] = grid.cell(copy[i].x)) + 1];
        for (size_t c = 1; c < start.size(); ++c) start[c] += start[c - 1];
        std::vector<int64_t> next(start.begin(), start.end() - 1);
        for (int64_t i = 0; i < count; ++i) travelers_[begin + next[cell[i]]++] = copy[i];
    }

    Tree joined() const {
        Tree tree;
        tree.d = d;
        for (const Cuts& cuts : parts_) {
            const auto first = static_cast<int64_t>(tree.blocks.size());
            for (size_t g = 0; g < cuts.groups.size(); ++g) {
                const int64_t next = g + 1 < cuts.groups.size() ? cuts.groups[g + 1] : cuts.blocks.size();
                tree.groups.push_back({first + cuts.groups[g], next - cuts.groups[g], {}});
            }
            for (const auto& [begin, end] : cuts.blocks) {
                const int rows = static_cast<int>(end - begin);
                const int leaves = (rows + leaf_rows - 1) / leaf_rows;
                tree.blocks.push_back({tree.leaves, begin, leaves, rows, {}});
                tree.leaves += leaves;
            }
        }
        tree.rows = std::make_unique_for_overwrite<T[]>(tree.leaves * leaf_rows * d);
        tree.order = std::make_unique_for_overwrite<uint32_t[]>(tree.leaves * leaf_rows);
        return tree;
    }

    // The boxes of a group and its blocks, and the leaves of these.
    void fill(Tree& tree, KdGroup& group) {
        std::vector<int64_t> start;
        for (int64_t b = group.first_block; b < group.first_block + group.blocks; ++b) {
            KdBlock& block = tree.blocks[b];
            const int64_t end = block.first_row + block.rows;
            block.box = box_of(&travelers_[block.first_row], &travelers_[0] + end);
            if (block.leaves > 1)
                sort(block.box, block.first_row, end, bits_for(block.rows, 2, 8), start);
            fill(tree, block);
            if (b == group.first_block) group.box = block.box;
            for (int j = 0; j < d; ++j) {
                group.box.low[j] = std::min(group.box.low[j], block.box.low[j]);
                group.box.high[j] = std::max(group.box.high[j], block.box.high[j]);
            }
        }
    }

    void fill(Tree& tree, const KdBlock& block) {
        for (int64_t place = 0; place < block.leaves * leaf_rows; ++place) {
            const One& one = travelers_[block.first_row + std::min<int64_t>(place, block.rows - 1)];
            const int64_t leaf = block.first_leaf + place / leaf_rows;
            const int64_t r = place % leaf_rows;
            for (int j = 0; j < d; ++j) tree.rows[(leaf * d + j) * leaf_rows + r] = one.x[j];
            tree.order[leaf * leaf_rows + r] = one.row;
        }
    }

    const Problem<T>& problem_;
    const Rows<T>& rows_;
    std::unique_ptr<One[]> travelers_;
    std::vector<int64_t> start_;
    std::vector<std::array<int, 2>> tasks_;
    std::vector<Cuts> parts_;
};

} // namespace

template <class T>
int64_t KdTree<T>::bytes() const {
    return leaves * leaf_rows * static_cast<int64_t>(d * sizeof(T) + sizeof(uint32_t)) +
           static_cast<int64_t>(blocks.size() * sizeof(KdBlock) + groups.size() * sizeof(KdGroup));
}

// Travelers and leaves, the last leaf of a block half full (a block has 8 to 16), and the blocks themselves.
template <class T>
double kd_tree_bytes(const Rows<T>& rows) {
    constexpr int64_t aligned = alignof(Traveler<T, 1>);
    const auto row = static_cast<int64_t>(rows.d * sizeof(T) + sizeof(uint32_t));
    const int64_t traveler = (row + aligned - 1) / aligned * aligned;
    constexpr double leaves = 1.1, blocks = sizeof(KdBlock) / 100.0;
    return static_cast<double>(rows.n) * (static_cast<double>(traveler) + leaves * static_cast<double>(row) + blocks);
}

template <class T>
KdTree<T> kd_tree(const Problem<T>& problem) {
    switch (problem.rows.d) {
    case 1: return Builder<T, 1>(problem)();
    case 2: return Builder<T, 2>(problem)();
    case 3: return Builder<T, 3>(problem)();
    case 4: return Builder<T, 4>(problem)();
    case 5: return Builder<T, 5>(problem)();
    case 6: return Builder<T, 6>(problem)();
    case 7: return Builder<T, 7>(problem)();
    default: return Builder<T, 8>(problem)();
    }
}

template struct KdTree<float>;
template struct KdTree<double>;
template struct KdTree<uint8_t>;
template double kd_tree_bytes(const Rows<float>&);
template double kd_tree_bytes(const Rows<double>&);
template double kd_tree_bytes(const Rows<uint8_t>&);
template KdTree<float> kd_tree(const Problem<float>&);
template KdTree<double> kd_tree(const Problem<double>&);
template KdTree<uint8_t> kd_tree(const Problem<uint8_t>&);

} // namespace kmosaic
