// How fast each kernel is: loops timed here, so that what Python costs does not count. For benchmarks/kernels.py.
#include "arrays.hpp"
#include "kernels_called.hpp"
#include "released.hpp"

#include "../kmeans/screen.hpp"

#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <stdexcept>
#include <type_traits>

namespace kmosaic {
namespace {

// What one pass over all rows does: so many floating-point operations, or so many bytes where it only moves numbers.
struct Pass {
    std::function<void()> run;
    double operations = 0, bytes = 0;
};

// Rows, centers and room for every result. The tile is that of the first rows.
template <class T>
struct Stage {
    Stage(const Kernels& table, Matrix<T> given, Matrix<float> all_centers)
        : kernels(table), kernel(RowKernelsOf<T>::of(table)), rows(given), centers(all_centers),
          n(static_cast<int64_t>(given.shape(0))), d(static_cast<int64_t>(given.shape(1))),
          k(static_cast<int>(all_centers.shape(0))), pointers(n), shift(d, Real<T>(0)), real_centers(k * d), exact(k * d),
          half_norms(std::max<int>(k, group_width)), which(k), labels(max_tile_rows), index(max_tile_rows),
          found(std::max<int64_t>(n, max_tile_rows)), grid(d, 1024.0), sums(d), low(d), high(d),
          tile(float_buffer(d * max_tile_rows)), panels(float_buffer(d * k)),
          scores(float_buffer(static_cast<int64_t>(std::max<int>(k, group_width)) * max_tile_rows)),
          group(float_buffer(d * group_width)), flat(float_buffer(d * max_tile_rows)), norms(float_buffer(max_tile_rows)),
          best(float_buffer(max_tile_rows)), second(float_buffer(max_tile_rows)), bounds(float_buffer(n * 4)),
          upper(float_buffer(n)), squared(float_buffer(k)) {
        for (int64_t i = 0; i < n; ++i) pointers[i] = rows.data() + i * d;
        for (int64_t at = 0; at < k * d; ++at) {
            real_centers[at] = static_cast<Real<T>>(centers.data()[at]);
            exact[at] = static_cast<double>(centers.data()[at]);
        }
        for (int c = 0; c < k; ++c) which[c] = c;
        const int count = static_cast<int>(std::min<int64_t>(n, kernels.tile_rows));
        kernel.pack(pointers.data(), count, d, shift.data(), Real<T>(1), tile.get(), norms.get());
        for (int r = 0; r < max_sift_rows; ++r) {
            kernel.level(pointers[r % n], d, shift.data(), Real<T>(1), flat.get() + r * d);
            flat_rows[r] = flat.get() + r * d;
        }
        kernels.pack_centers(centers.data(), k, d, panels.get());
        for (int64_t j = 0; j < d; j += 10) columns.push_back(static_cast<int32_t>(j));
        std::fill(lanes.get(), lanes.get() + k + group_width, 1.0f);
        std::fill(lane_bounds.get(), lane_bounds.get() + k + group_width, 1.0f);
        std::fill(group.get(), group.get() + d * group_width, 0.5f);
        std::fill(bounds.get(), bounds.get() + n * 4, 1.0f);
        std::fill(upper.get(), upper.get() + n, 0.5f);
    }

    static Buffer<int32_t> zeros(int64_t count) {
        Buffer<int32_t> made = buffer<int32_t>(count);
        std::fill(made.get(), made.get() + count, 0);
        return made;
    }

    // work(first, count) for each tile of the rows.
    template <class Work>
    std::function<void()> tiles(int most, Work work) {
        return [this, most, work] {
            for (int64_t first = 0; first < n; first += most)
                work(first, static_cast<int>(std::min<int64_t>(most, n - first)));
        };
    }

    Pass pass(const std::string& name) {
        for (const Pass& found : {of_rows(name), of_tiles(name), of_int16(name), of_whole(name), of_pairs(name), of_the_rest(name)})
            if (found.run) return found;
        throw std::invalid_argument("no such kernel: " + name);
    }

