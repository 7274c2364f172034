#include "adapters/rt/rest1.hpp"

#include "adapters/trouble.hpp"
#include "adapters/wire/page.hpp"
#include "adapters/wire/text.hpp"

#include <fmt/format.h>

#include <charconv>

namespace checkwatches::adapters::rt {
namespace {

constexpr unsigned unauthorized = 401;

// "RT/5.0.3+dfsg-3~deb12u6 401 Credentials required"; nothing where it is another line.
std::optional<rest1_answer> read_status_line(std::string_view line)
{
    constexpr std::string_view name = "RT/";
    if (!line.starts_with(name))
        return std::nullopt;
    line.remove_prefix(name.size());
    auto const end = line.find(' ');
    if (end == std::string_view::npos || end == 0)
        return std::nullopt;
    rest1_answer out{.version = std::string{line.substr(0, end)}};
    auto const rest = line.substr(end + 1);
    auto const number = rest.substr(0, rest.find(' '));
    constexpr std::size_t digits = 3;
    if (number.size() != digits || !wire::is_number(number))
        return std::nullopt;
    std::from_chars(number.data(), number.data() + number.size(), out.status);
    out.reason = wire::trimmed(rest.substr(number.size()));
    return out;
}

} // namespace

web_url const& api_root(remote const& at)
{
    return at.api() ? *at.api() : at.base();
}

result<rest1_answer> read_rest1(reply const& answer)
{
    if (auto wrong = wire::expect(answer, {"text/plain"}))
        return *wrong;
    auto decoded = wire::decode_text(answer.body, answer.header("Content-Type"));
    std::string_view const text = decoded.text;
    auto const end = std::min(text.find('\n'), text.size());
    auto out = read_status_line(wire::trimmed(text.substr(0, end)));
    if (!out)
        return wire::explain(answer);
    out->text = text.substr(std::min(end + 1, text.size()));
    out->replaced = decoded.replaced;
    out->request = answer.request;
    return std::move(*out);
}

error rest1_error(rest1_answer const& in)
{
    auto const words = shortened(wire::trimmed(in.text));
    return error{
        .kind = in.status == unauthorized ? error_kind::auth_failed : error_kind::protocol_error,
        .message = fmt::format(
            "RT answered {} {}{}", in.status, shortened(in.reason), words.empty() ? "" : ": " + words),
        .request = in.request};
}

request rest1_post(remote const& at, std::string_view path, std::string_view form, std::string_view login)
{
    request rq{
        .method = "POST",
        .url = join(api_root(at), fmt::format("REST/1.0/{}", path)),
        .headers = {{"Content-Type", "application/x-www-form-urlencoded"}},
        .body = std::string{form}};
    if (login == as_guest)
        rq.body += "&user=guest&pass=guest";
    if (login == by_password) {
        rq.body += fmt::format("&user={}&pass={}", user_slot, secret_slot);
        rq.login = login_place{.place = login_place::where::body};
    }
    if (login == by_token)
        rq.login = login_place{
            .place = login_place::where::header, .name = "Authorization", .prefix = "token "};
    return rq;
}

awaitable<result<rest1_answer>> ask_rest1(remote& at, std::string path, std::string form, std::string login)
{
    auto const by_cookie = co_await at.ask(rest1_post(at, path, form, {}));
    if (!by_cookie)
        co_return by_cookie.error();
    auto first = read_rest1(*by_cookie);
    if (!first || first->status != unauthorized || login.empty())
        co_return first;
    auto const anew = co_await at.ask(rest1_post(at, path, form, login));
    if (!anew)
        co_return anew.error();
    co_return read_rest1(*anew);
}

std::string ids_query(std::span<std::string const> ids)
{
    return fmt::format("id = {}", fmt::join(ids, " OR id = "));
}

std::string changes_query(std::span<std::string const> ids, utc_time since)
{
    // In the zone of the user who asks, which nobody tells.
    auto day_and_time = format_time(since);
    day_and_time.replace(day_and_time.find('T'), 1, " ");
    day_and_time.pop_back();
    return fmt::format("({}) AND LastUpdated > '{}'", ids_query(ids), day_and_time);
}

} // namespace checkwatches::adapters::rt
