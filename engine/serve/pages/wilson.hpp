#pragma once

#include <cstdint>

namespace checkwatches::serve::view {

// Between what shares the true one lies, with 95 % confidence.
struct interval {
    double low = 0;
    double high = 1;
};

// Wilson's score interval of `hits` among `n`: unlike the textbook's it does not collapse where there were no
// hits, and says little where n is small. With n = 0 it says nothing: 0 to 1.
interval wilson(std::int64_t hits, std::int64_t n) noexcept;

} // namespace checkwatches::serve::view
