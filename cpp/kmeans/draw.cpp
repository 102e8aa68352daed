#include "draw.hpp"

#include "sparse.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>

namespace kmosaic {
namespace {

// All bits of a float32 tell in all bits of this; zero stays zero.
uint64_t scrambled(float x) {
    uint32_t bits = std::bit_cast<uint32_t>(x + 0.0f); // -0 becomes 0: they are the same number
    bits *= 0x9e3779b1u;
    return bits ^ bits >> 16;
}

uint64_t mix(uint64_t h) { // the finalizer of MurmurHash3 (Appleby, public domain)
    h = (h ^ (h >> 33)) * 0xff51afd7ed558ccdULL;
    h = (h ^ (h >> 33)) * 0xc4ceb9fe1a85ec53ULL;
    return h ^ (h >> 33);
}

// Columns far from zero are hashed as seen from a round number near their middle, else float32 might not tell rows apart.
// (Round, so that the last digits of the range do not matter.)
double seen_from(double middle, double half) {
    if (!(half > 0) || std::abs(middle) <= 4 * half) return 0;
    const double step = power_of_two(exponent_of(half) + 3);
    return std::nearbyint(middle / step) * step;
}

// What stands in column j as a number between others that are odd and as good as random.
template <class T>
struct Hashing {
    std::vector<double> from;     // (d)
    std::vector<uint64_t> factor; // (d)

    explicit Hashing(const Frame<T>& frame) {
        for (size_t j = 0; j < frame.half.size(); ++j) {
            from.push_back(seen_from(static_cast<double>(frame.shift[j]), frame.half[j]));
            factor.push_back(mix(j + 1) | 1);
        }
    }

    template <class Value>
    uint64_t of(Value x, int64_t j) const {
        return scrambled(static_cast<float>(static_cast<double>(x) - from[j])) * factor[j];
    }
};

template <class T>
uint64_t hash_of(const Hashing<T>& hashing, const T* x, int64_t d) {
    uint64_t sum = 0;
    for (int64_t j = 0; j < d; ++j) sum += hashing.of(x[j], j);
    return mix(sum);
}

// What is not stored adds nothing: where there are such, columns are seen from zero.
template <class T>
uint64_t hash_of(const Hashing<Sparse<T>>& hashing, const SparseRow<T>& x, int64_t) {
    uint64_t sum = 0;
    for (int64_t p = 0; p < x.count; ++p) sum += hashing.of(x.values[p], x.columns[p]);
    return mix(sum);
}

// floor(total * uniform) in integers; a uniform number has 53 bits.
Wide share_of(Wide total, double uniform) {
    const auto numerator = static_cast<Wide>(uniform * 0x1p53);
    const Wide low = total & ((Wide(1) << 53) - 1);
    return (total >> 53) * numerator + ((low * numerator) >> 53);
}

} // namespace

template <class T>
ContentOrder<T>::ContentOrder(const Rows<T>& rows, const Frame<T>& frame, int threads, const Poll& poll)
    : rows_(rows), threads_(worth_threads(4.0 * rows.n * rows.width(), threads)),
      blocks_(cut(rows.n, 4.0 * rows.width(), threads_, 1)), hash_(rows.n), sorted_(rows.n) {
    const int bits = std::clamp(static_cast<int>(std::bit_width(static_cast<uint64_t>(rows.n))) / 2 + 2, 1, 12);
    shift_ = 64 - bits;
    starts_.resize((size_t(1) << bits) + 1);
    const Hashing<T> hashing(frame);
    parallel(threads_, blocks_.count, [&](int, int64_t block) {
        for (int64_t i = blocks_.begin(block); i < blocks_.end(block); ++i) hash_[i] = hash_of(hashing, rows.row(i), rows.d);
    }, poll);
    sort(poll);
}

// By bucket first, counting; then each bucket by itself.
template <class T>
void ContentOrder<T>::sort(const Poll& poll) {
    const auto n = static_cast<int64_t>(hash_.size());
    for (int64_t i = 0; i < n; ++i) ++starts_[bucket(i) + 1];
    std::partial_sum(starts_.begin(), starts_.end(), starts_.begin());
    std::vector<int64_t> next(starts_.begin(), starts_.end() - 1);
    for (int64_t i = 0; i < n; ++i) sorted_[next[bucket(i)]++] = i;
    parallel(threads_, buckets(), [&](int, int64_t b) {
        std::sort(sorted_.begin() + starts_[b], sorted_.begin() + starts_[b + 1], [&](int64_t x, int64_t y) {
            if (hash_[x] != hash_[y]) return hash_[x] < hash_[y];
            const int order = compare(rows_, x, y);
            return order ? order < 0 : x < y;
        });
    }, poll);
}

template <class T>
std::vector<typename ContentOrder<T>::Place> ContentOrder<T>::places(const std::vector<Wide>& masses,
                                                                     const double* uniforms, int count) const {
    std::vector<Wide> until(masses.size()); // the mass of each bucket and all before it
    std::partial_sum(masses.begin(), masses.end(), until.begin());
    std::vector<Place> found;
    for (int i = 0; i < count; ++i) {
        const Wide share = share_of(until.back(), uniforms[i]);
        const auto at = std::upper_bound(until.begin(), until.end(), share) - until.begin();
        if (at == buckets()) found.push_back({-1, 0});
        else found.push_back({static_cast<int>(at), share - (until[at] - masses[at])});
    }
    return found;
}

template class ContentOrder<float>;
template class ContentOrder<double>;
template class ContentOrder<uint8_t>;
template class ContentOrder<Sparse<float>>;
template class ContentOrder<Sparse<double>>;

} // namespace kmosaic
