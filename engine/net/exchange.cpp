#include "engine/net/exchange.hpp"

#include "engine/core/control_characters.hpp"
#include "engine/net/coding.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace checkwatches::net {
namespace {

// What ends a token (RFC 9110 §5.6.2).
constexpr auto is_delimiter = [] {
    std::array<bool, 256> out{};
    for (char const c : std::string_view{" :\"(),/;<=>?@[\\]{}"})
        out[static_cast<unsigned char>(c)] = true;
    return out;
}();

bool has_control(std::string_view text)
{
    bool any = false;
    for (char const c : text)
        any |= is_control(c); // without a branch, for the compiler to take many at a time
    return any;
}

bool is_token(std::string_view text)
{
    return !text.empty() && std::ranges::none_of(text, [](char c) {
        return is_control(c) || is_delimiter[static_cast<unsigned char>(c)];
    });
}

error unfit(std::string_view part)
{
    return error{
        .kind = error_kind::usage,
        .message = fmt::format("the request's {} holds characters that cannot be sent", part)};
}

bool waits(step state)
{
    return state == step::want_read || state == step::want_write;
}

// Sends as much as goes now, and takes it off `message`. Done: all of it went.
step send_some(connection& over, std::string_view& message)
{
    auto state = step::done;
    while (state == step::done && !message.empty()) {
        std::size_t n = 0;
        state = over.write(message, n);
        message.remove_prefix(n);
        if (state == step::done)
            over.limit().touch();
    }
    return state;
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

// Reads what has come, and has it parsed, through the buffer that others use between two suspensions. True:
// the answer is complete; false: there is more to wait for, as `state` says.
result<bool>
read_some(connection& over, reply_parser& parser, std::span<char> buffer, bool& answered, step& state)
{
    for (;;) {
        std::size_t n = 0;
        state = over.read(buffer, n);
        if (waits(state))
            return false;
        if (state != step::done && !answered)
            return silent(over, state);
        if (state == step::failed)
            return cut(over);
        answered = true;
        auto const ok = state == step::end ? parser.put_end()
                                           : parser.put(std::string_view{buffer.data(), n});
        if (!ok)
            return ok.error();
        if (parser.done())
            return true;
        over.limit().touch();
        if (n < buffer.size() && !over.holds_more()) {
            state = step::want_read;
            return false;
        }
    }
}

} // namespace

result<std::string>
serialize(request const& rq, std::string_view cookies, std::string_view user_agent, bool absolute)
{
    auto const target = absolute ? rq.url.text() : rq.url.target();
    auto const authority = rq.url.authority();
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
    add(rq.method, " ", target, " HTTP/1.1\r\nHost: ", authority, "\r\nUser-Agent: ", user_agent);
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
    std::string_view left = message;
    auto state = send_some(over, left);
    while (waits(state)) {
        auto const [ec] = co_await over.until_ready(state);
        if (auto const ok = over.woken(ec); !ok)
            co_return ok.error();
        state = send_some(over, left);
    }
    // A server may answer and close before it has read everything, so a broken connection ends the sending
    // without being an error: the reading will tell.
    bool const sent = state == step::done;

    reply_parser parser{limits, method};
    for (state = step::want_read;;) { // nothing can have come yet
        auto const [ec] = co_await over.until_ready(state);
        if (auto const ok = over.woken(ec); !ok)
            co_return ok.error();
        auto const whole = read_some(over, parser, buffer, answered, state);
        if (!whole)
            co_return whole.error();
        if (*whole)
            break;
    }
    over.limit().stop();
    auto reply = parser.take();
    reply.keep_alive = reply.keep_alive && sent;
    co_return reply;
}

} // namespace checkwatches::net
