// Memory that starts on a cache line.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <new>
#include <type_traits>
#include <vector>

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
    const size_t bytes = (static_cast<size_t>(std::max<int64_t>(count, 1)) * sizeof(V) + 63) / 64 * 64;
    auto* memory = static_cast<V*>(std::aligned_alloc(64, bytes));
    if (!memory) throw std::bad_alloc();
    return Buffer<V>(memory);
}

inline FloatBuffer float_buffer(int64_t count) { return buffer<float>(count); }

} // namespace kmosaic
