// Small fits of rows of every kind, with every algorithm, on one thread and on three: the same labels and centers from all.
// Built with a sanitizer (see CMakeLists.txt), which stops at the first fault. Rows lie in memory that ends where they end.
#include "../../cpp/kmeans/algorithms.hpp"
#include "../../cpp/kmeans/head.hpp"
#include "../../cpp/kmeans/missing.hpp"
#include "../../cpp/kmeans/seed.hpp"
#include "../../cpp/kmeans/silhouette.hpp"
#include "../../cpp/kmeans/sparse_order.hpp"
#include "../../cpp/kmeans/sparse_seed.hpp"
#include "../../cpp/kmeans/sparse_step.hpp"
#include "../../cpp/kmeans/summary.hpp"

#include <atomic>
#include <cstdio>
#include <optional>
#include <random>
#include <stdexcept>
#include <thread>

namespace kmosaic {

extern const Kernels baseline_kernels;

namespace {

const Kernels& kernels = baseline_kernels;
const Poll poll = [] {};
int fits_done = 0, wrong = 0;

struct Size {
    int64_t n, d;
    int k;
};

template <class T>
std::vector<T> numbers(int64_t count, double zeros) {
    std::mt19937 random(7);
    std::normal_distribution<double> normal(100, 40);
    std::uniform_real_distribution<double> uniform(0, 1);
    std::vector<T> all(count);
    for (T& each : all) each = uniform(random) < zeros ? T(0) : static_cast<T>(std::clamp(normal(random), 1.0, 255.0));
    return all;
}

// How a fit is told to run, and what has to come of it: what the first one found.
template <class T>
class Compared {
public:
    Compared(const char* what, const Rows<T>& rows, const Frame<T>& frame, const Moments& moments, std::vector<double> start, int k, Kind kind)
        : what_(what), rows_(rows), frame_(frame), moments_(moments), start_(std::move(start)), k_(k), kind_(kind) {}

