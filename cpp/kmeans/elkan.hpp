// One lower bound for each row and center (Elkan 2003), kept so that a row is skipped by a few vector comparisons.
//
// Pays where a distance costs much more than the bound's share of memory traffic: many columns, up to a few hundred centers.
#pragma once

#include "bounds.hpp"
#include "byte_screen.hpp"

namespace kmosaic {

template <class T>
class Elkan : public Step<T> {
public:
    Elkan(const Problem<T>& problem, int k);

    static int64_t bytes_for(const Problem<T>& problem, int k);

    void assign(const Centers& centers, Clusters<T>& clusters) override;
    void forget(int64_t row) override;
    int64_t bytes() const override { return bytes_for(problem_, k_); }
    Tally tally() const override;

private:
    static constexpr float unknown = -std::numeric_limits<float>::infinity();

    struct Worker {
        std::vector<int32_t> which; // centers to look at
        std::vector<float> squared; // their quick distances
        std::vector<float> low;     // what these prove at least
        Scratch<T> scratch;
        Tally tally;
    };

    static int padded(int k) { return (k + group_width - 1) / group_width * group_width; }
    void move_bounds(const Centers& centers);
    void begin(const Centers& centers, const int32_t* labels);
    void begin_by_bytes(const ByteScreen<T>& bytes, int64_t begin, int64_t end, Scratch<T>& scratch);
    void begin_by_scores(const Prepared<T>& prepared, const int32_t* labels, int64_t begin, int64_t end, Scratch<T>& scratch);
    void look(const Centers& centers, Clusters<T>& clusters, int worker, int64_t row);
    int nearest_of(const Centers& centers, Worker& worker, int64_t row, int label, float own, int count);
    int decide(const Centers& centers, int64_t row, const int32_t* which, int count);
    float* bounds(int64_t row) { return bounds_.get() + row * width_; }

    const Problem<T> problem_;
    const RowKernels<T>& kernel_;
    const Kernels& kernels_;
    Measure<T> measure_;
    Screen<T> screen_;
    bool begun_ = false;
    int k_, width_; // width_: k_ rounded up to whole vectors
    int threads_;
    Blocks blocks_;
    std::vector<float> drift_;     // (k) how far each went since the last pass, rounded up
    std::vector<double> total_;    // (k) how far each went in all
    std::vector<float> gone_;      // (width) total_ rounded up
    std::vector<float> upper_;     // (n)
    FloatBuffer bounds_;           // (n, width)
    std::vector<Worker> workers_;
};

extern template class Elkan<float>;
extern template class Elkan<double>;
extern template class Elkan<uint8_t>;

} // namespace kmosaic
