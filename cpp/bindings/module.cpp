// FLOOR 2. The only part that sees Python: arrays in, arrays out, signals and callbacks in between.
#include <nanobind/nanobind.h>

namespace nb = nanobind;

void bind_data(nb::module_& module);
void bind_kernels(nb::module_& module);
void bind_kernels_sparse(nb::module_& module);
void bind_sparse(nb::module_& module);
void bind_missing(nb::module_& module);
void bind_kernels_bounds(nb::module_& module);
void bind_kernels_int16(nb::module_& module);
void bind_kernels_bench(nb::module_& module);
void bind_kernels_whole(nb::module_& module);
void bind_kernels_pairs(nb::module_& module);

NB_MODULE(_core, module) {
    module.doc() = "The compiled core of kmosaic; kmosaic._engine is its only user.";
    bind_data(module);
    bind_kernels(module);
    bind_kernels_sparse(module);
    bind_sparse(module);
    bind_missing(module);
    bind_kernels_bounds(module);
    bind_kernels_int16(module);
    bind_kernels_bench(module);
    bind_kernels_whole(module);
    bind_kernels_pairs(module);
}
