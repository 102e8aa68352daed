#include "sparse_seed.hpp"

#include "potential.hpp"
#include "sparse_screen.hpp"

#include <algorithm>

namespace kmosaic {
namespace {

// Several rows written out side by side, for products with all others.
template <class T>
class Candidates {
public:
    Candidates(const Rows<Sparse<T>>& rows, const Kernels& kernels, int most)
        : rows_(rows), kernel_(SparseKernelsOf<T>::of(kernels)),
          panels_((most + dots_width - 1) / dots_width) {
        for (auto& panel : panels_) panel.resize(rows.d * dots_width);
    }

    void set(const std::vector<int64_t>& candidates) {
        put(false);
        candidates_ = candidates;
        put(true);
    }

    int count() const { return static_cast<int>(candidates_.size()); }
    int64_t row(int c) const { return candidates_[c]; }

    // dots[c] = row times candidate c, up to the next multiple of dots_width.
    void multiply(int64_t row, double* dots) const {
        const SparseRow<T> x = rows_.row(row);
        for (int first = 0; first < count(); first += dots_width)
            kernel_.dots(x.values, x.columns, x.count, panels_[first / dots_width].data(), dots + first);
    }

private:
    void put(bool values) {
        for (int c = 0; c < count(); ++c) {
            const SparseRow<T> x = rows_.row(candidates_[c]);
            for (int64_t p = 0; p < x.count; ++p)
                panels_[c / dots_width][int64_t(x.columns[p]) * dots_width + c % dots_width] =
                    values ? static_cast<double>(x.values[p]) : 0.0;
        }
    }

    const Rows<Sparse<T>>& rows_;
    const SparseKernels<T>& kernel_;
    std::vector<std::vector<double>> panels_;
    std::vector<int64_t> candidates_;
};

// |x - y|^2 column by column: zero for copies.
template <class T>
double difference(const SparseRow<T>& x, const SparseRow<T>& y) {
    double squared = 0;
    for (int64_t p = 0, q = 0; p < x.count || q < y.count;) {
        const bool from_x = p < x.count && (q >= y.count || x.columns[p] <= y.columns[q]);
        const bool from_y = q < y.count && (p >= x.count || y.columns[q] <= x.columns[p]);
        const double left = from_x ? static_cast<double>(x.values[p++]) : 0.0;
        const double right = from_y ? static_cast<double>(y.values[q++]) : 0.0;
        squared += (left - right) * (left - right);
    }
    return squared;
}

// One run of greedy k-means++. Potentials are exact integer sums, so no draw depends on blocks or threads; distances
// come from float64 products in a fixed order.
template <class T>
class Seeding {
public:
    Seeding(const Rows<Sparse<T>>& rows, const Frame<Sparse<T>>& frame, const Kernels& kernels,
            const ContentOrder<Sparse<T>>& order, int trials, int threads, const Poll& poll)
        : rows_(rows), poll_(poll),
          threads_(worth_threads(16.0 * static_cast<double>(rows.stored() + rows.n), threads)),
          blocks_(cut(rows.n, 16.0 * rows.width(), threads_, 16)),
          padded_((trials + dots_width - 1) / dots_width * dots_width),
          potential_(rows, order, frame.largest_weight, threads_, poll), candidates_(rows, kernels, trials),
          squared_(rows.n), distance_(rows.n * padded_) {
        parallel(threads_, blocks_.count, [&](int, int64_t block) {
            for (int64_t i = blocks_.begin(block); i < blocks_.end(block); ++i)
                squared_[i] = difference(rows_.row(i), SparseRow<T>{nullptr, nullptr, 0});
        }, poll_);
    }

    // Every row is a copy of a center.
    bool done() const { return potential_.total() == 0; }

    std::vector<int64_t> draw(const double* uniforms, int count) const { return potential_.draw(uniforms, count); }

    void first(int64_t row) {
        look({row});
        each_row([&](int, int64_t i) { potential_.set_first(i, distance_[i * padded_]); });
        potential_.start();
    }

