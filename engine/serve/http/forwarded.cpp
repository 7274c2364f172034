#include "engine/serve/http/forwarded.hpp"

#include "engine/core/ascii.hpp"

#include <boost/asio/ip/address_v6.hpp>

#include <algorithm>
#include <optional>

namespace checkwatches::serve {
namespace {

namespace ip = boost::asio::ip;

// An IPv4 client of an IPv6 socket is what it is.
ip::address plain(ip::address const& from)
{
    if (from.is_v6() && from.to_v6().is_v4_mapped())
        return ip::make_address_v4(ip::v4_mapped, from.to_v6());
    return from;
}

std::string_view last_of_list(std::string_view text)
{
    auto const comma = text.rfind(',');
    return trimmed(comma == std::string_view::npos ? text : text.substr(comma + 1));
}

// The last element of the last field of this name.
std::string_view last_value(http_fields const& headers, std::string_view name)
{
    std::string_view out;
    for (auto const& [field, value] : headers)
        if (same_word(field, name))
            out = last_of_list(value);
    return out;
}

// "192.0.2.1", "192.0.2.1:4711", "2001:db8::1", "[2001:db8::1]:4711".
std::optional<ip::address> read_address(std::string_view text)
{
    if (text.starts_with('['))
        text = text.substr(1, text.find(']') - 1);
    else if (std::ranges::count(text, ':') == 1)
        text = text.substr(0, text.find(':'));
    boost::system::error_code ec;
    auto const out = ip::make_address(std::string{text}, ec);
    return ec ? std::nullopt : std::optional{plain(out)};
}

} // namespace

request_origin
origin_of(ip::address const& peer, http_fields const& headers, std::vector<ip::address> const& trusted)
{
    auto const from = plain(peer);
    request_origin out{.peer = from.to_string()};
    if (std::ranges::find(trusted, from) == trusted.end())
        return out;
    if (auto const client = read_address(last_value(headers, "X-Forwarded-For")))
        out.peer = client->to_string();
    out.is_secure = same_word(last_value(headers, "X-Forwarded-Proto"), "https");
    return out;
}

} // namespace checkwatches::serve
