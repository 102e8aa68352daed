#include "seed.hpp"

#include "contest.hpp"

namespace kmosaic {

template <class T>
std::vector<int64_t> plus_plus(const Problem<T>& problem, const ContentOrder<T>& order, int k, int trials,
                               const double* uniforms) {
    std::vector<int64_t> chosen = draw_rows(problem.rows, problem.frame, order, uniforms++, 1, problem.poll);
    Contest<T> contest(problem, order, trials);
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
    const auto mass = [&](int64_t i) { return masses.weight(rows.weight(i)); };
    return order.draw(order.bucket_masses(poll, mass), uniforms, count, mass);
}

template std::vector<int64_t> plus_plus(const Problem<float>&, const ContentOrder<float>&, int, int, const double*);
template std::vector<int64_t> plus_plus(const Problem<double>&, const ContentOrder<double>&, int, int, const double*);
template std::vector<int64_t> plus_plus(const Problem<uint8_t>&, const ContentOrder<uint8_t>&, int, int, const double*);
template std::vector<int64_t> draw_rows(const Rows<float>&, const Frame<float>&, const ContentOrder<float>&,
                                        const double*, int, const Poll&);
template std::vector<int64_t> draw_rows(const Rows<double>&, const Frame<double>&, const ContentOrder<double>&,
                                        const double*, int, const Poll&);
template std::vector<int64_t> draw_rows(const Rows<uint8_t>&, const Frame<uint8_t>&, const ContentOrder<uint8_t>&,
                                        const double*, int, const Poll&);

} // namespace kmosaic
