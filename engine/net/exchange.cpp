#include "engine/net/exchange.hpp"

#include "engine/core/control_characters.hpp"
#include "engine/net/coding.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace checkwatches::net {
namespace {

bool has_control(std::string_view text)
{
    return std::ranges::any_of(text, is_control);
}

bool is_token(std::string_view text)
{
    return !text.empty() && !has_control(text)
           && text.find_first_of(" :\"(),/;<=>?@[\\]{}") == std::string_view::npos;
}

error unfit(std::string_view part)
{
    return error{
        .kind = error_kind::usage,
        .message = fmt::format("the request's {} holds characters that cannot be sent", part)};
}

// Sends all of it. A server may answer and close before it has read everything, so a broken connection ends
// the sending without being an error: the reading will tell.
awaitable<result<bool>> send_all(connection& over, std::string_view message)
{
    while (!message.empty()) {
        std::size_t n = 0;
        auto const state = over.write(message, n);
        message.remove_prefix(n);
        if (state == step::end || state == step::failed)
            co_return false;
        if (state == step::done) {
            over.limit().touch();
            continue;
        }
        auto const waited = co_await over.ready(state);
        if (!waited)
            co_return waited.error();
    }
    co_return true;
}

error silent(connection const& over, step how)
{
    if (how == step::failed)
        return over.failure();
    return error{
        .kind = error_kind::connect_failed, .message = "the server closed the connection without an answer"};
}

error cut(connection const& over)
{
    return error{
        .kind = error_kind::protocol_error,
        .message = "the answer was cut short",
        .cause = over.failure().cause};
}

awaitable<result<raw_reply>> read_reply(
    connection& over, std::string_view method, settings const& limits, std::span<char> buffer, bool& answered)
{
    reply_parser parser{limits, method};
    auto state = step::want_read; // nothing can have come yet
    for (;;) {
        if (state == step::want_read || state == step::want_write) {
            auto const waited = co_await over.ready(state);
            if (!waited)
                co_return waited.error();
        }
        // No suspension between reading into the shared buffer and parsing what it holds.
        std::size_t n = 0;
        state = over.read(buffer, n);
        if (state == step::done) {
            answered = true;
            over.limit().touch();
            if (auto const ok = parser.put(std::string_view{buffer.data(), n}); !ok)
                co_return ok.error();
        }
        else if ((state == step::end || state == step::failed) && !answered) {
            co_return silent(over, state);
        }
        else if (state == step::failed) {
            co_return cut(over);
        }
        else if (state == step::end) {
            if (auto const ok = parser.put_end(); !ok)
                co_return ok.error();
        }
        if (parser.done())
            co_return parser.take();
        if (state == step::done && n < buffer.size() && !over.holds_more())
            state = step::want_read;
    }
}

} // namespace

result<std::string>
serialize(request const& rq, std::string_view cookies, std::string_view user_agent, bool absolute)
{
    auto const target = absolute ? rq.url.text() : rq.url.target();
    if (!is_token(rq.method))
        return unfit("method");
    if (has_control(target) || target.find(' ') != std::string::npos)
        return unfit("address");
    if (has_control(cookies))
        return unfit("cookies");
    constexpr std::size_t usual = 512; // of all that is not the address and the body
    std::string out;
    out.reserve(usual + target.size() + rq.body.size());
    auto const add = [&](auto const&... pieces) { (out.append(pieces), ...); };
    add(rq.method, " ", target, " HTTP/1.1\r\nHost: ", rq.url.authority(), "\r\nUser-Agent: ", user_agent);
    add("\r\nAccept-Encoding: ", accepted_codings, "\r\n");
    for (auto const& [name, value] : rq.headers) {
        if (!is_token(name) || has_control(value))
            return unfit("headers");
        add(name, ": ", value, "\r\n");
    }
    if (!cookies.empty())
        add("Cookie: ", cookies, "\r\n");
    if (!rq.body.empty() || (rq.method != "GET" && rq.method != "HEAD"))
        add("Content-Length: ", std::to_string(rq.body.size()), "\r\n");
    out += "\r\n";
    out += rq.body;
    return out;
}

awaitable<result<raw_reply>> exchange(
    connection& over,
    std::string_view method,
    std::string const& message,
    settings const& limits,
    std::span<char> buffer,
    bool& answered)
{
    answered = false;
    over.limit().start(phase::data, limits.idle_timeout);
    auto const sent = co_await send_all(over, message);
    if (!sent)
        co_return sent.error();
    auto reply = co_await read_reply(over, method, limits, buffer, answered);
    over.limit().stop();
    if (reply && !*sent)
        reply->keep_alive = false;
    co_return reply;
}

} // namespace checkwatches::net
