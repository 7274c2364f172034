#include "storage/chain.hpp"

#include "engine/core/sha256.hpp"

#include <fmt/format.h>

#include <iterator>
#include <optional>

namespace checkwatches::storage {
namespace {

constexpr std::size_t hash_digits = 40;

// Each part with its length in front ("3:New"), so that no two entries read alike; "-" is nothing.
void append(std::string& to, std::optional<std::string> const& text)
{
    if (text)
        fmt::format_to(std::back_inserter(to), "{}:{}", text->size(), *text);
    else
        to += '-';
}

template <class Id>
std::optional<std::string> digits_of(std::optional<Id> id)
{
    return id ? std::optional{fmt::format("{}", static_cast<std::int64_t>(*id))} : std::nullopt;
}

} // namespace

std::string hash_of(change const& entry)
{
    std::string text;
    append(text, fmt::format("{}", entry.id));
    append(text, fmt::format("{}", entry.at.time_since_epoch().count()));
    append(text, digits_of(entry.from));
    append(text, digits_of(entry.bug));
    append(text, entry.field);
    append(text, entry.before);
    append(text, entry.after);
    append(text, entry.remote_before);
    append(text, entry.remote_after);
    append(text, entry.reason);
    append(text, entry.actor);
    append(text, entry.previous);

    return sha256_of(text).substr(0, hash_digits);
}

} // namespace checkwatches::storage
