// Data: a view of the rows with their frame, and what can be asked of it.
#include "calls.hpp"

#include "../kmeans/algorithms.hpp"
#include "../kmeans/contest.hpp"
#include "../kmeans/copies.hpp"
#include "../kmeans/head.hpp"
#include "../kmeans/seed.hpp"

#include <nanobind/stl/function.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>
#include <stdexcept>

namespace kmosaic {
namespace {

template <class T>
class Data {
public:
    Data(Matrix<T> rows, std::optional<Vector<double>> weights, int threads, const std::string& simd)
        : owner_(rows), weights_(weights), kernels_(kernels_called(simd)), threads_(threads),
          rows_{rows.data(), static_cast<int64_t>(rows.shape(0)), static_cast<int64_t>(rows.shape(1)),
                weights ? weights->data() : nullptr} {
        const Released released;
        frame_ = measure(rows_, kernels_, threads_, signal_poll());
    }

    bool finite() const { return frame_.finite; }
    double distance_bound() const { return frame_.distance_bound; }
    double range_bound() const { return frame_.distance_bound; } // no two rows are farther apart, squared
    std::string simd() const { return kernels_.name; }

    // Of what follows, until a fit or a draw names another; 0: none.
    void limit_memory(int64_t bytes) { memory_limit_ = bytes; }

    double mean_variance() {
        const Released released;
        return moments().variance;
    }

    // The leading coordinates of every row, and a bound that follows from them: see head.hpp.
    void set_head(Matrix<double> basis) {
        if (static_cast<int64_t>(basis.shape(1)) != rows_.d || basis.shape(0) < 1)
            throw std::invalid_argument("basis and rows differ in their number of columns");
        const Released released;
        moments(); // the head looks from the mean
        head_.emplace(rows_, frame_, kernels_, basis.data(), static_cast<int>(basis.shape(0)), threads_, signal_poll());
    }

    bool has_head() const { return head_.has_value(); }
    void drop_head() { head_.reset(); }

    // No more rows will be drawn soon: 16 bytes a row.
    void drop_order() { order_.reset(); }

    // Lower bounds of the squared distances of all rows to the given centers, scaled, and the scale: for tests.
    nb::tuple head_bounds(Matrix<double> given) const {
        if (!head_) throw std::invalid_argument("there is no head");
        const Centers centers = centers_of(given, rows_.d);
        HeadCenters seen;
        head_->project(centers, seen);
        const int64_t width = head_->width();
        const int wide = kernels_.tile_rows, k = centers.k;
        const std::vector<float> origin(width);
        const FloatBuffer panels = float_buffer(k * width), tile = float_buffer(width * wide);
        const FloatBuffer scores = float_buffer(static_cast<int64_t>(k) * wide), norms = float_buffer(wide);
        kernels_.pack_centers(seen.rows.data(), k, width, panels.get());
        std::vector<double> bounds(static_cast<size_t>(rows_.n) * k);
        for (int64_t i = 0; i < rows_.n; ++i) {
            const float* row = head_->row(i);
            kernels_.float32.pack(&row, 1, width, origin.data(), 1.0f, tile.get(), norms.get());
            kernels_.scores(tile.get(), width, panels.get(), seen.half_norms.data(), k, scores.get());
            const auto norm = head_->squared_norm(i), base = static_cast<float>(seen.base);
            for (int c = 0; c < k; ++c)
                bounds[i * k + c] = norm + 2 * scores[c * wide] - (base + static_cast<float>(seen.slope) * norm);
        }
        return nb::make_tuple(to_numpy(std::move(bounds), {static_cast<size_t>(rows_.n), static_cast<size_t>(k)}),
                              static_cast<double>(frame_.scale));
    }

    // memory_limit: see seed.hpp.
    nb::object plus_plus(int k, int trials, Vector<double> uniforms, int64_t memory_limit) {
        if (static_cast<int64_t>(uniforms.size()) < 1 + static_cast<int64_t>(k - 1) * trials)
            throw std::invalid_argument("too few uniform numbers");
        if (trials < 1 || trials > most_trials) throw std::invalid_argument("1 to 32 trials are possible");
        std::vector<int64_t> chosen = seeded(memory_limit, [&](const Problem<T>& problem, const ContentOrder<T>& order, int64_t limit) {
            return rows_at(kmosaic::plus_plus(problem, order, k, trials, uniforms.data(), limit));
        });
        return to_numpy(std::move(chosen), {static_cast<size_t>(k)});
    }