    // Kernels that read the rows themselves.
    Pass of_rows(const std::string& name) {
        const double cells = static_cast<double>(n) * static_cast<double>(d), all = 2 * cells * k;
        const int tile_rows = kernels.tile_rows;
        if (name == "range")
            return {tiles(1, [this](int64_t i, int) { kernel.range(pointers[i], d, low.data(), high.data()); }), 0,
                    cells * sizeof(T)};
        if (name == "pack")
            return {tiles(tile_rows, [this](int64_t first, int count) {
                kernel.pack(&pointers[first], count, d, shift.data(), Real<T>(1), tile.get(), norms.get());
            }), 0, cells * sizeof(T)};
        if (name == "level")
            return {tiles(1, [this](int64_t i, int) {
                kernel.level(pointers[i], d, shift.data(), Real<T>(1), flat.get());
            }), 0, cells * sizeof(T)};
        if (name == "squared_distance")
            return {tiles(1, [this](int64_t i, int) {
                squared[0] = static_cast<float>(kernel.squared_distance(pointers[i], exact.data(), d));
            }), 3 * cells, 0};
        if (name == "known_distance")
            return {tiles(1, [this](int64_t i, int) {
                squared[0] = static_cast<float>(kernel.known_distance(pointers[i], exact.data(), d));
            }), 3 * cells, 0};
        if (name == "accumulate")
            return {tiles(1, [this](int64_t i, int) {
                kernel.accumulate(pointers[i], d, shift.data(), grid.data(), i % 2 ? 1 : -1, sums.data());
            }), 0, cells * sizeof(T)};
        if (name == "quick_distances")
            return {tiles(1, [this](int64_t i, int) {
                kernel.quick_distances(pointers[i], d, real_centers.data(), which.data(), k, squared.get());
            }), all * 1.5, 0};
        if (name == "few") {
            const int few = std::min<int>(k, group_width);
            return {tiles(tile_rows, [this, few](int64_t first, int count) {
                kernel.few(&pointers[first], count, d, shift.data(), Real<T>(1), centers.data(), half_norms.data(), few,
                           scores.get(), norms.get());
            }), 2 * cells * few, 0};
        }
        if (name == "compact")
            return {tiles(1, [this](int64_t i, int) { kernel.compact(pointers[i], d, exact.data(), 1.0, bytes.data()); }), 0,
                    cells * sizeof(T)};
        return {};
    }

    // Kernels of tiles, scores and bounds.
    Pass of_tiles(const std::string& name) {
        const double cells = static_cast<double>(n) * static_cast<double>(d), all = 2 * cells * k;
        const int tile_rows = kernels.tile_rows;
        if (name == "best_of_few")
            return {tiles(tile_rows, [this](int64_t, int count) {
                kernels.best_of_few(scores.get(), count, best.get(), second.get(), index.data());
            }), 0, static_cast<double>(n) * group_width * 4};
        if (name == "pack_centers")
            return {[this] { kernels.pack_centers(centers.data(), k, d, panels.get()); }, 0,
                    static_cast<double>(k) * static_cast<double>(d) * 4};
        if (name == "nearest")
            return {tiles(tile_rows, [this](int64_t, int) {
                kernels.nearest(tile.get(), d, panels.get(), half_norms.data(), k, best.get(), second.get(), index.data());
            }), all, 0};
        if (name == "scores")
            return {tiles(tile_rows, [this](int64_t, int) {
                kernels.scores(tile.get(), d, panels.get(), half_norms.data(), k, scores.get());
            }), all, 0};
        if (name == "review")
            return {tiles(tile_rows, [this](int64_t, int count) {
                kernels.review(best.get(), second.get(), norms.get(), 0.5f, 0.5f, index.data(), labels.data(), count,
                               &unsure, &changed);
            }), 0, static_cast<double>(n) * 20};
        if (name == "sift")
            return {tiles(max_sift_rows, [this](int64_t, int count) {
                kernels.sift(flat_rows, count, d, group.get(), half_norms.data(), best.get(), index.data(), masks,
                             second.get());
            }), 2 * cells * group_width, 0};
        if (name == "least_bounds")
            return {[this] { kernels.least_bounds(bounds.get(), n, 4, half_norms.data(), static_cast<int>(n), upper.get()); }, 0,
                    static_cast<double>(n) * 20};
        if (name == "failing")
            return {[this] { kernels.failing(bounds.get(), 0.1f, upper.get(), static_cast<int>(n), found.data()); }, 0,
                    static_cast<double>(n) * 8};
        if (name == "failing_lanes")
            return {tiles(1, [this](int64_t, int) {
                kernels.failing_lanes(lanes.get(), lanes.get(), 0.5f, k, 0, lanes_found.data());
            }), 0, static_cast<double>(n) * k * 8};
        return {};
    }

