#include "adapters/roundup/fields.hpp"

#include "adapters/roundup/words.hpp"
#include "adapters/wire/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace checkwatches::adapters::roundup {

bool way::has(std::string_view field) const
{
    return std::ranges::find(fields, field) != fields.end();
}

way read_protocol(std::string_view protocol)
{
    auto const colon = std::min(protocol.find(':'), protocol.size());
    way out{.protocol = protocol.substr(0, colon)};
    for (auto rest = protocol.substr(std::min(colon + 1, protocol.size())); !rest.empty();) {
        auto const end = std::min(rest.find(','), rest.size());
        if (end != 0)
            out.fields.emplace_back(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return out;
}

std::string protocol_text(std::string_view protocol, std::vector<std::string> const& fields)
{
    return fmt::format("{}:{}", protocol, fmt::join(fields, ","));
}

request get(remote const& at, std::string_view relative, std::string_view login)
{
    request rq{.url = join(at.api() ? *at.api() : at.base(), relative)};
    // Without it a request that carries a login is taken for one that a page made behind its user's back.
    rq.headers.emplace_back("X-Requested-With", "rest");
    if (login == by_basic)
        rq.login = login_place{.place = login_place::where::basic};
    if (login == by_bearer)
        rq.login = login_place{
            .place = login_place::where::header, .name = "Authorization", .prefix = "Bearer "};
    return rq;
}

std::optional<utc_time> read_time(std::string_view text)
{
    constexpr std::size_t date = 10; // "2026-11-20"
    std::string iso{wire::trimmed(text)};
    if (iso.size() <= date || iso[date] != '.')
        return std::nullopt;
    iso[date] = 'T';
    return parse_time(iso, naive_time::is_utc);
}

std::string plain_word(std::string_view text)
{
    auto const word = wire::trimmed(text);
    return word == "None" ? std::string{} : std::string{word};
}

void mark_missing_resolution(way const& by, raw_words& words)
{
    if (words.resolution.empty() && by.has("resolution") && wire::same_word(words.status, "closed"))
        words.resolution = no_resolution;
}

} // namespace checkwatches::adapters::roundup
