// Built with the flags of its instruction set (see CMakeLists.txt).
#include "fast.inl.hpp"

namespace kmosaic {
extern const Kernels avx512vnni_kernels;
const Kernels avx512vnni_kernels = make_table("avx512vnni");
} // namespace kmosaic