    // Kernels of 16-bit numbers.
    Pass of_int16(const std::string& name) {
        const double cells = static_cast<double>(n) * static_cast<double>(d), all = 2 * cells * k;
        const int wide = kernels.int16_rows;
        if (name == "pack_int16")
            return {tiles(wide, [this](int64_t first, int count) {
                kernel.pack_int16(&pointers[first], count, d, shift.data(), Real<T>(1), 1.0f, int16_tile.get(), norms.get());
            }), 0, cells * sizeof(T)};
        if (name == "pack_centers_int16")
            return {[this] { kernels.pack_centers_int16(centers.data(), k, d, 1.0f, int16_panels.get()); }, 0,
                    static_cast<double>(k) * static_cast<double>(d) * 4};
        if (name == "nearest_int16")
            return {tiles(wide, [this](int64_t, int) {
                kernels.nearest_int16(int16_tile.get(), d, int16_panels.get(), which.data(), k, 1.0f, best.get(), second.get(),
                                      index.data());
            }), all, 0};
        if (name == "round_row")
            return {tiles(1, [this](int64_t i, int) {
                kernels.round_row(flat_rows[i % max_sift_rows], d, 1.0f, int16_tile.get());
            }), 0, cells * 4};
        if (name == "sift_int16")
            return {tiles(max_sift_rows, [this](int64_t, int count) {
                const int32_t* rows_of[max_sift_rows];
                for (int r = 0; r < max_sift_rows; ++r) rows_of[r] = int16_tile.get() + r * ((d + 1) / 2);
                kernels.sift_int16(rows_of, count, d, int16_group.get(), half_norms.data(), upper.get(), best.get(), index.data(),
                                   masks, second.get());
            }), 2 * cells * group_width, 0};
        return {};
    }

    // Kernels of whole numbers: the rows are bytes, one after another, and others eight of them at most.
    Pass of_whole(const std::string& name) {
        const double cells = static_cast<double>(n) * static_cast<double>(d);
        const int64_t pairs = (d + 1) / 2;
        const int few = std::min(k, max_others);
        if (name == "reach_bytes")
            return {tiles(kernels.tile_rows, [this, pairs, few](int64_t, int) {
                kernels.reach_bytes(byte_tile.data(), pairs, whole.data(), which.data(), few, limits.data(), reached);
            }), 2 * cells * few, 0};
        if (name == "reach_shorts")
            return {tiles(kernels.tile_rows, [this, pairs, few](int64_t, int) {
                kernels.reach_shorts(short_tile.data(), pairs, whole.data(), which.data(), few, limits.data(), reached);
            }), 2 * cells * few, 0};
        if (name == "byte_distance")
            return {tiles(1, [this](int64_t i, int) {
                gaps += kernels.byte_distance(byte_rows.data() + i * d, byte_rows.data(), d);
            }), 3 * cells, 0};
        if (name == "few_bytes") {
            const int centers_there = std::min<int>(k, group_width);
            for (int64_t i = 0; i < n; ++i) byte_pointers[i] = byte_rows.data() + i * d;
            return {tiles(max_tile_rows, [this, centers_there](int64_t first, int count) {
                kernels.few_bytes(&byte_pointers[first], count, d, whole.data(), half_norms.data(), centers_there, scores.get(), norms.get());
            }), 2 * cells * centers_there, 0};
        }
        if (name == "center_distances")
            return {tiles(1, [this](int64_t i, int) {
                kernels.center_distances(byte_rows.data() + i * d, d, whole.data(), which.data(), k, squared.get());
            }), 3 * cells * k, 0};
        return {};
    }

