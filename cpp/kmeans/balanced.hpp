// The assign step where clusters have a least and a most number of rows: all rows are assigned together, at the least inertia
// that such sizes allow (Bradley, Bennett & Demiriz 2000). transport.hpp has the method.
#pragma once

#include "step.hpp"
#include "transport.hpp"

#include <vector>

namespace kmosaic {

template <class T>
class Balanced : public Step<T> {
public:
    // Rows of weight 0 do not count; they go to their nearest center.
    Balanced(const Problem<T>& problem, int k, int64_t least, int64_t most);

    void assign(const Centers& centers, Clusters<T>& clusters) override;
    int64_t bytes() const override;
    Tally tally() const override { return tally_; }

private:
    void measure(const Centers& centers);

    const Problem<T> problem_;
    const int k_;
    std::vector<int64_t> counting_; // rows that have a weight
    Transport transport_;
    std::vector<double> costs_;     // (counting rows, k) weight times squared distance
    std::vector<int32_t> labels_;   // of the counting rows
    Tally tally_;
};

extern template class Balanced<float>;
extern template class Balanced<double>;
extern template class Balanced<uint8_t>;

} // namespace kmosaic
