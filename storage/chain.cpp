#include "storage/chain.hpp"

#include "engine/core/sha256.hpp"
#include "storage/log_part.hpp"

#include <fmt/format.h>

#include <charconv>
#include <iterator>
#include <stdexcept>

namespace checkwatches::storage {
namespace {

constexpr std::size_t hash_digits = 40;
constexpr std::size_t key_digits = 15; // 60 bits: no sign

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

std::int64_t hash_key(std::string_view hash)
{
    auto const range = hash_range(hash);
    if (!range || range->first != range->second)
        throw std::logic_error{"no hash of an entry of the log"};
    return range->first;
}

std::optional<std::pair<std::int64_t, std::int64_t>> hash_range(std::string_view digits)
{
    bool const is_one = digits.size() >= least_hash_digits && digits.size() <= hash_digits
                        && digits.find_first_not_of("0123456789abcdef") == std::string_view::npos;
    if (!is_one)
        return std::nullopt;
    auto const known = digits.substr(0, key_digits);
    std::int64_t first = 0;
    std::from_chars(known.data(), known.data() + known.size(), first, 16);
    auto const open_bits = 4 * (key_digits - known.size());
    first <<= open_bits;
    return std::pair{first, first + (std::int64_t{1} << open_bits) - 1};
}

} // namespace checkwatches::storage
