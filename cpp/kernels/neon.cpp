// Built with the flags of its instruction set (see CMakeLists.txt).
#include "fast.inl.hpp"

namespace kmosaic {
extern const Kernels neon_kernels;
const Kernels neon_kernels = make_table("neon");
} // namespace kmosaic
