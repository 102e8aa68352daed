// While one of these lives, this thread computes as IEEE 754 has it: rounded to the nearest, numbers below the smallest normal
// one included. A library may have told the processor to take these for zero (-ffast-math), which error bounds do not allow for.
#pragma once

#include <cstdint>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace kmosaic {

class Gradual {
public:
    Gradual() : before_(read()) { write(before_ & ~changed); }
    ~Gradual() { write(before_); }
    Gradual(const Gradual&) = delete;
    Gradual& operator=(const Gradual&) = delete;

private:
#if defined(__x86_64__)
    using Word = uint32_t;
    static constexpr Word changed = 0xE040; // flush to zero, the two bits of rounding, denormals are zero
    static Word read() { return _mm_getcsr(); }
    static void write(Word word) { _mm_setcsr(word); }
#elif defined(__aarch64__)
    using Word = uint64_t;
    static constexpr Word changed = Word(7) << 22; // the two bits of rounding, flush to zero
    static Word read() {
        Word word;
        __asm__ volatile("mrs %0, fpcr" : "=r"(word));
        return word;
    }
    static void write(Word word) { __asm__ volatile("msr fpcr, %0" : : "r"(word)); }
#else
    using Word = uint32_t;
    static constexpr Word changed = 0;
    static Word read() { return 0; }
    static void write(Word) {}
#endif

    const Word before_;
};

} // namespace kmosaic
