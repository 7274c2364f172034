#include "engine/feed/amqp_trouble.hpp"

#include <fmt/format.h>

#include <string>

namespace checkwatches::feed {
namespace {

error_kind kind_of(int status)
{
    switch (status) {
    case AMQP_STATUS_HOSTNAME_RESOLUTION_FAILED:
    case AMQP_STATUS_CONNECTION_CLOSED:
    case AMQP_STATUS_SOCKET_ERROR:
    case AMQP_STATUS_SOCKET_CLOSED:
    case AMQP_STATUS_TCP_ERROR: return error_kind::connect_failed;
    case AMQP_STATUS_TIMEOUT:
    case AMQP_STATUS_HEARTBEAT_TIMEOUT: return error_kind::timeout;
    case AMQP_STATUS_SSL_ERROR:
    case AMQP_STATUS_SSL_HOSTNAME_VERIFY_FAILED:
    case AMQP_STATUS_SSL_PEER_VERIFY_FAILED:
    case AMQP_STATUS_SSL_CONNECTION_FAILED: return error_kind::tls_failed;
    case AMQP_STATUS_BROKER_UNSUPPORTED_SASL_METHOD: return error_kind::auth_failed;
    default: return error_kind::protocol_error;
    }
}

error_kind kind_of_reply(std::uint16_t code, std::string_view doing)
{
    switch (code) {
    case AMQP_ACCESS_REFUSED: return doing == "logging in" ? error_kind::auth_failed : error_kind::forbidden;
    case AMQP_NOT_ALLOWED: return error_kind::forbidden; // also: there is no such vhost
    case AMQP_NOT_FOUND: return error_kind::not_found;
    case AMQP_CONNECTION_FORCED: return error_kind::connect_failed; // it is being stopped
    default: return error_kind::protocol_error;
    }
}

} // namespace

error trouble_of(int status, std::string_view doing)
{
    return error{
        .kind = kind_of(status), .message = fmt::format("{}: {}", doing, amqp_error_string2(status))};
}

error trouble_of(std::uint16_t code, amqp_bytes_t text, std::string_view doing)
{
    return error{
        .kind = kind_of_reply(code, doing),
        .message = fmt::format(
            "{}: the broker says {}: {}",
            doing,
            code,
            std::string_view{static_cast<char const*>(text.bytes), text.len})};
}

std::optional<error> trouble_of(amqp_rpc_reply_t const& reply, std::string_view doing)
{
    switch (reply.reply_type) {
    case AMQP_RESPONSE_NORMAL: return std::nullopt;
    case AMQP_RESPONSE_LIBRARY_EXCEPTION: return trouble_of(reply.library_error, doing);
    case AMQP_RESPONSE_SERVER_EXCEPTION: break;
    case AMQP_RESPONSE_NONE: return trouble_of(AMQP_STATUS_SOCKET_CLOSED, doing);
    }
    if (reply.reply.id == AMQP_CONNECTION_CLOSE_METHOD) {
        auto const& said = *static_cast<amqp_connection_close_t const*>(reply.reply.decoded);
        return trouble_of(said.reply_code, said.reply_text, doing);
    }
    if (reply.reply.id == AMQP_CHANNEL_CLOSE_METHOD) {
        auto const& said = *static_cast<amqp_channel_close_t const*>(reply.reply.decoded);
        return trouble_of(said.reply_code, said.reply_text, doing);
    }
    return trouble_of(AMQP_STATUS_UNEXPECTED_STATE, doing);
}

} // namespace checkwatches::feed
