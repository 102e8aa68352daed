// SparseData: what data.cpp is for dense rows, for rows of which only what is not zero is stored.
#include "calls.hpp"

#include "../kmeans/sparse_order.hpp"
#include "../kmeans/sparse_seed.hpp"
#include "../kmeans/sparse_step.hpp"

#include <nanobind/stl/function.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>

#include <algorithm>
#include <optional>

namespace kmosaic {
namespace {

template <class T>
class SparseData {
public:
    // CSR. Rows whose columns do not ascend are put in order in a copy.
    SparseData(Vector<T> values, Vector<int32_t> columns, Vector<int64_t> starts, int64_t d,
               std::optional<Vector<double>> weights, int threads, const std::string& simd)
        : values_(values), columns_(columns), starts_(starts), weights_(weights), kernels_(kernels_called(simd)),
          threads_(threads), rows_{values.data(), columns.data(), starts.data(), static_cast<int64_t>(starts.size()) - 1,
                                   d, weights ? weights->data() : nullptr} {
        const Released released;
        check();
        if (!repeats_) frame_ = measure(rows_, kernels_, threads_, signal_poll());
    }

    bool repeats() const { return repeats_; } // a column twice in a row: then nothing else is to be used
    bool finite() const { return frame_.finite; }
    double distance_bound() const {
        return std::max(frame_.distance_bound, frame_.reach(std::vector<double>(rows_.d))); // |x|^2 has to fit as well
    }
    double range_bound() const { return frame_.distance_bound; } // no two rows are farther apart, squared
    std::string simd() const { return kernels_.name; }

    void limit_memory(int64_t) {} // there is nothing that it could do without

    double mean_variance() {
        const Released released;
        if (!variance_) variance_ = variance_of(rows_, frame_, moments(), kernels_, threads_, signal_poll());
        return *variance_;
    }

    // There is nothing that it could do without: no limit of memory changes what is held.
    nb::object plus_plus(int k, int trials, Vector<double> uniforms, int64_t /*memory_limit*/) {
        if (static_cast<int64_t>(uniforms.size()) < 1 + static_cast<int64_t>(k - 1) * trials)
            throw std::invalid_argument("too few uniform numbers");
        if (trials < 1 || trials > most_trials) throw std::invalid_argument("1 to 32 trials are possible");
        std::vector<int64_t> chosen;
        {
            const Released released;
            const Poll poll = signal_poll();
            chosen = kmosaic::plus_plus(rows_, frame_, kernels_, order(poll), k, trials, uniforms.data(), threads_, poll);
        }
        return to_numpy(std::move(chosen), {static_cast<size_t>(k)});
    }

    nb::object plain_plus_plus(int k, uint64_t seed, int64_t /*memory_limit*/) {
        std::vector<int64_t> chosen;
        {
            const Released released;
            const Poll poll = signal_poll();
            chosen = kmosaic::plain_plus_plus(rows_, frame_, kernels_, order(poll), k, seed, threads_, poll);
        }
        return to_numpy(std::move(chosen), {static_cast<size_t>(k)});
    }

    // The candidates of k-means|| and their weights.
    nb::tuple oversample(int each, int rounds, int least, uint64_t seed, int64_t /*memory_limit*/) {
        Oversampled found;
        {
            const Released released;
            const Poll poll = signal_poll();
            found = kmosaic::oversample(rows_, frame_, kernels_, order(poll), each, rounds, least, seed, threads_, poll);
        }
        const size_t count = found.rows.size();
        return nb::make_tuple(to_numpy(std::move(found.rows), {count}), to_numpy(std::move(found.weights), {count}));
    }

    void drop_order() { order_.reset(); }

    nb::object draw_rows(Vector<double> uniforms) {
        std::vector<int64_t> drawn;
        {
            const Released released;
            const Poll poll = signal_poll();
            drawn = kmosaic::draw_rows(rows_, frame_, order(poll), uniforms.data(), static_cast<int>(uniforms.size()), poll);
        }
        return to_numpy(std::move(drawn), {uniforms.size()});
    }

    nb::object content_order() const {
        std::vector<int64_t> rows;
        {
            const Released released;
            rows = ContentOrder<Sparse<T>>(rows_, frame_, threads_, signal_poll()).take_rows();
        }
        return to_numpy(std::move(rows), {static_cast<size_t>(rows_.n)});
    }

    nb::list algorithms(int /*k*/) const {
        nb::list names;
        for (const char* name : {"lloyd", "elkan"}) names.append(name);
        return names;
    }

    std::pair<int64_t, int64_t> shape() const { return {rows_.n, rows_.d}; }
    int threads() const { return threads_; }

    Fit run(std::vector<double> start, int k, const Plan& plan) {
        const Head<Sparse<T>>* no_head = nullptr;
        return kmosaic::fit(rows_, frame_, moments(), kernels_, no_head, std::move(start), k, plan);
    }