    nb::object plain_plus_plus(int k, uint64_t seed, int64_t memory_limit) {
        std::vector<int64_t> chosen = seeded(memory_limit, [&](const Problem<T>& problem, const ContentOrder<T>& order, int64_t limit) {
            return rows_at(kmosaic::plain_plus_plus(problem, order, k, seed, limit));
        });
        return to_numpy(std::move(chosen), {static_cast<size_t>(k)});
    }

    // The candidates of k-means|| and their weights.
    nb::tuple oversample(int each, int rounds, int least, uint64_t seed, int64_t memory_limit) {
        Oversampled found = seeded(memory_limit, [&](const Problem<T>& problem, const ContentOrder<T>& order, int64_t limit) {
            return kmosaic::oversample(problem, order, each, rounds, least, seed, limit);
        });
        const size_t count = found.rows.size();
        return nb::make_tuple(to_numpy(rows_at(std::move(found.rows)), {count}), to_numpy(std::move(found.weights), {count}));
    }

    // For tests: least and most squared distance of all rows to some of them, and whether the sketch lets each pass that looks
    // for others nearer than limits[row, candidate].
    nb::tuple seeding_bounds(Vector<int64_t> which, Matrix<double> limits, double most_bytes) const {
        const size_t n = rows_.n, count = which.size();
        if (count > static_cast<size_t>(most_trials) || limits.shape(0) != n || limits.shape(1) != count)
            throw std::invalid_argument("limits: (rows, candidates)");
        const Poll poll;
        const Problem<T> problem{rows_, frame_, kernels_, threads_, poll, head_ ? &*head_ : nullptr};
        Sketch sketch(problem, most_bytes);
        Lengths<T> lengths(problem, most_bytes);
        Centers centers{static_cast<int>(count), rows_.d, {}, {}};
        for (size_t c = 0; c < count; ++c)
            centers.exact.insert(centers.exact.end(), rows_.row(which.data()[c]), rows_.row(which.data()[c]) + rows_.d);
        const double infinite = std::numeric_limits<double>::infinity();
        std::vector<double> least(n * count, 0.0), most(n * count, infinite);
        std::vector<uint8_t> passes(n * count);
        lengths.prepare({which.data(), which.data() + count}, centers);
        for (int32_t c = 0; c < static_cast<int32_t>(count); ++c) {
            for (size_t i = 0; i < n; ++i) {
                typename Lengths<T>::Squared squared{0, infinite};
                if (lengths.quick()) lengths.look(i, &c, 1, &squared);
                least[i * count + c] = squared.least;
                most[i * count + c] = squared.most;
                sketch.limit(i, limits.data()[i * count + c]);
            }
            sketch.aim({which.data()[c]});
            for (size_t first = 0; first < n; first += kernels_.tile_rows) {
                uint64_t mask;
                sketch.reach(first, &mask);
                for (size_t i = first; i < n && i < first + kernels_.tile_rows; ++i) passes[i * count + c] = mask >> (i - first) & 1;
            }
        }
        return nb::make_tuple(to_numpy(std::move(least), {n, count}), to_numpy(std::move(most), {n, count}),
                              to_numpy(std::move(passes), {n, count}));
    }

    nb::object draw_rows(Vector<double> uniforms) {
        std::vector<int64_t> drawn;
        const auto count = static_cast<int>(uniforms.size());
        {
            const Released released;
            const Poll poll = signal_poll();
            const Rows<T> rows = contents();
            drawn = rows_at(kmosaic::draw_rows(rows, frame_, order(rows, poll), uniforms.data(), count, poll));
        }
        return to_numpy(std::move(drawn), {uniforms.size()});
    }

    // All rows in an order that their contents alone decide: see draw.hpp.
    nb::object content_order() const {
        std::vector<int64_t> rows;
        {
            const Released released;
            rows = ContentOrder<T>(rows_, frame_, threads_, signal_poll()).take_rows();
        }
        return to_numpy(std::move(rows), {static_cast<size_t>(rows_.n)});
    }