    // Take the candidate that leaves the smallest potential; the first of equals.
    int64_t keep_best(const std::vector<int64_t>& candidates) {
        look(candidates);
        std::vector<std::vector<Wide>> gain(threads_, std::vector<Wide>(candidates.size()));
        each_row([&](int worker, int64_t i) {
            const double* distance = distance_.data() + i * padded_;
            for (size_t c = 0; c < candidates.size(); ++c)
                if (distance[c] < potential_.closest(i)) gain[worker][c] += potential_.gain(i, distance[c]);
        });
        for (int worker = 1; worker < threads_; ++worker)
            for (size_t c = 0; c < candidates.size(); ++c) gain[0][c] += gain[worker][c];
        const auto best = std::max_element(gain[0].begin(), gain[0].end()) - gain[0].begin();
        take(best);
        return candidates[best];
    }

private:
    template <class Work>
    void each_row(Work work) {
        parallel(threads_, blocks_.count, [&](int worker, int64_t block) {
            for (int64_t i = blocks_.begin(block); i < blocks_.end(block); ++i)
                if (rows_.weight(i) > 0) work(worker, i);
        }, poll_);
    }

    void look(const std::vector<int64_t>& candidates) {
        // What cancels to less than this share of the squared lengths is taken from the difference itself.
        constexpr double clear = 0x1p-20;
        candidates_.set(candidates);
        each_row([&](int, int64_t i) {
            double* distance = distance_.data() + i * padded_;
            candidates_.multiply(i, distance);
            for (int c = 0; c < candidates_.count(); ++c) {
                const int64_t other = candidates_.row(c);
                const double both = squared_[i] + squared_[other], apart = both - 2 * distance[c];
                distance[c] = apart > both * clear ? apart : difference(rows_.row(i), rows_.row(other));
            }
        });
    }

    void take(int64_t candidate) {
        each_row([&](int worker, int64_t i) {
            const double distance = distance_[i * padded_ + candidate];
            if (distance < potential_.closest(i)) potential_.set(worker, i, distance);
        });
        potential_.settle();
    }

    const Rows<Sparse<T>>& rows_;
    const Poll& poll_;
    int threads_;
    Blocks blocks_;
    int64_t padded_;
    Potential<Sparse<T>> potential_;
    Candidates<T> candidates_;
    std::vector<double> squared_;  // (n) |x|^2
    std::vector<double> distance_; // (n, padded) to each candidate, squared
};

} // namespace

template <class T>
std::vector<int64_t> plus_plus(const Rows<Sparse<T>>& rows, const Frame<Sparse<T>>& frame, const Kernels& kernels,
                               const ContentOrder<Sparse<T>>& order, int k, int trials, const double* uniforms,
                               int threads, const Poll& poll) {
    Seeding<T> seeding(rows, frame, kernels, order, trials, threads, poll);
    std::vector<int64_t> chosen = draw_rows(rows, frame, order, uniforms++, 1, poll);
    seeding.first(chosen[0]);
    for (; static_cast<int>(chosen.size()) < k; uniforms += trials)
        chosen.push_back(seeding.done() ? chosen[0] : seeding.keep_best(seeding.draw(uniforms, trials)));
    return chosen;
}

template <class T>
std::vector<int64_t> draw_rows(const Rows<Sparse<T>>& rows, const Frame<Sparse<T>>& frame,
                               const ContentOrder<Sparse<T>>& order, const double* uniforms, int count, const Poll& poll) {
    const Masses masses(frame.largest_weight);
    const auto mass = [&](int64_t i) { return masses.weight(rows.weight(i)); };
    return order.draw(order.bucket_masses(poll, mass), uniforms, count, mass);
}

template std::vector<int64_t> plus_plus(const Rows<Sparse<float>>&, const Frame<Sparse<float>>&, const Kernels&,
                                        const ContentOrder<Sparse<float>>&, int, int, const double*, int, const Poll&);
template std::vector<int64_t> plus_plus(const Rows<Sparse<double>>&, const Frame<Sparse<double>>&, const Kernels&,
                                        const ContentOrder<Sparse<double>>&, int, int, const double*, int, const Poll&);
template std::vector<int64_t> draw_rows(const Rows<Sparse<float>>&, const Frame<Sparse<float>>&,
                                        const ContentOrder<Sparse<float>>&, const double*, int, const Poll&);
template std::vector<int64_t> draw_rows(const Rows<Sparse<double>>&, const Frame<Sparse<double>>&,
                                        const ContentOrder<Sparse<double>>&, const double*, int, const Poll&);

} // namespace kmosaic
