// Rows in which some numbers are missing (NaN): distances are over those that are known, and so are means. Missing<T> takes the
// place of T in Rows<T>, Sums<T> ..., so that such rows go through the very same loop.
//
// Both steps lower the sum over what is known of w (x - c)^2, which is the aim of k-POD (Chi, Chi & Baraniuk 2016).
#pragma once

#include "algorithms.hpp"
#include "distance.hpp"
#include "moments.hpp"
#include "to_centers.hpp"

#include <cmath>

namespace kmosaic {

template <class T>
struct Missing {};

template <class T>
struct Kinds<Missing<T>> {
    using Real = T;
    using Held = T;
};

template <class T>
struct RowKernelsOf<Missing<T>> {
    static const RowKernels<T>& of(const Kernels& kernels) { return RowKernelsOf<T>::of(kernels); }
};

template <class T>
struct Rows<Missing<T>> : Rows<T> {};

// What is missing comes first.
template <class T>
int compare(const Rows<Missing<T>>& rows, int64_t a, int64_t b) {
    const T *x = rows.row(a), *y = rows.row(b);
    for (int64_t j = 0; j < rows.d; ++j) {
        const bool missing = std::isnan(x[j]), other = std::isnan(y[j]);
        if (missing != other) return missing ? -1 : 1;
        if (!missing && x[j] != y[j]) return x[j] < y[j] ? -1 : 1;
    }
    return 0;
}

template <class T>
class RowDistance<Missing<T>> {
public:
    RowDistance(const Rows<Missing<T>>& rows, const Kernels& kernels) : rows_(rows), kernel_(RowKernelsOf<T>::of(kernels)) {}

    double operator()(int64_t row, const double* center) const { return kernel_.known_distance(rows_.row(row), center, rows_.d); }

private:
    const Rows<Missing<T>>& rows_;
    const RowKernels<T>& kernel_;
};

template <class T>
class ToCenters<Missing<T>> {
public:
    static constexpr bool exact = true;

    ToCenters(const Problem<Missing<T>>& problem, const Centers& centers, int) : distance_(problem.rows, problem.kernels), centers_(centers) {}

    double operator()(int, int64_t row, int c) const { return distance_(row, centers_.center(c)); }

private:
    RowDistance<Missing<T>> distance_;
    const Centers& centers_;
};

// As of whole rows, but that every column has a weight of its own: of the rows that are known there. A column in which no row
// of a cluster is known leaves the center where it is.
template <class T>
class Sums<Missing<T>> {
public:
    Sums(int k, const Rows<Missing<T>>& rows, const Frame<Missing<T>>& frame, const Kernels& kernels);

    void add(int cluster, int64_t row) { change_weight(cluster, row, rows_.weight(row), 1); }
    void take(int cluster, int64_t row) { change_weight(cluster, row, rows_.weight(row), -1); }
    void change_weight(int cluster, int64_t row, double weight, int sign);

    static constexpr int64_t some = 256;

    int size() const { return k_; }
    std::vector<char> absorb(const std::vector<Sums*>& parts, int threads, const Poll& poll);
    void settle() {}

    bool empty(int cluster) const { return exact_weight(cluster) == 0; }
    double weight(int cluster) const { return static_cast<double>(exact_weight(cluster)) * grid_.unit(); }
    Wide exact_weight(int cluster) const { return rows_weight_[cluster].joined(); }
    Wide exact_weight_of(double weight) const;

    void mean(int cluster, int64_t begin, int64_t end, double* mean) const;
    CenterStep move(int cluster, int64_t begin, int64_t end, double* center) const;
    double off_spread(int cluster, int64_t begin, int64_t end, const double* center) const;
    double known_weight(int cluster) const; // of all columns together

private:
    struct Column {
        Halves sum, weight;
    };

    bool known(int cluster, int64_t j) const { return at(cluster, j).weight.joined() != 0; }
    const Column& at(int cluster, int64_t j) const { return columns_[cluster * d_ + j]; }
    double mean_at(int cluster, int64_t j) const;

    int k_;
    int64_t d_;
    const Rows<Missing<T>>& rows_;
    const Frame<Missing<T>>& frame_;
    const RowKernels<T>& kernel_;
    WeightGrid grid_;
    std::vector<Column> columns_;     // (k, d); empty before the first row
    std::vector<Halves> rows_weight_; // (k)
    std::vector<int64_t> one_;        // (d)
    std::vector<char> touched_;       // (k)
};

// Plain Lloyd, in float64 throughout.
template <class T>
class MissingStep : public Step<Missing<T>> {
public:
    explicit MissingStep(const Problem<Missing<T>>& problem) : problem_(problem) {}

    void assign(const Centers& centers, Clusters<Missing<T>>& clusters) override;
    int64_t bytes() const override { return 0; }
    Tally tally() const override { return tally_; }

private:
    const Problem<Missing<T>> problem_;
    Tally tally_;
};

template <class T>
class Chooser<Missing<T>> {
public:
    Chooser(const Problem<Missing<T>>& problem, int /*k*/, const Plan&) : step_(problem) {}

    Step<Missing<T>>& step(int, const Centers&, const std::vector<int32_t>&, bool = false) { return step_; }
    Step<Missing<T>>& step() { return step_; }
    bool on_trial() const { return false; }
    void learn(int64_t, double, double) {}

    const std::string& used() const { return used_; }
    const std::string& why() const { return why_; }
    int64_t bytes() const { return 0; }
    Tally tally() const { return step_.tally(); }

private:
    const std::string used_ = "lloyd", why_ = "numbers are missing, so every distance is over what is known";
    MissingStep<T> step_;
};

// Infinite numbers are told by Frame::finite; what is missing is not.
template <class T>
Frame<Missing<T>> measure(const Rows<Missing<T>>& rows, const Kernels& kernels, int threads, const Poll& poll);

// variance: of all that is known, about the means of the columns.
template <class T>
Moments moments_of(const Rows<Missing<T>>& rows, const Frame<Missing<T>>& frame, const Kernels& kernels, int threads, const Poll& poll);

extern template struct Frame<Missing<float>>;
extern template struct Frame<Missing<double>>;
extern template class Sums<Missing<float>>;
extern template class Sums<Missing<double>>;
extern template class MissingStep<float>;
extern template class MissingStep<double>;
extern template Frame<Missing<float>> measure(const Rows<Missing<float>>&, const Kernels&, int, const Poll&);
extern template Frame<Missing<double>> measure(const Rows<Missing<double>>&, const Kernels&, int, const Poll&);
extern template Moments moments_of(const Rows<Missing<float>>&, const Frame<Missing<float>>&, const Kernels&, int, const Poll&);
extern template Moments moments_of(const Rows<Missing<double>>&, const Frame<Missing<double>>&, const Kernels&, int, const Poll&);

} // namespace kmosaic