    // The names of the algorithms that make sense for these rows and k clusters.
    nb::list algorithms(int k) const {
        nb::list names;
        const Poll poll;
        const Problem<T> problem{rows_, frame_, kernels_, threads_, poll};
        for (const Algorithm<T>& algorithm : kmosaic::algorithms<T>())
            if (algorithm.fits(problem, k)) names.append(algorithm.name);
        return names;
    }

    std::pair<int64_t, int64_t> shape() const { return {rows_.n, rows_.d}; }
    int threads() const { return threads_; }

    Fit run(std::vector<double> start, int k, const Plan& plan) {
        memory_limit_ = plan.memory_limit;
        if (plan.memory_limit > 0) return_memory(); // as above
        return fit_contents(std::move(start), k, plan);
    }

    // Of all rows, as they stand in the data.
    nb::tuple summarize(Matrix<double> given) {
        const Centers centers = centers_of(given, rows_.d);
        Summary found;
        {
            const Released released;
            const Poll poll = signal_poll();
            found = kmosaic::summarize(Problem<T>{rows_, frame_, kernels_, threads_, poll}, centers);
        }
        return to_python(std::move(found), centers.k, centers.d);
    }

    nb::object silhouette(Vector<int32_t> labels, int k, nb::object on_fraction) {
        const Poll poll = signal_poll();
        {
            const Released released;
            moments(); // pairs are looked at from the mean
        }
        return silhouette_of(Problem<T>{rows_, frame_, kernels_, threads_, poll}, labels, k, on_fraction);
    }

    nb::tuple nearest(Matrix<double> given) const {
        const Centers centers = centers_of(given, rows_.d);
        const Prepared<T> prepared = prepared_of(centers, true);
        std::vector<int32_t> label(rows_.n, -1);
        std::vector<double> distance(rows_.n);
        const auto settle = [&](int64_t row, int32_t c) {
            label[row] = c;
            distance[row] = kernel().squared_distance(rows_.row(row), centers.center(c), rows_.d);
        };
        each_block(centers.k, [&](const Screen<T>& screen, Scratch<T>& scratch, int64_t begin, int64_t end) {
            screen.changed(prepared, label.data(), begin, end, scratch, settle);
        }, [&](const Screen<T>& screen, Scratch<T>& scratch) { screen.finish(prepared, label.data(), scratch, settle); });
        const auto n = static_cast<size_t>(rows_.n);
        return nb::make_tuple(to_numpy(std::move(label), {n}), to_numpy(std::move(distance), {n}));
    }

    nb::tuple nearest_two(Matrix<double> given) const {
        const Centers centers = centers_of(given, rows_.d);
        const Prepared<T> prepared = prepared_of(centers);
        std::vector<int32_t> label(rows_.n), second_label(rows_.n);
        std::vector<double> distance(rows_.n), second_distance(rows_.n);
        each_block(centers.k, [&](const Screen<T>& screen, Scratch<T>& scratch, int64_t begin, int64_t end) {
            screen.nearest_two(prepared, begin, end, scratch,
                               [&](int64_t row, int c, double squared, int next, double next_squared) {
                                   label[row] = c;
                                   distance[row] = squared;
                                   second_label[row] = next;
                                   second_distance[row] = next_squared;
                               });
        });
        const auto n = static_cast<size_t>(rows_.n);
        return nb::make_tuple(to_numpy(std::move(label), {n}), to_numpy(std::move(distance), {n}),
                              to_numpy(std::move(second_label), {n}), to_numpy(std::move(second_distance), {n}));
    }