    void fit(const char* algorithm, int threads, const Head<T>* head = nullptr) {
        const Plan plan{3, 0, threads, algorithm, 0, nullptr, nullptr, poll, kind_};
        Fit found = kmosaic::fit(rows_, frame_, moments_, kernels, head, start_, k_, plan);
        ++fits_done;
        if (!first_) first_ = std::move(found);
        if (found.algorithm.empty() || (first_->labels == found.labels && first_->centers == found.centers)) return;
        std::printf("%s, %s on %d threads finds something else\n", what_, algorithm, threads);
        ++wrong;
    }

private:
    const char* what_;
    const Rows<T>& rows_;
    const Frame<T>& frame_;
    const Moments& moments_;
    std::vector<double> start_;
    int k_;
    Kind kind_;
    std::optional<Fit> first_;
};

// The same bits on one thread and on three.
template <class T>
void silhouettes(const char* what, const Rows<T>& rows, const Frame<T>& frame, int k) {
    if (k < 2) return;
    std::vector<int32_t> labels(rows.n);
    for (int64_t i = 0; i < rows.n; ++i) labels[i] = static_cast<int32_t>(i % k);
    const Problem<T> one{rows, frame, kernels, 1, poll}, three{rows, frame, kernels, 3, poll};
    ++fits_done;
    if (silhouette(one, labels.data(), k, nullptr) == silhouette(three, labels.data(), k, [](double) {})) return;
    std::printf("%s: the silhouette on 3 threads is another\n", what);
    ++wrong;
}

template <class T>
void dense(const char* what, const Size& size, bool weighted) {
    const auto [n, d, k] = size;
    const auto values = numbers<T>(n * d, 0.2);
    const auto weights = numbers<double>(n, 0.1);
    const Rows<T> rows{values.data(), n, d, weighted ? weights.data() : nullptr};
    auto frame = measure(rows, kernels, 3, poll);
    const Moments moments = moments_of(rows, frame, kernels, 3, poll);
    for (int64_t j = 0; j < d; ++j) frame.middle[j] = static_cast<Real<T>>(moments.mean[j]);
    std::vector<double> basis(d, 0.0);
    basis[0] = 1;
    const Head<T> head(rows, frame, kernels, basis.data(), 1, 3, poll);
    const ContentOrder<T> order(rows, frame, 3, poll);
    const Problem<T> problem{rows, frame, kernels, 3, poll, &head};
    const std::vector<double> uniforms(1 + (k - 1) * 3, 0.375);
    std::vector<double> start;
    for (int64_t row : plus_plus(problem, order, k, 3, uniforms.data(), 0)) start.insert(start.end(), rows.row(row), rows.row(row) + d);
    plain_plus_plus(problem, order, k, 7, 0);
    oversample(problem, order, 2 * k, 2, k, 7, 0);
    summarize(problem, Centers{k, d, start, {}});
    if (!weighted) silhouettes(what, rows, frame, k);

    Compared<T> plain(what, rows, frame, moments, start, k, {});
    Compared<T> trimmed(what, rows, frame, moments, start, k, {.aside = weighted ? 900.0 : 9.0});
    for (int threads : {1, 3})
        for (const auto& algorithm : algorithms<T>()) {
            if (!algorithm.fits(problem, k)) continue;
            plain.fit(algorithm.name, threads, &head);
            if (n < 500) trimmed.fit(algorithm.name, threads);
        }
    if (n >= 500 || weighted) return;
    Compared<T> balanced(what, rows, frame, moments, start, k, {.least = n / k / 2, .most = n / k + 2});
    for (int threads : {1, 3}) balanced.fit("auto", threads);
}

template <class T>
void sparse(const char* what, const Size& size) {
    const auto [n, d, k] = size;
    const auto all = numbers<T>(n * d, 0.8);
    std::vector<T> values;
    std::vector<int32_t> columns;
    std::vector<int64_t> starts{0};
    for (int64_t i = 0; i < n; starts.push_back(static_cast<int64_t>(values.size())), ++i)
        for (int64_t j = d - 1; j >= 0; --j)
            if (all[i * d + j] != 0) values.push_back(all[i * d + j]), columns.push_back(static_cast<int32_t>(j));
    values.shrink_to_fit();
    columns.shrink_to_fit();
    Rows<Sparse<T>> rows{values.data(), columns.data(), starts.data(), n, d, nullptr};
    Buffer<T> sorted_values;
    Buffer<int32_t> sorted_columns;
    if (order_of(rows, 3, poll) == Order::none) throw std::logic_error("these are rows");
    put_in_order(rows, 3, poll, sorted_values, sorted_columns);
    rows.values = sorted_values.get();
    rows.columns = sorted_columns.get();
    const auto frame = measure(rows, kernels, 3, poll);
    const Moments moments = moments_of(rows, frame, kernels, 3, poll);
    const ContentOrder<Sparse<T>> order(rows, frame, 3, poll);
    const std::vector<double> uniforms(1 + (k - 1) * 3, 0.375);
    std::vector<double> start;
    for (int64_t row : plus_plus(rows, frame, kernels, order, k, 3, uniforms.data(), 3, poll))
        start.insert(start.end(), all.begin() + row * d, all.begin() + (row + 1) * d);
    plain_plus_plus(rows, frame, kernels, order, k, 7, 3, poll);
    oversample(rows, frame, kernels, order, 2 * k, 2, k, 7, 3, poll);
    silhouettes(what, rows, frame, k);
    Compared<Sparse<T>> plain(what, rows, frame, moments, start, k, {});
    for (int threads : {1, 3})
        for (const char* algorithm : {"lloyd", "elkan", "auto"}) plain.fit(algorithm, threads);
}

template <class T>
void with_gaps(const char* what, const Size& size) {
    const auto [n, d, k] = size;
    auto values = numbers<T>(n * d, 0.2);
    for (int64_t i = 0; i < n * d; i += i % 7 + 3) values[i] = std::numeric_limits<T>::quiet_NaN();
    const std::vector<double> start = numbers<double>(k * d, 0);
    const Rows<Missing<T>> rows{{values.data(), n, d, nullptr}};
    const auto frame = measure(rows, kernels, 3, poll);
    const Moments moments = moments_of(rows, frame, kernels, 3, poll);
    Compared<Missing<T>> plain(what, rows, frame, moments, start, k, {});
    for (int threads : {1, 3}) plain.fit("lloyd", threads);
}

// Callers that share the threads, and blocks that throw: every block is worked on once, and each caller hears of its own.
void shared_threads() {
    std::atomic<int> bad{0};
    std::vector<std::thread> callers;
    for (int caller = 0; caller < 3; ++caller)
        callers.emplace_back([&, caller] {
            for (int round = 0; round < 40; ++round) {
                std::vector<int> counts(200);
                const bool throws = round % 4 == caller;
                try {
                    parallel(3, 200, [&](int, int64_t block) {
                        if (throws && block == 77) throw std::runtime_error("a bad block");
                        ++counts[block];
                    }, poll);
                    bad += throws || counts != std::vector<int>(200, 1);
                } catch (const std::runtime_error&) {
                    bad += !throws;
                }
            }
        });
    for (std::thread& caller : callers) caller.join();
    wrong += bad;
}

} // namespace
} // namespace kmosaic

int main() {
    using namespace kmosaic;
    // Few rows, whose number no vector divides; one column; columns for boxes of rows; many centers; work for three threads.
    for (const Size& size : {Size{67, 1, 3}, Size{131, 2, 5}, Size{129, 19, 1}, Size{131, 19, 35}, Size{901, 17, 40}}) {
        dense<float>("float32", size, false);
        dense<float>("float32 with weights", size, true);
        dense<double>("float64", size, false);
        dense<uint8_t>("uint8", size, false);
        sparse<float>("CSR of float32", size);
        sparse<double>("CSR of float64", size);
        with_gaps<double>("float64 with gaps", size);
    }
    shared_threads();
    std::printf("%d fits, %d faults\n", fits_done, wrong);
    return wrong > 0;
}
