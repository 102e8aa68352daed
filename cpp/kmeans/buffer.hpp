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
#include <malloc.h>
#include <sys/mman.h>
#endif

namespace kmosaic {

struct Freed {
    void operator()(void* memory) const { std::free(memory); }
};

// Pages of memory are had one by one, which takes as long as to fill them; large ones are had sooner.
inline constexpr size_t huge_page = size_t(1) << 21, many_bytes = 4 * huge_page;

template <class V>
using Buffer = std::unique_ptr<V[], Freed>;
using FloatBuffer = Buffer<float>;

template <class V>
Buffer<V> buffer(int64_t count) {
    static_assert(std::is_trivial_v<V>);
    const size_t asked = static_cast<size_t>(std::max<int64_t>(count, 1)) * sizeof(V);
    const size_t unit = asked < many_bytes ? 64 : huge_page, bytes = (asked + 63) / 64 * 64;
    void* memory = nullptr;
    if (posix_memalign(&memory, unit, bytes) != 0) throw std::bad_alloc();
#ifdef MADV_HUGEPAGE
    if (unit == huge_page) madvise(memory, bytes, MADV_HUGEPAGE); // if it can be had: it is no matter if not
#endif
    return Buffer<V>(static_cast<V*>(memory));
}

// What was let go of goes back to the system, where the library would keep it for what is asked for next.
inline void return_memory() {
#if defined(__GLIBC__)
    malloc_trim(0);
#endif
}

inline FloatBuffer float_buffer(int64_t count) { return buffer<float>(count); }

} // namespace kmosaic
