// Memory that starts on a cache line.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <new>
#include <type_traits>
#include <vector>

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace kmosaic {

struct Freed {
    void operator()(void* memory) const { std::free(memory); }
};

template <class V>
using Buffer = std::unique_ptr<V[], Freed>;
using FloatBuffer = Buffer<float>;

template <class V>
Buffer<V> buffer(int64_t count) {
    static_assert(std::is_trivial_v<V>);
    constexpr size_t page = size_t(1) << 21, large = 4 * page;
    const size_t wanted = static_cast<size_t>(std::max<int64_t>(count, 1)) * sizeof(V);
    const size_t alignment = wanted < large ? 64 : page;
    auto* memory = static_cast<V*>(std::aligned_alloc(alignment, (wanted + alignment - 1) / alignment * alignment));
    if (!memory) throw std::bad_alloc();
#if defined(MADV_HUGEPAGE)
    // In pages of two megabytes where the system has them: memory is there sooner, and found sooner. If not, nothing is lost.
    if (alignment == page) madvise(memory, wanted, MADV_HUGEPAGE);
#endif
    return Buffer<V>(memory);
}

inline FloatBuffer float_buffer(int64_t count) { return buffer<float>(count); }

} // namespace kmosaic
