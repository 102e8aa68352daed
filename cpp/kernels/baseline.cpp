// Built with the flags of its instruction set (see CMakeLists.txt).
#include "fast.inl.hpp"

namespace kmosaic {
extern const Kernels baseline_kernels;
const Kernels baseline_kernels = make_table("baseline");
} // namespace kmosaic
