#include "engine/feed/amqp_link.hpp"

#include "engine/feed/amqp_message.hpp"
#include "engine/feed/amqp_trouble.hpp"

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/ssl.h>

#include <amqp_ssl_socket.h>
#include <amqp_tcp_socket.h>
#include <array>
#include <chrono>
#include <poll.h>
#include <string_view>
#include <sys/time.h>
#include <utility>

namespace checkwatches::feed {
namespace {

using std::chrono::steady_clock;

constexpr amqp_channel_t channel = 1;
constexpr int frame_size = 131'072;
constexpr std::chrono::milliseconds look_up_every{100}; // whether to give up

timeval as_timeval(std::chrono::microseconds span)
{
    auto const whole = std::chrono::floor<std::chrono::seconds>(span);
    return {
        .tv_sec = static_cast<time_t>(whole.count()),
        .tv_usec = static_cast<suseconds_t>((span - whole).count())};
}

// The message cannot be written down in AMQP, whatever the connection.
bool is_of_message(int status)
{
    return status == AMQP_STATUS_TABLE_TOO_BIG || status == AMQP_STATUS_INVALID_PARAMETER;
}

} // namespace

amqp_link::amqp_link(amqp_settings how) : how_{std::move(how)} {}

amqp_link::~amqp_link()
{
    if (!connection_)
        return;
    // A word for the broker's log, where it can be said at once; the answer is not waited for.
    pollfd way{.fd = amqp_get_sockfd(connection_.get()), .events = POLLOUT, .revents = 0};
    if (::poll(&way, 1, 0) != 1 || (way.revents & POLLOUT) == 0)
        return;
    amqp_connection_close_t goodbye{};
    goodbye.reply_code = AMQP_REPLY_SUCCESS;
    amqp_send_method(connection_.get(), 0, AMQP_CONNECTION_CLOSE_METHOD, &goodbye);
}

std::optional<error> amqp_link::prepare_tls(amqp_socket_t& socket) const
{
    auto const unreadable = [](std::string const& what) {
        return error{.kind = error_kind::tls_failed, .message = what + " cannot be read"};
    };
    amqp_ssl_socket_set_verify_peer(&socket, 1);
    amqp_ssl_socket_set_verify_hostname(&socket, 1);
    if (amqp_ssl_socket_set_ssl_versions(&socket, AMQP_TLSv1_2, AMQP_TLSvLATEST) != AMQP_STATUS_OK)
        return error{.kind = error_kind::tls_failed, .message = "TLS 1.2 is not to be had"};
    if (how_.ca_file.empty()) {
        if (SSL_CTX_set_default_verify_paths(static_cast<SSL_CTX*>(amqp_ssl_socket_get_context(&socket)))
            != 1)
            return unreadable("the system's certificates");
    }
    else if (amqp_ssl_socket_set_cacert(&socket, how_.ca_file.c_str()) != AMQP_STATUS_OK)
        return unreadable("the certificates in " + how_.ca_file);
    if (how_.cert_file.empty())
        return std::nullopt;
    if (amqp_ssl_socket_set_key(&socket, how_.cert_file.c_str(), how_.key_file.c_str()) != AMQP_STATUS_OK)
        return unreadable(fmt::format("our certificate {} with the key {}", how_.cert_file, how_.key_file));
    return std::nullopt;
}

std::optional<error> amqp_link::open_socket()
{
    auto* const c = connection_.get();
    auto* const socket = how_.at.is_tls ? amqp_ssl_socket_new(c) : amqp_tcp_socket_new(c);
    if (socket == nullptr)
        return trouble_of(AMQP_STATUS_NO_MEMORY, "connecting");
    if (how_.at.is_tls)
        if (auto why = prepare_tls(*socket))
            return why;
    auto const limit = as_timeval(how_.connect_limit);
    auto const status = amqp_socket_open_noblock(socket, how_.at.host.c_str(), how_.at.port, &limit);
    if (status == AMQP_STATUS_OK)
        return std::nullopt;
    auto why = trouble_of(status, "connecting to " + how_.at.text());
    // The library does not say what the system said.
    if (status == AMQP_STATUS_SOCKET_ERROR)
        why.message += ": nobody takes connections there, or there is no way there";
    return why;
}

std::optional<error> amqp_link::log_in()
{
    auto* const c = connection_.get();
    auto const name = "checkwatches " + how_.name;
    std::array own{header("product", "checkwatches"), header("connection_name", name)};
    amqp_table_t const told{.num_entries = static_cast<int>(own.size()), .entries = own.data()};
    auto const heartbeat = static_cast<int>(how_.heartbeat.count());
    auto const* const vhost = how_.at.vhost.c_str();
    auto const* const user = how_.at.user.c_str();
    amqp_rpc_reply_t reply{};
    if (how_.password.empty())
        reply = amqp_login_with_properties(
            c, vhost, channel, frame_size, heartbeat, &told, AMQP_SASL_METHOD_EXTERNAL, user);
    else {
        std::string password{how_.password.reveal()};
        reply = amqp_login_with_properties(
            c, vhost, channel, frame_size, heartbeat, &told, AMQP_SASL_METHOD_PLAIN, user, password.c_str());
        OPENSSL_cleanse(password.data(), password.size());
    }
    if (auto why = trouble_of(reply, "logging in"))
        return why;
    amqp_channel_open(c, channel);
    if (auto why = trouble_of(amqp_get_rpc_reply(c), "opening a channel"))
        return why;
    amqp_confirm_select(c, channel);
    return trouble_of(amqp_get_rpc_reply(c), "asking for confirms");
}

std::optional<error> amqp_link::open()
{
    connection_.reset(amqp_new_connection());
    if (!connection_)
        return trouble_of(AMQP_STATUS_NO_MEMORY, "connecting");
    auto const limit = as_timeval(how_.connect_limit);
    amqp_set_handshake_timeout(connection_.get(), &limit);
    amqp_set_rpc_timeout(connection_.get(), &limit);
    tag_ = 0;
    returned_.clear();
    blocked_.clear();
    auto why = open_socket();
    if (!why)
        why = log_in();
    if (why)
        connection_.reset();
    return why;
}

result<std::string> amqp_link::look()
{
    if (connection_)
        tend();
    if (!connection_)
        if (auto why = open())
            return *why;
    auto* const c = connection_.get();
    amqp_exchange_declare(
        c, channel, bytes_of(how_.exchange), bytes_of("topic"), 1, 0, 0, 0, amqp_empty_table);
    if (auto why = trouble_of(amqp_get_rpc_reply(c), "looking for the exchange")) {
        connection_.reset();
        return *why;
    }
    return fmt::format(
        "connected to {} as {}, which has the exchange {}; nothing was published",
        how_.at.text(),
        how_.at.user,
        how_.exchange);
}

delivery amqp_link::publish(std::vector<fedora_message> const& messages)
{
    std::vector<std::string> ids;
    std::vector<std::string> abouts;
    for (auto const& m : messages) {
        ids.push_back(m.id);
        abouts.push_back(m.about);
    }
    amqp_confirms book{std::move(ids)};
    for (std::size_t i = 0; i != messages.size(); ++i)
        if (ahead_.contains(messages[i].id))
            book.known(i);
    if (connection_)
        tend(); // it may be gone since
    std::optional<error> why;
    if (!connection_)
        why = open();
    for (auto const& round : rounds_of(abouts)) {
        if (why)
            break;
        why = publish_round(messages, round, book);
        if (why)
            connection_.reset(); // what it still says of these messages is not waited for
    }
    ahead_ = book.ahead();
    return book.outcome(std::move(why));
}

std::optional<error> amqp_link::publish_round(
    std::vector<fedora_message> const& messages, std::vector<std::size_t> const& round, amqp_confirms& book)
{
    std::set<std::string_view> held_up;
    for (std::size_t i = 0; i != messages.size(); ++i)
        if (book.is_refused(i))
            held_up.insert(messages[i].about);
    for (auto const number : round) {
        auto const& m = messages[number];
        if (book.is_confirmed(number) || held_up.contains(m.about))
            continue;
        auto const status = publish_on(connection_.get(), channel, how_, m);
        if (is_of_message(status)) {
            book.refused(number, trouble_of(status, "publishing").message);
            continue;
        }
        if (status != AMQP_STATUS_OK) {
            // What the broker said before it closed the connection tells more than that it is closed.
            auto said = wait_for(book);
            return said ? said : trouble_of(status, "publishing");
        }
        book.published(number, ++tag_);
    }
    return wait_for(book);
}

std::optional<error> amqp_link::wait_for(amqp_confirms& book)
{
    auto* const c = connection_.get();
    auto quiet_since = steady_clock::now();
    while (!book.is_settled()) {
        if (is_interrupted_)
            return error{.kind = error_kind::timeout, .message = "stopped while it waited for confirms"};
        amqp_frame_t frame{};
        auto const span = as_timeval(look_up_every);
        auto const status = amqp_simple_wait_frame_noblock(c, &frame, &span);
        if (status == AMQP_STATUS_TIMEOUT) {
            if (steady_clock::now() - quiet_since < how_.confirm_limit)
                continue;
            auto const blocked = blocked_.empty() ? "" : ", and takes nothing for now: " + blocked_;
            return error{
                .kind = error_kind::timeout,
                .message = fmt::format(
                    "publishing: the broker confirmed nothing for {} s{}",
                    how_.confirm_limit.count(),
                    blocked)};
        }
        if (status != AMQP_STATUS_OK)
            return trouble_of(status, "publishing");
        quiet_since = steady_clock::now();
        if (auto why = take(frame, book))
            return why;
    }
    amqp_maybe_release_buffers(c);
    return std::nullopt;
}

std::optional<error> amqp_link::take(amqp_frame_t const& frame, amqp_confirms& book)
{
    if (frame.frame_type == AMQP_FRAME_HEADER && !returned_.empty()) {
        if (frame.payload.properties.class_id != AMQP_BASIC_CLASS) // other properties, in less room
            return error{
                .kind = error_kind::protocol_error,
                .message = "publishing: the header of a returned message is of another class"};
        auto const& about = *static_cast<amqp_basic_properties_t const*>(frame.payload.properties.decoded);
        bool const has_id = (about._flags & AMQP_BASIC_MESSAGE_ID_FLAG) != 0;
        book.returned(has_id ? text_of(about.message_id) : std::string{}, std::exchange(returned_, {}));
    }
    if (frame.frame_type != AMQP_FRAME_METHOD)
        return std::nullopt;
    auto const* const said = frame.payload.method.decoded;
    switch (frame.payload.method.id) {
    case AMQP_BASIC_ACK_METHOD: {
        auto const& ack = *static_cast<amqp_basic_ack_t const*>(said);
        book.acked(ack.delivery_tag, ack.multiple != 0);
        return std::nullopt;
    }
    case AMQP_BASIC_NACK_METHOD: {
        auto const& nack = *static_cast<amqp_basic_nack_t const*>(said);
        book.nacked(nack.delivery_tag, nack.multiple != 0);
        return std::nullopt;
    }
    case AMQP_BASIC_RETURN_METHOD: {
        auto const& back = *static_cast<amqp_basic_return_t const*>(said);
        returned_ = fmt::format(
            "the broker gave the message back, {} {}: no queue is bound that takes its topic",
            back.reply_code,
            text_of(back.reply_text));
        return std::nullopt;
    }
    case AMQP_CONNECTION_BLOCKED_METHOD:
        blocked_ = text_of(static_cast<amqp_connection_blocked_t const*>(said)->reason);
        return std::nullopt;
    case AMQP_CONNECTION_UNBLOCKED_METHOD: blocked_.clear(); return std::nullopt;
    case AMQP_CHANNEL_CLOSE_METHOD: {
        auto const& end = *static_cast<amqp_channel_close_t const*>(said);
        return trouble_of(end.reply_code, end.reply_text, "publishing");
    }
    case AMQP_CONNECTION_CLOSE_METHOD: {
        auto const& end = *static_cast<amqp_connection_close_t const*>(said);
        return trouble_of(end.reply_code, end.reply_text, "publishing");
    }
    default: return std::nullopt;
    }
}

void amqp_link::tend() noexcept
{
    amqp_confirms nothing{{}};
    while (connection_) {
        amqp_frame_t frame{};
        timeval const now{};
        auto const status = amqp_simple_wait_frame_noblock(connection_.get(), &frame, &now);
        if (status == AMQP_STATUS_TIMEOUT)
            break;
        if (status != AMQP_STATUS_OK || take(frame, nothing))
            connection_.reset();
    }
    if (connection_)
        amqp_maybe_release_buffers(connection_.get());
}

} // namespace checkwatches::feed