    // Of all rows, as they stand in the data.
    nb::tuple summarize(Matrix<double> given) {
        const Centers centers = centers_of(given, rows_.d);
        Summary found;
        {
            const Released released;
            const Poll poll = signal_poll();
            found = kmosaic::summarize(Problem<Sparse<T>>{rows_, frame_, kernels_, threads_, poll}, centers);
        }
        return to_python(std::move(found), centers.k, centers.d);
    }

    nb::object silhouette(Vector<int32_t> labels, int k, nb::object on_fraction) const {
        const Poll poll = signal_poll();
        return silhouette_of(Problem<Sparse<T>>{rows_, frame_, kernels_, threads_, poll}, labels, k, on_fraction);
    }

    nb::tuple nearest(Matrix<double> given) const {
        const Centers centers = centers_of(given, rows_.d);
        std::vector<int32_t> label(rows_.n);
        std::vector<double> distance(rows_.n);
        {
            const Released released;
            const LongCenters long_centers(centers, threads_, signal_poll());
            const int workers = threads_for(centers.k);
            std::vector<SparseDistance<T>> exact(workers, SparseDistance<T>(rows_, kernels_, long_centers));
            each_scored(centers, [&](const SparseScreen<T>& screen, const SparseCenters& prepared, SparseScratch<T>& scratch,
                                     int worker, int64_t row, double margin) {
                label[row] = screen.nearest(prepared, centers, row, margin, scratch);
                distance[row] = exact[worker](row, label[row]);
            });
        }
        const auto n = static_cast<size_t>(rows_.n);
        return nb::make_tuple(to_numpy(std::move(label), {n}), to_numpy(std::move(distance), {n}));
    }

    nb::tuple nearest_two(Matrix<double> given) const {
        const Centers centers = centers_of(given, rows_.d);
        std::vector<int32_t> label(rows_.n), second_label(rows_.n);
        std::vector<double> distance(rows_.n), second_distance(rows_.n);
        {
            const Released released;
            each_scored(centers, [&](const SparseScreen<T>& screen, const SparseCenters& prepared, SparseScratch<T>& scratch,
                                     int, int64_t row, double margin) {
                const auto two = screen.nearest_two(prepared, centers, row, margin, scratch);
                label[row] = two.label;
                distance[row] = two.distance;
                second_label[row] = two.second_label;
                second_distance[row] = two.second_distance;
            });
        }
        const auto n = static_cast<size_t>(rows_.n);
        return nb::make_tuple(to_numpy(std::move(label), {n}), to_numpy(std::move(distance), {n}),
                              to_numpy(std::move(second_label), {n}), to_numpy(std::move(second_distance), {n}));
    }

    // The bits are those of the dense rows' distances to the origin: 16 sums, then these by halves.
    nb::object squared_lengths() const {
        std::vector<double> all(rows_.n);
        for (int64_t i = 0; i < rows_.n; ++i) {
            const SparseRow<T> x = rows_.row(i);
            double part[16] = {};
            for (int64_t p = 0; p < x.count; ++p) part[x.columns[p] % 16] += static_cast<double>(x.values[p]) * static_cast<double>(x.values[p]);
            for (int width = 8; width >= 1; width /= 2)
                for (int lane = 0; lane < width; ++lane) part[lane] += part[lane + width];
            all[i] = part[0];
        }
        return to_numpy(std::move(all), {static_cast<size_t>(rows_.n)});
    }

    nb::object squared_distances(Matrix<double> given) const {
        const Centers centers = centers_of(given, rows_.d);
        std::vector<double> all(static_cast<size_t>(rows_.n) * centers.k);
        {
            const Released released;
            const LongCenters long_centers(centers, threads_, signal_poll());
            const int threads = threads_for(centers.k);
            const Blocks blocks = cut(rows_.n, 4.0 * rows_.width() * centers.k, threads, 1);
            std::vector<SparseDistance<T>> exact(threads, SparseDistance<T>(rows_, kernels_, long_centers));
            parallel(threads, blocks.count, [&](int worker, int64_t block) {
                for (int64_t i = blocks.begin(block); i < blocks.end(block); ++i)
                    for (int c = 0; c < centers.k; ++c) all[i * centers.k + c] = exact[worker](i, c);
            }, signal_poll());
        }
        return to_numpy(std::move(all), {static_cast<size_t>(rows_.n), static_cast<size_t>(centers.k)});
    }

private:
    // The loops below trust these: a wrong index would read or write elsewhere.
    void check() {
        const int64_t n = rows_.n, stored = static_cast<int64_t>(values_.size());
        bool good = n >= 0 && static_cast<int64_t>(columns_.size()) >= stored && rows_.starts[0] == 0 &&
                    rows_.starts[n] == stored && (!weights_ || static_cast<int64_t>(weights_->size()) == n);
        for (int64_t i = 0; good && i < n; ++i) good = rows_.starts[i] <= rows_.starts[i + 1];
        const Order order = good ? order_of(rows_, threads_, signal_poll()) : Order::none;
        if (order == Order::none) throw std::invalid_argument("the parts do not make up a sparse matrix");
        if (order == Order::ascending) return;
        repeats_ = !put_in_order(rows_, threads_, signal_poll(), sorted_values_, sorted_columns_);
        rows_.values = sorted_values_.get();
        rows_.columns = sorted_columns_.get();
    }