    // All pairs, of as many tiles as the rows fill, with some others each.
    Pass of_pairs(const std::string& name) {
        const double pairs = static_cast<double>((n + pair_rows - 1) / pair_rows * pair_rows) * pairs_at_once;
        const double products = 2 * pairs * static_cast<double>(d);
        const auto each_tile = [this](auto work) { return tiles(pair_rows, [work](int64_t, int) { work(); }); };
        if (name == "pair_products")
            return {each_tile([this] {
                kernels.pair_products(pair_tile.data(), d, pair_panels.data(), pairs_at_once, pair_squared.data());
            }), products, 0};
        if (name == "pair_differences")
            return {each_tile([this] {
                kernels.pair_differences(pair_tile.data(), d, pair_panels.data(), pairs_at_once, pair_squared.data());
            }), products * 1.5, 0};
        if (name == "pair_products_int16")
            return {each_tile([this] {
                kernels.pair_products_int16(pair_words_tile.data(), (d + 1) / 2, pair_words_panels.data(), pairs_at_once,
                                            pair_squared.data());
            }), products, 0};
        if (name == "pair_squares")
            return {each_tile([this] {
                unsure += kernels.pair_squares(pair_squared.data(), pairs_at_once, pair_norms.data(), pair_norms.data(),
                                               pair_norms.data(), pair_norms.data());
            }), 4 * pairs, 0};
        if (name == "add_roots")
            return {each_tile([this] {
                kernels.add_roots(pair_squared.data(), pairs_at_once, pair_row_sums.data(), pair_column_sums.data());
            }), 3 * pairs, 0};
        return {};
    }

    // Leaves of few columns, and rows of which every tenth value is stored.
    Pass of_the_rest(const std::string& name) {
        const double cells = static_cast<double>(n) * static_cast<double>(d);
        if (name == "leaf_nearest" && d <= max_leaf_columns)
            return {tiles(leaf_rows, [this](int64_t first, int) {
                kernel.leaf_nearest(rows.data() + std::min(first, n - leaf_rows) * d, d, exact.data(), which.data(), k,
                                    labels.data(), index.data());
            }), 3 * cells * k, 0};
        if (name == "leaf_sum" && d <= max_leaf_columns)
            return {tiles(leaf_rows, [this](int64_t first, int) {
                kernel.leaf_sum(rows.data() + std::min(first, n - leaf_rows) * d, d, shift.data(), grid.data(), ~0u,
                                sums.data());
            }), 0, cells * sizeof(T)};
        if constexpr (!std::is_same_v<T, uint8_t>) {
            const auto& sparse = [this]() -> const auto& {
                if constexpr (std::is_same_v<T, float>) return kernels.sparse32;
                else return kernels.sparse64;
            }();
            const auto stored = static_cast<int64_t>(columns.size());
            const double products = 2.0 * static_cast<double>(n) * static_cast<double>(stored);
            if (name == "sparse_scores")
                return {tiles(1, [this, &sparse, stored](int64_t i, int) {
                    sparse.scores(pointers[i], columns.data(), stored, T(1), pair_words.data(), group_width, half_norms.data(),
                                  scores.get());
                }), products * group_width, 0};
            if (name == "sparse_dots")
                return {tiles(1, [this, &sparse, stored](int64_t i, int) {
                    sparse.dots(pointers[i], columns.data(), stored, dots_panel.data(), dots.data());
                }), products * dots_width, 0};
            if (name == "sparse_add")
                return {tiles(1, [this, &sparse, stored](int64_t i, int) {
                    sparse.add(pointers[i], columns.data(), stored, column_grids.data(), 1, sums.data());
                }), 0, static_cast<double>(n) * static_cast<double>(stored) * (sizeof(T) + 4 + sizeof(ColumnGrid<T>) + 16)};
            if (name == "sparse_move")
                return {tiles(1, [this, &sparse](int64_t, int) {
                    const CutColumns<T> cut{sums.data(), dots_panel.data(), dots_panel.data(), grid.data(), shift.data()};
                    sparse.move(cut, 3.0, d, cut_means.data());
                }), 0, cells * 48};
        }
        return of_sparse_centers(name);
    }

