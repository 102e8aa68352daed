#include "seed.hpp"

#include "contest.hpp"
#include "head.hpp"

#include <limits>

namespace kmosaic {
namespace {

// What the limit leaves for copies of the rows in small numbers: 36 bytes a row are for order, distances and masks.
template <class T>
double room_for_copies(const Problem<T>& problem, int64_t memory_limit) {
    if (memory_limit <= 0) return std::numeric_limits<double>::infinity();
    const int64_t held = 36 * problem.rows.n + (problem.head ? problem.head->bytes() : 0);
    return static_cast<double>(memory_limit - held);
}

} // namespace

template <class T>
std::vector<int64_t> plus_plus(const Problem<T>& problem, const ContentOrder<T>& order, int k, int trials,
                               const double* uniforms, int64_t memory_limit) {
    std::vector<int64_t> chosen = draw_rows(problem.rows, problem.frame, order, uniforms++, 1, problem.poll);
    Contest<T> contest(problem, order, trials, room_for_copies(problem, memory_limit));
    contest.first(chosen[0]);
    for (; static_cast<int>(chosen.size()) < k; uniforms += trials) {
        const bool done = contest.potential().total() == 0; // every row is a copy of a center
        chosen.push_back(done ? chosen[0] : contest.keep_best(first_copies(contest.potential().draw(uniforms, trials))));
    }
    return chosen;
}

template <class T>
std::vector<int64_t> plain_plus_plus(const Problem<T>& problem, const ContentOrder<T>& order, int k, uint64_t seed,
                                     int64_t memory_limit) {
    Uniforms uniforms(seed);
    const double where = uniforms.next();
    const int64_t first = draw_rows(problem.rows, problem.frame, order, &where, 1, problem.poll)[0];
    Nearing<T> nearing(problem, order, most_trials, room_for_copies(problem, memory_limit));
    return PlainPlusPlus<Nearing<T>>(nearing, uniforms).run(first, k);
}

template <class T>
Oversampled oversample(const Problem<T>& problem, const ContentOrder<T>& order, int each, int rounds, int least,
                       uint64_t seed, int64_t memory_limit) {
    Uniforms uniforms(seed);
    const double where = uniforms.next();
    const int64_t first = draw_rows(problem.rows, problem.frame, order, &where, 1, problem.poll)[0];
    Nearing<T> nearing(problem, order, most_trials, room_for_copies(problem, memory_limit));
    nearing.keep_nearest();
    Oversampled found;
    found.rows = oversample(nearing, first, each, rounds, least, uniforms);
    found.weights = weights_of(problem.rows, nearing, found.rows.size(), problem.frame.largest_weight);
    return found;
}

template <class T>
std::vector<int64_t> draw_rows(const Rows<T>& rows, const Frame<T>& frame, const ContentOrder<T>& order,
                               const double* uniforms, int count, const Poll& poll) {
    const Masses masses(frame.largest_weight);
    const auto mass = [&](int64_t i) { return masses.weight(rows.weight(i)) * rows.count(i); };
    return first_copies(order.draw(order.bucket_masses(poll, mass), uniforms, count, mass));
}

#define INSTANTIATE(T) \
    template std::vector<int64_t> plus_plus(const Problem<T>&, const ContentOrder<T>&, int, int, const double*, int64_t); \
    template std::vector<int64_t> plain_plus_plus(const Problem<T>&, const ContentOrder<T>&, int, uint64_t, int64_t); \
    template Oversampled oversample(const Problem<T>&, const ContentOrder<T>&, int, int, int, uint64_t, int64_t); \
    template std::vector<int64_t> draw_rows(const Rows<T>&, const Frame<T>&, const ContentOrder<T>&, const double*, int, \
                                            const Poll&);
INSTANTIATE(float)
INSTANTIATE(double)
INSTANTIATE(uint8_t)
#undef INSTANTIATE

} // namespace kmosaic
