#include "engine/serve/http/hosts.hpp"

#include "engine/core/ascii.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <charconv>

namespace checkwatches::serve {
namespace {

namespace asio = boost::asio;

constexpr std::uint16_t http_port = 80;

std::optional<std::uint16_t> read_port(std::string_view text)
{
    std::uint16_t out = 0;
    auto const [end, ec] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (ec != std::errc{} || end != text.data() + text.size() || out == 0)
        return std::nullopt;
    return out;
}

bool is_name(std::string_view text)
{
    return !text.empty() && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
    });
}

// The address that the name spells.
std::optional<asio::ip::address> address_of(std::string_view name)
{
    if (name.starts_with('['))
        name = name.substr(1, name.size() - 2);
    boost::system::error_code ec;
    auto const out = asio::ip::make_address(std::string{name}, ec);
    return ec ? std::nullopt : std::optional{out};
}

} // namespace

std::optional<host_name> read_host(std::string_view text)
{
    host_name out;
    auto const start = text.starts_with('[') ? text.find(']') : 0;
    if (start == std::string_view::npos)
        return std::nullopt;
    auto const colon = text.find(':', start);
    out.name = lower(text.substr(0, colon));
    if (colon != std::string_view::npos && colon + 1 != text.size()) {
        out.port = read_port(text.substr(colon + 1));
        if (!out.port)
            return std::nullopt;
    }
    bool const is_good = start == 0 ? is_name(out.name)
                                    : out.name.ends_with(']') && address_of(out.name).has_value();
    return is_good ? std::optional{std::move(out)} : std::nullopt;
}

known_hosts::known_hosts(std::vector<std::string> const& allowed)
{
    for (auto const& text : allowed)
        if (auto host = read_host(text))
            allowed_.push_back(std::move(*host));
}

bool known_hosts::knows(host_name const& asked, asio::ip::tcp::endpoint const& local) const
{
    auto const is_asked = [&](host_name const& one) {
        return one.name == asked.name && (!one.port || one.port == asked.port);
    };
    if (std::ranges::any_of(allowed_, is_asked))
        return true;
    if (asked.port.value_or(http_port) != local.port())
        return false;
    if (asked.name == "localhost")
        return true;
    auto const address = address_of(asked.name);
    return address && (address->is_loopback() || *address == local.address());
}

} // namespace checkwatches::serve
