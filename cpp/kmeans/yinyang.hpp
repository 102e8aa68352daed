// One lower bound for each row and group of centers (Yinyang: Ding et al. 2015), the rows that need a group looked at
// together by one kernel. Where the rows' head is known, it is the head that the kernel looks at: a score of the head is
// never above the true one, so whoever it leaves out is out.
#pragma once

#include "bounds.hpp"
#include "groups.hpp"
#include "head.hpp"
#include "lloyd.hpp"

namespace kmosaic {

template <class T>
class Yinyang : public Step<T> {
public:
    Yinyang(const Problem<T>& problem, int k);

    static int64_t bytes_for(const Problem<T>& problem, int k);

    void assign(const Centers& centers, Clusters<T>& clusters) override;
    void forget(int64_t row) override;
    int64_t bytes() const override;
    Tally tally() const override;

private:
    static constexpr float unknown = -std::numeric_limits<float>::infinity();

    // The nearest center of a row so far, while its block is looked at.
    struct Candidate {
        int32_t center;
        bool exact;      // `squared` is known, as float64 decides
        double squared;  // in the data's unit
    };

    struct Worker {
        // Of each row of the block: no farther than `upper` from its center; no nearer than `low` to the others. |x|^2,
        // what scores leave open, and the score above which a center is farther than `upper`.
        std::vector<float> upper, low, norm, slack, limit;
        std::vector<float> levelled;
        std::vector<int32_t> rounded; // the rows in 16 bits, two numbers to a place
        std::vector<float> unit;      // of a product with a rounded center
        FloatBuffer tile; // of the head's rows, for the guess
        std::vector<int32_t> needy, found;
        std::vector<Candidate> candidates;
        Tally tally;
    };

    void prepare(const Centers& centers);
    void forget_group(int group);
    void pack(const float* centers, const float* half_norms);
    void guess(Worker& worker, int64_t first, int count) const;
    const float* screened_row(const Worker& worker, int64_t first, int row) const {
        return problem_.head ? problem_.head->row(first + row) : worker.levelled.data() + row * width_;
    }
    void look(const Centers& centers, Clusters<T>& clusters, int worker, int64_t first);
    bool tighten(Worker& worker, int64_t first, int count);
    void round(Worker& worker, int64_t first, int row) const;
    void look_at_group(Worker& worker, int64_t first, int group, const int32_t* rows, int count, const float* limits,
                       const int32_t* skip, uint32_t* masks, float* rest) const;
    void sift(const Centers& centers, Worker& worker, int64_t first, int group, const int32_t* rows, int count);
    float settle(const Centers& centers, Worker& worker, int64_t first, int row, int group, uint32_t mask, float low);
    static float limit_of(const Worker& worker, int row);
    void lower(int64_t first, int row, int group, float to);
    int64_t padded_rows() const { return (problem_.rows.n + block_rows_ - 1) / block_rows_ * block_rows_; }
    float* bounds(int64_t first) { return bounds_.get() + first * groups_->count(); }

    const Problem<T> problem_;
    const RowKernels<T>& kernel_;
    const Kernels& kernels_;
    Measure<T> measure_;
    const int k_;
    const int64_t width_; // columns that are screened: those of the head, or all
    const int64_t block_rows_;
    int threads_;
    Blocks blocks_;
    std::unique_ptr<Groups> groups_;
    Prepared<T> prepared_;
    HeadCenters seen_;
    FloatBuffer guess_panels_;
    const bool int16_; // rows and centers are screened in 16 bits
    GroupPanels panels_;
    Int16Panels int16_panels_;
    float int16_slope_ = 0; // what that adds to the slack of a row for each unit of its length
    typename Screen<T>::Margin margin_{};
    std::vector<float> drift_;      // (k) how far each center went since the last pass
    std::vector<double> total_;     // (groups) how far any of the group went in all
    std::vector<float> gone_;       // (groups) total_ rounded up
    std::vector<float> upper_;      // (n)
    FloatBuffer bounds_;            // for each block of rows: (groups, block_rows)
    std::vector<Worker> workers_;
    std::unique_ptr<Lloyd<T>> first_; // labels to begin with
};

extern template class Yinyang<float>;
extern template class Yinyang<double>;
extern template class Yinyang<uint8_t>;

} // namespace kmosaic
