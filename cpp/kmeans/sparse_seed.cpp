#include "sparse_seed.hpp"

#include "sparse_nearing.hpp"

namespace kmosaic {

template <class T>
std::vector<int64_t> plus_plus(const Rows<Sparse<T>>& rows, const Frame<Sparse<T>>& frame, const Kernels& kernels,
                               const ContentOrder<Sparse<T>>& order, int k, int trials, const double* uniforms,
                               int threads, const Poll& poll) {
    SparseNearing<T> seeding(rows, frame, kernels, order, trials, threads, poll);
    std::vector<int64_t> chosen = draw_rows(rows, frame, order, uniforms++, 1, poll);
    seeding.first(chosen[0]);
    for (; static_cast<int>(chosen.size()) < k; uniforms += trials)
        chosen.push_back(seeding.potential().total() == 0 // every row is a copy of a center
                             ? chosen[0] : seeding.keep_best(first_copies(seeding.potential().draw(uniforms, trials))));
    return chosen;
}

template <class T>
std::vector<int64_t> plain_plus_plus(const Rows<Sparse<T>>& rows, const Frame<Sparse<T>>& frame, const Kernels& kernels,
                                     const ContentOrder<Sparse<T>>& order, int k, uint64_t seed, int threads, const Poll& poll) {
    Uniforms uniforms(seed);
    const double where = uniforms.next();
    SparseNearing<T> seeding(rows, frame, kernels, order, SparseNearing<T>::together, threads, poll);
    return PlainPlusPlus<SparseNearing<T>>(seeding, uniforms).run(draw_rows(rows, frame, order, &where, 1, poll)[0], k);
}

template <class T>
Oversampled oversample(const Rows<Sparse<T>>& rows, const Frame<Sparse<T>>& frame, const Kernels& kernels,
                       const ContentOrder<Sparse<T>>& order, int each, int rounds, int least, uint64_t seed, int threads,
                       const Poll& poll) {
    Uniforms uniforms(seed);
    const double where = uniforms.next();
    SparseNearing<T> seeding(rows, frame, kernels, order, SparseNearing<T>::together, threads, poll);
    seeding.keep_nearest();
    Oversampled found;
    found.rows = oversample(seeding, draw_rows(rows, frame, order, &where, 1, poll)[0], each, rounds, least, uniforms);
    found.weights = weights_of(rows, seeding, found.rows.size(), frame.largest_weight);
    return found;
}

template <class T>
std::vector<int64_t> draw_rows(const Rows<Sparse<T>>& rows, const Frame<Sparse<T>>& frame,
                               const ContentOrder<Sparse<T>>& order, const double* uniforms, int count, const Poll& poll) {
    const Masses masses(frame.largest_weight);
    const auto mass = [&](int64_t i) { return masses.weight(rows.weight(i)); };
    return first_copies(order.draw(order.bucket_masses(poll, mass), uniforms, count, mass));
}

#define INSTANTIATE(T) \
    template std::vector<int64_t> plus_plus(const Rows<Sparse<T>>&, const Frame<Sparse<T>>&, const Kernels&, \
                                            const ContentOrder<Sparse<T>>&, int, int, const double*, int, const Poll&); \
    template std::vector<int64_t> plain_plus_plus(const Rows<Sparse<T>>&, const Frame<Sparse<T>>&, const Kernels&, \
                                                  const ContentOrder<Sparse<T>>&, int, uint64_t, int, const Poll&); \
    template Oversampled oversample(const Rows<Sparse<T>>&, const Frame<Sparse<T>>&, const Kernels&, \
                                    const ContentOrder<Sparse<T>>&, int, int, int, uint64_t, int, const Poll&); \
    template std::vector<int64_t> draw_rows(const Rows<Sparse<T>>&, const Frame<Sparse<T>>&, const ContentOrder<Sparse<T>>&, \
                                            const double*, int, const Poll&);
INSTANTIATE(float)
INSTANTIATE(double)
#undef INSTANTIATE

} // namespace kmosaic
