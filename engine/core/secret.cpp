#include "engine/core/secret.hpp"

#include <ostream>

namespace checkwatches {
namespace {

// Up to its capacity, since a short string that was moved from keeps its bytes; this never allocates.
// Through volatile, so that the compiler may not leave the stores out.
void overwrite(std::string& text) noexcept
{
    text.resize(text.capacity());
    char volatile* const byte = text.data();
    for (std::size_t i = 0; i != text.size(); ++i)
        byte[i] = 0;
    text.clear();
}

} // namespace

secret::secret(std::string value) : value_{std::move(value)}
{
    overwrite(value);
}

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
    overwrite(value_);
}

std::ostream& operator<<(std::ostream& out, secret const&)
{
    return out << "***";
}

} // namespace checkwatches
