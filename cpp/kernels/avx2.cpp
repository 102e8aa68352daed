// Built with the flags of its instruction set (see CMakeLists.txt).
#include "fast.inl.hpp"

namespace kmosaic {
extern const Kernels avx2_kernels;
const Kernels avx2_kernels = make_table("avx2");
} // namespace kmosaic
