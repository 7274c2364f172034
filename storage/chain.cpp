#include "storage/chain.hpp"

#include "engine/core/sha256.hpp"
#include "storage/log_part.hpp"

#include <fmt/format.h>

#include <charconv>
#include <stdexcept>
#include <string>
#include <string_view>

namespace checkwatches::storage {
namespace {

constexpr std::size_t usual_size = 256; // bytes, of what is hashed
constexpr std::size_t key_digits = 15;  // 60 bits: no sign

// Each part with its length in front ("3:New"), so that no two entries read alike; "-" is nothing.
void append(std::string& to, std::string_view text)
{
    to.append(fmt::format_int{text.size()}.c_str()).append(":").append(text);
}

void append(std::string& to, std::optional<std::string> const& text)
{
    if (text)
        append(to, std::string_view{*text});
    else
        to += '-';
}

void append(std::string& to, std::int64_t number)
{
    append(to, std::string_view{fmt::format_int{number}.c_str()});
}

template <class Id>
void append(std::string& to, std::optional<Id> id)
{
    if (id)
        append(to, static_cast<std::int64_t>(*id));
    else
        to += '-';
}

} // namespace

std::string hash_of(change const& entry)
{
    std::string text;
    text.reserve(usual_size);
    append(text, std::int64_t{entry.id});
    append(text, std::int64_t{entry.at.time_since_epoch().count()});
    append(text, entry.from);
    append(text, entry.bug);
    append(text, std::string_view{entry.field});
    append(text, entry.before);
    append(text, entry.after);
    append(text, entry.remote_before);
    append(text, entry.remote_after);
    append(text, std::string_view{entry.reason});
    append(text, std::string_view{entry.actor});
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