    nb::object squared_distances(Matrix<double> given) const {
        const int k = count_of(given, rows_.d);
        std::vector<double> all(static_cast<size_t>(rows_.n) * k);
        each_block(k, [&](const Screen<T>& screen, Scratch<T>&, int64_t begin, int64_t end) {
            for (int64_t i = begin; i < end; ++i)
                for (int c = 0; c < k; ++c) all[i * k + c] = screen.distance(i, given.data() + c * rows_.d);
        });
        return to_numpy(std::move(all), {static_cast<size_t>(rows_.n), static_cast<size_t>(k)});
    }

private:
    // What seed(problem, order, limit) finds among the contents, with the limit that is left for it.
    template <class Seed>
    auto seeded(int64_t memory_limit, Seed seed) {
        const Released released;
        const Poll poll = signal_poll();
        memory_limit_ = memory_limit;
        if (memory_limit > 0) return_memory(); // of finding the head
        const Rows<T> rows = contents();
        const Problem<T> problem{rows, frame_, kernels_, threads_, poll, head_of_contents()};
        auto found = seed(problem, order(rows, poll), limit_beside_contents());
        if (memory_limit > 0) return_memory();
        return found;
    }

    // Hashed once, at the first draw.
    const ContentOrder<T>& order(const Rows<T>& rows, const Poll& poll) {
        if (!order_) order_.emplace(rows, frame_, threads_, poll);
        return *order_;
    }

    Prepared<T> prepared_of(const Centers& centers, bool int16 = false) const {
        const Released released; // in the mode that bounds are proven for
        Prepared<T> prepared;
        const double row_length = int16 ? Screen<T>(rows_, frame_, kernels_).row_length(centers.k) : 0;
        prepared.prepare(centers, frame_, kernels_, threads_, signal_poll(), row_length);
        return prepared;
    }

    const RowKernels<T>& kernel() const { return RowKernelsOf<T>::of(kernels_); }

    // What there is to cluster: all rows, or each content once where many are copies.
    Rows<T> contents() {
        if (!copies_sought_) distinct_ = distinct(rows_, threads_, memory_limit_, signal_poll());
        copies_sought_ = true;
        if (distinct_ && memory_limit_ > 0 && distinct_->bytes() > memory_limit_) {
            distinct_.reset();
            order_.reset();
        }
        return distinct_ ? distinct_->rows(rows_.d) : rows_;
    }

    // Of what there is to cluster; coordinates of all rows say nothing of contents.
    const Head<T>* head_of_contents() const { return head_ && !distinct_ ? &*head_ : nullptr; }

    // What the limit leaves beside the contents; 0 would be no limit.
    int64_t limit_beside_contents() const {
        return memory_limit_ > 0 && distinct_ ? std::max<int64_t>(memory_limit_ - distinct_->bytes(), 1) : memory_limit_;
    }

    std::vector<int64_t> rows_at(std::vector<int64_t> contents) const {
        if (distinct_)
            for (int64_t& each : contents) each = distinct_->first[each];
        return contents;
    }

    Fit fit_contents(std::vector<double> start, int k, Plan plan) {
        const Moments& all = moments();
        if (plan.kind.aside > 0 || plan.kind.balanced()) // these look at single rows, copies or not
            return kmosaic::fit(rows_, frame_, all, kernels_, head_ ? &*head_ : nullptr, std::move(start), k, plan);
        const Rows<T> rows = contents();
        plan.memory_limit = limit_beside_contents();
        if (auto listen = plan.on_labels; listen && distinct_)
            plan.on_labels = [&, listen](const std::vector<int32_t>& labels) { listen(distinct_->spread(labels, threads_, plan.poll)); };
        Fit found = kmosaic::fit(rows, frame_, all, kernels_, head_of_contents(), std::move(start), k, plan);
        if (!distinct_) return found;
        found.labels = distinct_->spread(found.labels, threads_, plan.poll);
        found.bytes += distinct_->bytes();
        return found;
    }

    // Found once, at the first need; the screens then look from the mean.
    const Moments& moments() {
        if (!moments_) {
            moments_ = moments_of(contents(), frame_, kernels_, threads_, signal_poll());
            for (int64_t j = 0; j < rows_.d; ++j) frame_.middle[j] = static_cast<Real<T>>(moments_->mean[j]);
        }
        return *moments_;
    }

