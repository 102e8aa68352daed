// To be preloaded: operator new that fails when it is told to, and counts what is not yet given back.
#include <atomic>
#include <cstdlib>
#include <new>

namespace {

std::atomic<long> left{-1}; // allocations until one fails; negative: none does
std::atomic<long> all{0}, alive{0}, failures{0};

void* take(std::size_t size, std::size_t alignment) {
    if (left.load() >= 0 && left.fetch_sub(1) == 0) {
        failures.fetch_add(1);
        throw std::bad_alloc();
    }
    void* memory = alignment ? std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment) : std::malloc(size ? size : 1);
    if (!memory) throw std::bad_alloc();
    all.fetch_add(1);
    alive.fetch_add(1);
    return memory;
}

void give(void* memory) {
    if (memory) alive.fetch_sub(1);
    std::free(memory);
}

} // namespace

extern "C" {
void fail_after(long count) { left = count; }
long allocations() { return all; }
long allocations_alive() { return alive; }
long allocations_failed() { return failures; }
}

void* operator new(std::size_t size) { return take(size, 0); }
void* operator new[](std::size_t size) { return take(size, 0); }
void* operator new(std::size_t size, std::align_val_t alignment) { return take(size, static_cast<std::size_t>(alignment)); }
void* operator new[](std::size_t size, std::align_val_t alignment) { return take(size, static_cast<std::size_t>(alignment)); }
void operator delete(void* memory) noexcept { give(memory); }
void operator delete[](void* memory) noexcept { give(memory); }
void operator delete(void* memory, std::size_t) noexcept { give(memory); }
void operator delete[](void* memory, std::size_t) noexcept { give(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { give(memory); }
void operator delete[](void* memory, std::align_val_t) noexcept { give(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { give(memory); }
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept { give(memory); }
