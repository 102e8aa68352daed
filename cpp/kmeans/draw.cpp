#include "draw.hpp"

#include "sparse.hpp"

#include <algorithm>
#include <bit>
#include <numeric>

namespace kmosaic {
namespace {

uint64_t bits_of(float x) { return std::bit_cast<uint32_t>(x + 0.0f); } // -0 becomes 0: they are the same number
uint64_t bits_of(double x) { return std::bit_cast<uint64_t>(x + 0.0); }
uint64_t bits_of(uint8_t x) { return bits_of(static_cast<double>(x)); } // pixels are drawn as if given as float64

uint64_t mix(uint64_t h) { // the finalizer of MurmurHash3 (Appleby, public domain)
    h = (h ^ (h >> 33)) * 0xff51afd7ed558ccdULL;
    h = (h ^ (h >> 33)) * 0xc4ceb9fe1a85ec53ULL;
    return h ^ (h >> 33);
}

// Four chains side by side, so that multiplications need not wait for each other.
template <class T>
uint64_t hash_of(const T* x, int64_t d) {
    constexpr uint64_t odd = 0x9e3779b97f4a7c15ULL;
    uint64_t chain[4] = {1, 2, 3, 4};
    int64_t j = 0;
    for (; j + 4 <= d; j += 4)
        for (int i = 0; i < 4; ++i) chain[i] = std::rotl((chain[i] ^ bits_of(x[j + i])) * odd, 29);
    for (; j < d; ++j) chain[j % 4] = std::rotl((chain[j % 4] ^ bits_of(x[j])) * odd, 29);
    return mix(chain[0] + mix(chain[1] + mix(chain[2] + mix(chain[3]))));
}

// Zeros that are written out are no part of the content.
template <class T>
uint64_t hash_of(const SparseRow<T>& x, int64_t) {
    uint64_t hash = 0;
    for (int64_t p = 0; p < x.count; ++p)
        if (x.values[p] != 0) hash += mix(mix(bits_of(x.values[p]) + 1) + static_cast<uint64_t>(x.columns[p]));
    return mix(hash);
}

// floor(total * uniform) in integers; a uniform number has 53 bits.
Wide share_of(Wide total, double uniform) {
    const auto numerator = static_cast<Wide>(uniform * 0x1p53);
    const Wide low = total & ((Wide(1) << 53) - 1);
    return (total >> 53) * numerator + ((low * numerator) >> 53);
}

} // namespace

template <class T>
ContentOrder<T>::ContentOrder(const Rows<T>& rows, int threads, const Poll& poll)
    : threads_(worth_threads(4.0 * rows.n * rows.width(), threads)),
      blocks_(cut(rows.n, 4.0 * rows.width(), threads_, 1)), hash_(rows.n), sorted_(rows.n) {
    const int bits = std::clamp(static_cast<int>(std::bit_width(static_cast<uint64_t>(rows.n))) / 2, 1, 12);
    shift_ = 64 - bits;
    starts_.resize((size_t(1) << bits) + 1);
    parallel(threads_, blocks_.count, [&](int, int64_t block) {
        for (int64_t i = blocks_.begin(block); i < blocks_.end(block); ++i) hash_[i] = hash_of(rows.row(i), rows.d);
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
            return hash_[x] != hash_[y] ? hash_[x] < hash_[y] : x < y;
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
