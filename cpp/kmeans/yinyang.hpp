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

    void assign(const Centers& centers, Clusters<T>& clusters) override;
    void forget(int64_t row) override;
    int64_t bytes() const override;
    Tally tally() const override;

private:
    static constexpr float unknown = -std::numeric_limits<float>::infinity();

    // What is known of one row while its block is looked at.
    struct Candidate {
        int32_t center;   // the nearest so far
        bool exact;       // `squared` is known, as float64 decides
        double squared;   // in the data's unit
        float upper;      // no farther than this, in scaled units
        float norm, slack; // |x|^2, and what a score's distance may be off by
    };

    struct Worker {
        std::vector<float> upper, low, levelled;
        FloatBuffer tile; // of the head's rows, for the guess
        std::vector<int32_t> needy, found;
        std::vector<Candidate> candidates;
        Tally tally;
    };

    void prepare(const Centers& centers);
    void guess(Worker& worker, int64_t first, int count) const;
    const float* screened_row(const Worker& worker, int64_t first, int row) const {
        return problem_.head ? problem_.head->row(first + row) : worker.levelled.data() + row * width_;
    }
    void look(const Centers& centers, Clusters<T>& clusters, int worker, int64_t first);
    bool tighten(Worker& worker, int64_t first, int count);
    void sift(const Centers& centers, Worker& worker, int64_t first, int group, const int32_t* rows, int count);
    void settle(const Centers& centers, Worker& worker, int64_t first, int row, int group, uint32_t mask, float rest);
    float limit_of(const Candidate& candidate) const;
    void lower(int64_t first, int row, int group, float to);
    float* bounds(int64_t first) { return bounds_.data() + first * groups_->count(); }

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
    GroupPanels panels_;
    typename Screen<T>::Margin margin_{};
    std::vector<float> drift_;      // (k) how far each center went since the last pass
    std::vector<double> total_;     // (groups) how far any of the group went in all
    std::vector<float> gone_;       // (groups) total_ rounded up
    std::vector<float> upper_;      // (n)
    std::vector<float> bounds_;     // for each block of rows: (groups, block_rows)
    std::vector<Worker> workers_;
    std::unique_ptr<Lloyd<T>> first_; // labels to begin with
};

extern template class Yinyang<float>;
extern template class Yinyang<double>;
extern template class Yinyang<uint8_t>;

} // namespace kmosaic
