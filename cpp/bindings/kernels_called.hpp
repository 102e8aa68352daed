// A table of kernels by its name, and what the bindings of single kernels ask of their arrays.
#pragma once

#include "../kernels/kernels.hpp"

#include <stdexcept>
#include <string>

namespace kmosaic {

inline const Kernels& called(const std::string& name) {
    const Kernels* found = kernels_by_name(name.c_str());
    if (!found) throw std::invalid_argument("no such instruction set on this processor: " + name);
    return *found;
}

// Empty: the best there is.
inline const Kernels& kernels_called(const std::string& name) { return name.empty() ? best_kernels() : called(name); }

inline void ask(bool fits) {
    if (!fits) throw std::invalid_argument("the arrays do not fit together");
}

} // namespace kmosaic
