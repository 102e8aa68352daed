// What every algorithm is: one assign step of the one loop.
#pragma once

#include "clusters.hpp"
#include "screen.hpp"

#include <limits>
#include <memory>

namespace kmosaic {

template <class T>
class Head;
template <class T>
class Compact;

// What a step works on; all of it outlives the step.
template <class T>
struct Problem {
    const Rows<T>& rows;
    const Frame<T>& frame;
    const Kernels& kernels;
    int threads;
    const Poll& poll;
    const Head<T>* head = nullptr; // leading coordinates of the rows, where they are known
    std::shared_ptr<const Compact<T>>* compact = nullptr; // where the rows as bytes are kept for the next step, once they are
    int64_t room = std::numeric_limits<int64_t>::max();   // bytes that may be held for speed alone
};

template <class T>
class Step {
public:
    virtual ~Step() = default;

    // Every row's label becomes its nearest center (float64, ties to the lowest index), whatever it was before.
    // centers.drift is how far each center went since the last call.
    virtual void assign(const Centers& centers, Clusters<T>& clusters) = 0;

    // A step may know the labels of many rows without having written them: now they are needed.
    virtual void write_labels(Clusters<T>& /*clusters*/) {}

    // The label of a row was changed by hand: nothing that was known of the row holds any more.
    virtual void forget(int64_t /*row*/) {}

    // Memory held beyond the labels and the sums.
    virtual int64_t bytes() const = 0;

    virtual Tally tally() const = 0;
};

} // namespace kmosaic