    const ContentOrder<Sparse<T>>& order(const Poll& poll) {
        if (!order_) order_.emplace(rows_, frame_, threads_, poll);
        return *order_;
    }

    const Moments& moments() {
        if (!moments_) moments_ = moments_of(rows_, frame_, kernels_, threads_, signal_poll());
        return *moments_;
    }

    int threads_for(int k) const { return worth_threads(2.0 * k * static_cast<double>(rows_.stored()), threads_); }

    template <class Work>
    void each_scored(const Centers& centers, Work work) const {
        const Poll poll = signal_poll();
        const SparseScreen<T> screen(rows_, frame_, kernels_, threads_, poll);
        SparseCenters prepared;
        prepared.follow(centers, static_cast<double>(frame_.scale), kernels_, threads_, poll);
        const int threads = threads_for(centers.k);
        const Blocks blocks = cut(rows_.n, 2.0 * rows_.width() * centers.k, threads, 1);
        std::vector<SparseScratch<T>> scratch;
        for (int worker = 0; worker < threads; ++worker) scratch.push_back(screen.scratch(prepared));
        parallel(threads, blocks.count, [&](int worker, int64_t block) {
            for (int64_t i = blocks.begin(block); i < blocks.end(block); ++i) {
                screen.score(prepared, i, scratch[worker]);
                work(screen, prepared, scratch[worker], worker, i, screen.margin(prepared, i));
            }
        }, poll);
    }

    Vector<T> values_; // these keep the arrays alive; rows_ looks into them
    Vector<int32_t> columns_;
    Vector<int64_t> starts_;
    std::optional<Vector<double>> weights_;
    const Kernels& kernels_;
    int threads_;
    Rows<Sparse<T>> rows_;
    Buffer<T> sorted_values_; // where those given do not ascend
    Buffer<int32_t> sorted_columns_;
    bool repeats_ = false;
    Frame<Sparse<T>> frame_;
    std::optional<ContentOrder<Sparse<T>>> order_;
    std::optional<Moments> moments_;
    std::optional<double> variance_;
};

template <class T>
void bind_one(nb::module_& module, const char* name) {
    using Bound = SparseData<T>;
    nb::class_<Bound> bound(module, name);
    bind_fit(bound);
    bound
        .def(nb::init<Vector<T>, Vector<int32_t>, Vector<int64_t>, int64_t, std::optional<Vector<double>>, int,
                      const std::string&>(),
             nb::arg("values").noconvert(), nb::arg("columns").noconvert(), nb::arg("starts").noconvert(), nb::arg("d"),
             nb::arg("weights").none(), nb::arg("threads"), nb::arg("simd"))
        .def_prop_ro("repeats", &Bound::repeats)
        .def_prop_ro("finite", &Bound::finite)
        .def_prop_ro("distance_bound", &Bound::distance_bound)
        .def_prop_ro("range_bound", &Bound::range_bound)
        .def_prop_ro("simd", &Bound::simd)
        .def("limit_memory", &Bound::limit_memory, nb::arg("bytes"))
        .def("mean_variance", &Bound::mean_variance)
        .def("plus_plus", &Bound::plus_plus, nb::arg("k"), nb::arg("trials"), nb::arg("uniforms"),
             nb::arg("memory_limit") = 0)
        .def("plain_plus_plus", &Bound::plain_plus_plus, nb::arg("k"), nb::arg("seed"), nb::arg("memory_limit") = 0)
        .def("oversample", &Bound::oversample, nb::arg("each"), nb::arg("rounds"), nb::arg("least"), nb::arg("seed"),
             nb::arg("memory_limit") = 0)
        .def("drop_order", &Bound::drop_order)
        .def("draw_rows", &Bound::draw_rows, nb::arg("uniforms"))
        .def("content_order", &Bound::content_order)
        .def("algorithms", &Bound::algorithms, nb::arg("k"))
        .def("summarize", &Bound::summarize, nb::arg("centers"))
        .def("silhouette", &Bound::silhouette, nb::arg("labels"), nb::arg("k"), nb::arg("on_fraction").none() = nb::none())
        .def("nearest", &Bound::nearest, nb::arg("centers"))
        .def("nearest_two", &Bound::nearest_two, nb::arg("centers"))
        .def("squared_lengths", &Bound::squared_lengths)
        .def("squared_distances", &Bound::squared_distances, nb::arg("centers"));
}

} // namespace
} // namespace kmosaic

void bind_sparse(nanobind::module_& module) {
    kmosaic::bind_one<float>(module, "SparseFloat32");
    kmosaic::bind_one<double>(module, "SparseFloat64");
}
