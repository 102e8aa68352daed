// While the core computes: other Python threads run, and this one computes as IEEE 754 has it.
#pragma once

#include "../kmeans/gradual.hpp"

#include <nanobind/nanobind.h>

namespace kmosaic {

class Released {
    const nanobind::gil_scoped_release others_run_;
    const Gradual gradual_;
};

} // namespace kmosaic