    // Kernels of sparse rows that look at centers, sums and bounds only: as often as there are rows.
    Pass of_sparse_centers(const std::string& name) {
        const double cells = static_cast<double>(n) * static_cast<double>(d), pairs = static_cast<double>(n) * k;
        const int wide = (k + group_width - 1) / group_width * group_width;
        if (name == "pair_columns")
            return {tiles(1, [this](int64_t, int) {
                double squares[4] = {};
                kernels.pair_columns(exact.data(), exact.data() + (k - 1) * d, d, 1.0, pair_words.data(), squares);
            }), 0, cells * 20};
        if (name == "off_spread")
            return {tiles(1, [this](int64_t, int) {
                cut_means[0] = kernels.off_spread(sums.data(), dots_panel.data(), grid.data(), exact.data(), 3.0, d);
            }), 0, cells * 32};
        if (name == "least_lanes")
            return {tiles(1, [this, wide](int64_t, int) {
                index[0] = kernels.least_lanes(lanes.get(), wide, best.get(), second.get());
            }), pairs, 0};
        if (name == "distance_lanes")
            return {tiles(1, [this, wide](int64_t, int) {
                kernels.distance_lanes(lanes.get(), wide, 2.0f, 1.0f, lane_bounds.get());
            }), 4 * pairs, 0};
        if (name == "lower_lanes")
            return {tiles(1, [this, wide](int64_t, int) {
                kernels.lower_lanes(lanes.get(), wide, 0.99f, 0.0f, 1.0f, 0.01f, lane_bounds.get());
            }), 4 * pairs, 0};
        if (name == "keep_lanes")
            return {tiles(1, [this, wide](int64_t, int) {
                unsure += kernels.keep_lanes(lane_bounds.get(), lanes.get(), wide, 0.0f);
            }), 3 * pairs, 0};
        return {};
    }

