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
        chosen.push_back(done ? chosen[0] : contest.keep_best(contest.potential().draw(uniforms, trials)));
    }
    return chosen;
}

template <class T>
std::vector<int64_t> draw_rows(const Rows<T>& rows, const Frame<T>& frame, const ContentOrder<T>& order,
                               const double* uniforms, int count, const Poll& poll) {
    const Masses masses(frame.largest_weight);
    const auto mass = [&](int64_t i) { return masses.weight(rows.weight(i)) * rows.count(i); };
    return order.draw(order.bucket_masses(poll, mass), uniforms, count, mass);
}

template std::vector<int64_t> plus_plus(const Problem<float>&, const ContentOrder<float>&, int, int, const double*,
                                        int64_t);
template std::vector<int64_t> plus_plus(const Problem<double>&, const ContentOrder<double>&, int, int, const double*,
                                        int64_t);
template std::vector<int64_t> plus_plus(const Problem<uint8_t>&, const ContentOrder<uint8_t>&, int, int, const double*,
                                        int64_t);
template std::vector<int64_t> draw_rows(const Rows<float>&, const Frame<float>&, const ContentOrder<float>&,
                                        const double*, int, const Poll&);
template std::vector<int64_t> draw_rows(const Rows<double>&, const Frame<double>&, const ContentOrder<double>&,
                                        const double*, int, const Poll&);
template std::vector<int64_t> draw_rows(const Rows<uint8_t>&, const Frame<uint8_t>&, const ContentOrder<uint8_t>&,
                                        const double*, int, const Poll&);

} // namespace kmosaic
