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
      blocks_(cut(rows.n, 4.0 * rows.width(), threads_, 1)), hash_(rows.n) {
    const int bits = std::clamp(static_cast<int>(std::bit_width(static_cast<uint64_t>(rows.n))) / 2, 1, 12);
    shift_ = 64 - bits;
    buckets_ = 1 << bits;
    parallel(threads_, blocks_.count, [&](int, int64_t block) {
        for (int64_t i = blocks_.begin(block); i < blocks_.end(block); ++i) hash_[i] = hash_of(rows.row(i), rows.d);
    }, poll);
}

template <class T>
bool ContentOrder<T>::alike(const std::vector<int64_t>& rows) const {
    return std::all_of(rows.begin(), rows.end(), [&](int64_t row) { return hash_[row] == hash_[rows[0]]; });
}

template <class T>
std::vector<typename ContentOrder<T>::Place> ContentOrder<T>::places(const std::vector<Wide>& masses,
                                                                     const double* uniforms, int count) const {
    const Wide total = std::accumulate(masses.begin(), masses.end(), Wide(0));
    std::vector<Place> found;
    for (int i = 0; i < count; ++i) {
        Place place{0, share_of(total, uniforms[i])};
        while (place.bucket < buckets_ && place.share >= masses[place.bucket]) place.share -= masses[place.bucket++];
        if (place.bucket == buckets_) place.bucket = -1;
        found.push_back(place);
    }
    return found;
}

// The rows of each wanted bucket, in any order; other buckets stay empty.
template <class T>
std::vector<std::vector<int64_t>> ContentOrder<T>::members(const std::vector<Place>& places, const Poll& poll) const {
    std::vector<char> wanted(buckets_);
    for (const Place& place : places)
        if (place.bucket >= 0) wanted[place.bucket] = 1;
    std::vector<std::vector<int64_t>> part(threads_);
    parallel(threads_, blocks_.count, [&](int worker, int64_t block) {
        for (int64_t i = blocks_.begin(block); i < blocks_.end(block); ++i)
            if (wanted[bucket(i)]) part[worker].push_back(i);
    }, poll);
    std::vector<std::vector<int64_t>> found(buckets_);
    for (const auto& rows : part)
        for (const int64_t row : rows) found[bucket(row)].push_back(row);
    return found;
}

template class ContentOrder<float>;
template class ContentOrder<double>;
template class ContentOrder<uint8_t>;
template class ContentOrder<Sparse<float>>;
template class ContentOrder<Sparse<double>>;

} // namespace kmosaic