    const Kernels& kernels;
    const RowKernels<T>& kernel;
    Matrix<T> rows;
    Matrix<float> centers;
    int64_t n, d;
    int k;
    std::vector<const T*> pointers;
    std::vector<Real<T>> shift, real_centers;
    std::vector<double> exact;
    std::vector<float> half_norms;
    std::vector<int32_t> which, labels, index, found;
    std::vector<double> grid;
    std::vector<int64_t> sums;
    std::vector<T> low, high;
    FloatBuffer tile, panels, scores, group, flat, norms, best, second, bounds, upper, squared;
    Buffer<int32_t> int16_tile = zeros((d + 1) / 2 * max_tile_rows), int16_panels = zeros((d + 1) / 2 * k),
                    int16_group = zeros((d + 1) / 2 * group_width);
    const float* flat_rows[max_sift_rows];
    uint32_t masks[max_sift_rows];
    std::vector<uint8_t> bytes = std::vector<uint8_t>(d);
    FloatBuffer lanes = float_buffer(k + group_width), lane_bounds = float_buffer(k + group_width);
    std::vector<uint32_t> pair_words = std::vector<uint32_t>(d * group_width / 2, 0x3f803f80);
    std::vector<double> cut_means = std::vector<double>(d);
    std::vector<ColumnGrid<T>> column_grids = std::vector<ColumnGrid<T>>(d, {T(0), 1023 + 40, false, false});
    std::vector<int32_t> lanes_found = std::vector<int32_t>(k + group_width);
    std::vector<int32_t> columns;
    std::vector<double> dots_panel = std::vector<double>(d * dots_width, 0.5), dots = std::vector<double>(dots_width);
    static constexpr int pairs_at_once = 64;
    std::vector<double> pair_tile = std::vector<double>(d * pair_rows, 1.0), pair_panels = std::vector<double>(d * pairs_at_once, 2.0),
                        pair_squared = std::vector<double>(pair_rows * pairs_at_once, 1.0), pair_norms = std::vector<double>(pairs_at_once, 1.0),
                        pair_row_sums = std::vector<double>(pair_rows), pair_column_sums = std::vector<double>(pairs_at_once * pair_lanes);
    std::vector<int32_t> pair_words_tile = std::vector<int32_t>((d + 1) / 2 * pair_rows, 0x10001),
                         pair_words_panels = std::vector<int32_t>((d + 1) / 2 * pairs_at_once, 0x10001);
    uint64_t unsure = 0, changed = 0;
    static constexpr int max_others = 8; // as many as k-means++ tries for a thousand clusters
    std::vector<const uint8_t*> byte_pointers = std::vector<const uint8_t*>(n);
    std::vector<uint8_t> byte_rows = std::vector<uint8_t>(n * d, 100);
    std::vector<uint8_t> byte_tile = std::vector<uint8_t>((d + 1) * max_tile_rows, 3);
    std::vector<int16_t> short_tile = std::vector<int16_t>((d + 1) * max_tile_rows, 3);
    std::vector<int16_t> whole = std::vector<int16_t>((d + 1) * k, 5);
    std::vector<int32_t> limits = std::vector<int32_t>(max_tile_rows, 1);
    uint64_t reached[max_others];
    int64_t gaps = 0;
};

double seconds(const std::function<void()>& run) {
    const auto start = std::chrono::steady_clock::now();
    run();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double least_seconds(const std::function<void()>& run, int repeats) {
    double least = seconds(run);
    for (int i = 1; i < repeats; ++i) least = std::min(least, seconds(run));
    return least;
}

// The shortest of `repeats` passes over the rows: its seconds, and the operations and bytes of one pass.
template <class T>
nb::tuple time_kernel(const std::string& simd, const std::string& kernel, Matrix<T> rows, Matrix<float> centers, int repeats) {
    Stage<T> stage(called(simd), rows, centers);
    const Pass pass = stage.pass(kernel);
    return nb::make_tuple(least_seconds(pass.run, repeats), pass.operations, pass.bytes);
}

// Floating-point operations a second that one core could do at most.
double peak(const std::string& simd, int repeats) {
    const Kernels& kernels = called(simd);
    constexpr int64_t rounds = 1 << 15;
    float sink[max_tile_rows] = {0.5f, 0.5f};
    const double least = least_seconds([&] { kernels.multiply_adds(rounds, sink); sink[0] = sink[1] = 0.5f; }, repeats);
    return 2.0 * 12 * kernels.register_floats * static_cast<double>(rounds) / least;
}

// Seconds of a call of parallel() for blocks of `rounds` multiply-adds each: what handing out work costs.
double time_parallel(int threads, int64_t blocks, int64_t rounds, int repeats) {
    std::vector<FloatBuffer> sinks;
    for (int worker = 0; worker < threads; ++worker) {
        sinks.push_back(float_buffer(max_tile_rows));
        std::fill(sinks.back().get(), sinks.back().get() + max_tile_rows, 0.5f);
    }
    const Kernels& kernels = best_kernels();
    const Body body = [&](int worker, int64_t) { kernels.multiply_adds(rounds, sinks[worker].get()); };
    return least_seconds([&] { parallel(threads, blocks, body, {}); }, repeats);
}

// How often each block was worked on; the block `bad` fails (-1: none does).
nb::object parallel_counts(int threads, int64_t blocks, int64_t bad) {
    std::vector<int32_t> counts(blocks);
    {
        const Released released;
        parallel(threads, blocks, [&](int, int64_t block) {
            if (block == bad) throw std::runtime_error("a bad block");
            ++counts[block];
        }, {});
    }
    const auto n = static_cast<size_t>(blocks);
    return to_numpy(std::move(counts), {n});
}

} // namespace
} // namespace kmosaic

void bind_kernels_bench(nanobind::module_& module) {
    module.def("peak", &kmosaic::peak);
    module.def("time_parallel", &kmosaic::time_parallel);
    module.def("parallel_counts", &kmosaic::parallel_counts);
    module.def("time_kernel", &kmosaic::time_kernel<float>);
    module.def("time_kernel", &kmosaic::time_kernel<double>);
    module.def("time_kernel", &kmosaic::time_kernel<uint8_t>);
}
