#include "engine/core/secret.hpp"

#include <utility>

namespace checkwatches {

secret& secret::operator=(secret const& other)
{
    if (this != &other) {
        wipe();
        value_ = other.value_;
    }
    return *this;
}

secret& secret::operator=(secret&& other) noexcept
{
    if (this != &other) {
        wipe();
        value_ = std::move(other.value_);
        other.wipe();
    }
    return *this;
}

void secret::wipe() noexcept
{
    // Through volatile, so that the compiler may not leave the stores out.
    char volatile* byte = value_.data();
    for (std::size_t i = 0; i != value_.size(); ++i)
        byte[i] = 0;
    value_.clear();
}

} // namespace checkwatches
