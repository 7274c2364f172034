#include "engine/app/web_config.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>

namespace checkwatches::app {
namespace {

namespace ip = boost::asio::ip;

// An IP address; one of version 6 may be in brackets.
std::optional<ip::address> address_of(std::string_view text)
{
    bool const bracketed = text.size() > 2 && text.front() == '[' && text.back() == ']';
    error_code ec;
    auto const address = ip::make_address(bracketed ? text.substr(1, text.size() - 2) : text, ec);
    bool const is_well_put = !ec && (!bracketed || address.is_v6());
    return is_well_put ? std::optional{address} : std::nullopt;
}

std::optional<ip::tcp::endpoint> endpoint_of(std::string_view text)
{
    auto const colon = text.rfind(':');
    if (colon == std::string_view::npos)
        return std::nullopt;
    auto const address = address_of(text.substr(0, colon));
    auto const digits = text.substr(colon + 1);
    std::uint16_t port = 0;
    auto const [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    bool const is_port = !digits.empty() && failure == std::errc{} && end == digits.data() + digits.size();
    // Without brackets it is not told where an address of version 6 ends.
    if (!address || !is_port || (address->is_v6() && text.front() != '['))
        return std::nullopt;
    return ip::tcp::endpoint{*address, port};
}

std::string no_place(std::string_view text)
{
    return fmt::format(
        "\"{}\" is no place to listen at; \"127.0.0.1:{}\" or \"[::1]:{}\" would be one",
        text,
        serve::usual_web_port,
        serve::usual_web_port);
}

// Why these places may not be listened at; nothing where they may.
std::optional<std::string> exposure_of(serve::web_settings const& of)
{
    auto const open = std::ranges::find_if(
        of.listen, [](ip::tcp::endpoint const& one) { return !one.address().is_loopback(); });
    if (open == of.listen.end() || !of.open_reading || of.is_public)
        return std::nullopt;
    return fmt::format(
        "others than this machine can connect to {}: say reading = \"closed\" in [web], so that they need a "
        "token, or public = true, so that whoever can connect may read",
        open->address().to_string());
}

bool is_host(std::string const& name)
{
    constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._:[]";
    return !name.empty() && name.find_first_not_of(plain) == std::string::npos;
}

} // namespace

void read_web(section& in, serve::web_settings& into)
{
    std::vector<std::string> places;
    std::vector<std::string> proxies;
    if (in.take("listen") != nullptr) {
        in.read("listen", places);
        into.listen.clear();
    }
    for (auto const& place : places) {
        if (auto const at = endpoint_of(place))
            into.listen.push_back(*at);
        else
            in.complain(in.where(), no_place(place));
    }
    in.read("hosts", into.hosts);
    for (auto const& name : into.hosts)
        if (!is_host(name))
            in.complain(in.where(), fmt::format("\"{}\" in \"hosts\" is no name of a host", name));
    in.read("proxies", proxies);
    for (auto const& proxy : proxies) {
        if (auto const address = address_of(proxy))
            into.proxies.push_back(*address);
        else
            in.complain(in.where(), fmt::format("\"{}\" in \"proxies\" is no IP address", proxy));
    }
    in.read("reading", into.open_reading, {{"open", true}, {"closed", false}});
    in.read("public", into.is_public);
    in.read("session", into.session);
    in.read("oldest_overdue", into.oldest_overdue);
    in.read("metrics_trackers", into.most_metric_trackers, 0, 10'000);
    if (auto const exposure = exposure_of(into))
        in.complain(in.where(), *exposure);
}

result<serve::web_settings> with_listen(serve::web_settings settings, std::vector<std::string> const& places)
{
    if (places.empty())
        return settings;
    auto const wrong = [](std::string what) {
        return error{.kind = error_kind::configuration, .message = "--listen: " + std::move(what)};
    };
    settings.listen.clear();
    if (places.size() == 1 && places.front() == "none")
        return settings;
    for (auto const& place : places) {
        auto const at = endpoint_of(place);
        if (!at)
            return wrong(no_place(place));
        settings.listen.push_back(*at);
    }
    if (auto const exposure = exposure_of(settings))
        return wrong(*exposure);
    return settings;
}

result<serve::web_settings>
still_listening(serve::web_settings settings, std::vector<boost::asio::ip::tcp::endpoint> const& places)
{
    settings.listen = places;
    if (auto const exposure = exposure_of(settings))
        return error{
            .kind = error_kind::configuration,
            .message = "as long as it listens where it does: " + *exposure};
    return settings;
}

} // namespace checkwatches::app
