// Processor -> table, read as a ladder.
#include "kernels.hpp"

#include <cstdlib>
#include <cstring>

namespace kmosaic {

extern const Kernels avx512vnni_kernels, avx512_kernels, avx2_kernels, neon_kernels, baseline_kernels;

namespace {

#if defined(__x86_64__)
const bool has_avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
                        __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
const bool has_vnni = has_avx512 && __builtin_cpu_supports("avx512vnni"); // products of 16-bit numbers added up at once
const bool has_avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#endif

const Kernels* const* runnable() {
    static const Kernels* found[6] = {};
    static const bool filled = [] {
        int count = 0;
#if defined(__x86_64__)
        if (has_vnni) found[count++] = &avx512vnni_kernels;
        if (has_avx512) found[count++] = &avx512_kernels;
        if (has_avx2) found[count++] = &avx2_kernels;
#elif defined(__aarch64__)
        found[count++] = &neon_kernels;
#endif
        found[count++] = &baseline_kernels;
        found[count++] = &reference_kernels;
        return true;
    }();
    static_cast<void>(filled);
    return found;
}

} // namespace

const Kernels* kernels_by_name(const char* name) {
    for (const Kernels* const* table = runnable(); table < runnable() + 6 && *table; ++table)
        if (std::strcmp((*table)->name, name) == 0) return *table;
    return nullptr;
}

const char* const* kernel_names() {
    static const char* names[7] = {};
    for (int i = 0; i < 6 && runnable()[i]; ++i) names[i] = runnable()[i]->name;
    return names;
}

const Kernels& best_kernels() { return *runnable()[0]; }

} // namespace kmosaic
