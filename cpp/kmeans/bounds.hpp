// Bounds on distances in float32, always rounded to the safe side.
//
// All lengths are in scaled units (frame.scale times the data's). Written l for "no nearer than", u for "no farther
// than". A lower bound is kept as l + D, where D is how far its center (or its group of centers, at most) has gone in all
// iterations up to then; later it is worth that less D of then. So a row that is skipped is only read.
//
// Proof of keep() and of the kernels' (kept * shrink - D): with s = 1 - 2^-22, unit e = 2^-24 and D' the float above D,
// kept <= (l + D')(1 + e) s (1 + e), and what is read back is at most (kept s (1 + e) - D'_now)(1 + e). The factors of l + D'
// come to less than 1 - 2^-22, and D' <= D (1 + 2^-23), so that (l + D')(1 - 2^-22) <= l + D: what is read back is at
// most (l - (D_now - D))(1 + e). That last e is covered by u, which is 2^-20 too large from the first (Measure::upper()), and
// stays so, since every drift added to it is 2^-20 too long as well: where u < (what is read back), the true distances
// differ by 2^-21 of themselves at least, which is more than float64 evaluation can confuse (relative error (d/16 + 16) 2^-53
// for d up to 2^24; Measure::fits()). A D below the smallest normal number may be rounded by more than 2^-23 of itself, but by
// less than the 2^-140 that every u has too much.
#pragma once

#include "measure.hpp"

#include <cmath>
#include <limits>

namespace kmosaic {

// u after its center went `drift` (rounded up) farther.
inline float raised(float u, float drift) { return (u + drift) * (1 + 0x1p-22f); }

// l as it is kept while D' is `gone`.
inline float kept(float l, float gone) { return (l + gone) * (1 - 0x1p-22f); }

// D starts anew, and with it the bounds, once it is longer than any distance between rows (scaled): bounds are worth nothing
// then, and a D that is infinite would never let go of them.
inline constexpr double longest_gone = 0x1p10;

} // namespace kmosaic