    // finish(screen, scratch) after the last block of each scratch.
    template <class Work, class Finish>
    void each_block(int k, Work work, Finish finish) const {
        const Released released;
        const Screen<T> screen(rows_, frame_, kernels_);
        const int threads = worth_threads(2.0 * rows_.n * rows_.d * k, threads_);
        const Blocks blocks = cut(rows_.n, 2.0 * rows_.d * k, threads, std::lcm(kernels_.tile_rows, kernels_.int16_rows));
        std::vector<Scratch<T>> scratch;
        for (int worker = 0; worker < threads; ++worker) scratch.push_back(screen.scratch(k));
        parallel(threads, blocks.count, [&](int worker, int64_t block) {
            work(screen, scratch[worker], blocks.begin(block), blocks.end(block));
        }, signal_poll());
        for (auto& one : scratch) finish(screen, one);
    }

    template <class Work>
    void each_block(int k, Work work) const {
        each_block(k, work, [](const Screen<T>&, Scratch<T>&) {});
    }

    Matrix<T> owner_; // keeps the array alive; rows_ looks into it
    std::optional<Vector<double>> weights_;
    const Kernels& kernels_;
    int threads_;
    Rows<T> rows_;
    Frame<T> frame_;
    std::optional<ContentOrder<T>> order_;
    std::optional<Moments> moments_;
    int64_t memory_limit_ = 0;
    bool copies_sought_ = false;
    std::unique_ptr<const Distinct<T>> distinct_;
    std::optional<Head<T>> head_;
};

template <class T>
void bind_one(nb::module_& module, const char* name) {
    nb::class_<Data<T>> bound(module, name);
    bind_fit(bound);
    bound
        .def(nb::init<Matrix<T>, std::optional<Vector<double>>, int, const std::string&>(),
             nb::arg("rows").noconvert(), nb::arg("weights").none(), nb::arg("threads"), nb::arg("simd"))
        .def_prop_ro("finite", &Data<T>::finite)
        .def_prop_ro("distance_bound", &Data<T>::distance_bound)
        .def_prop_ro("range_bound", &Data<T>::range_bound)
        .def_prop_ro("simd", &Data<T>::simd)
        .def("limit_memory", &Data<T>::limit_memory, nb::arg("bytes"))
        .def("mean_variance", &Data<T>::mean_variance)
        .def("set_head", &Data<T>::set_head, nb::arg("basis"))
        .def_prop_ro("has_head", &Data<T>::has_head)
        .def("drop_head", &Data<T>::drop_head)
        .def("drop_order", &Data<T>::drop_order)
        .def("head_bounds", &Data<T>::head_bounds, nb::arg("centers"))
        .def("plus_plus", &Data<T>::plus_plus, nb::arg("k"), nb::arg("trials"), nb::arg("uniforms"),
             nb::arg("memory_limit") = 0)
        .def("plain_plus_plus", &Data<T>::plain_plus_plus, nb::arg("k"), nb::arg("seed"), nb::arg("memory_limit") = 0)
        .def("oversample", &Data<T>::oversample, nb::arg("each"), nb::arg("rounds"), nb::arg("least"), nb::arg("seed"),
             nb::arg("memory_limit") = 0)
        .def("seeding_bounds", &Data<T>::seeding_bounds, nb::arg("which"), nb::arg("limits"),
             nb::arg("most_bytes") = std::numeric_limits<double>::infinity())
        .def("draw_rows", &Data<T>::draw_rows, nb::arg("uniforms"))
        .def("content_order", &Data<T>::content_order)
        .def("algorithms", &Data<T>::algorithms, nb::arg("k"))
        .def("summarize", &Data<T>::summarize, nb::arg("centers"))
        .def("silhouette", &Data<T>::silhouette, nb::arg("labels"), nb::arg("k"), nb::arg("on_fraction").none() = nb::none())
        .def("nearest", &Data<T>::nearest, nb::arg("centers"))
        .def("nearest_two", &Data<T>::nearest_two, nb::arg("centers"))
        .def("squared_distances", &Data<T>::squared_distances, nb::arg("centers"));
}

} // namespace
} // namespace kmosaic

void bind_data(nanobind::module_& module) {
    module.def("algorithms", [] {
        nanobind::list names;
        for (const auto& algorithm : kmosaic::algorithms<float>()) names.append(algorithm.name);
        return names;
    });
    kmosaic::bind_one<float>(module, "DataFloat32");
    kmosaic::bind_one<double>(module, "DataFloat64");
    kmosaic::bind_one<uint8_t>(module, "DataUint8");
}
