#include "engine/feed/amqp_settings.hpp"

#include <amqp.h>
#include <fmt/format.h>

namespace checkwatches::feed {
namespace {

error no_address(std::string what)
{
    return error{.kind = error_kind::configuration, .message = std::move(what)};
}

} // namespace

std::string amqp_address::text() const
{
    return fmt::format(
        "{}://{}:{}/{}",
        is_tls ? "amqps" : "amqp",
        host.find(':') == std::string::npos ? host : "[" + host + "]",
        port,
        vhost == "/" ? "" : vhost);
}

result<amqp_address> parse_amqp_address(std::string_view text)
{
    auto const scheme = text.find("://");
    auto const at = text.find('@');
    bool const has_user = scheme != std::string_view::npos && at != std::string_view::npos;
    if (has_user && text.substr(scheme + 3, at - scheme - 3).find(':') != std::string_view::npos)
        return no_address(
            "there is a password in the address of the broker: it belongs into a file that nobody else may "
            "read, which \"password_file\" names");
    // The library takes the text apart where it stands, and its answer points into that.
    std::string own{text};
    amqp_connection_info parts{};
    amqp_default_connection_info(&parts);
    bool const is_read = own.find('\0') == std::string::npos && text.find('?') == std::string_view::npos
                         && amqp_parse_url(own.data(), &parts) == AMQP_STATUS_OK;
    if (!is_read || *parts.host == '\0' || parts.port < 1 || parts.port > 65'535)
        return no_address(fmt::format(
            "\"{}\" is no address of a broker; \"amqps://user@broker.example.org/vhost\" would be one", text));
    amqp_address out;
    out.is_tls = parts.ssl != 0;
    out.host = parts.host;
    out.port = static_cast<std::uint16_t>(parts.port);
    out.user = parts.user;
    if (*parts.vhost != '\0')
        out.vhost = parts.vhost;
    return out;
}

} // namespace checkwatches::feed
