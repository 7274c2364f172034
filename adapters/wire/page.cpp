#include "adapters/wire/page.hpp"

#include "adapters/wire/html.hpp"
#include "adapters/wire/text.hpp"
#include "engine/core/time.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace checkwatches::wire {
namespace {

// What gives a page away, in lower case. A bug that is shown to people can speak of all these things, so the
// title is asked first, by its beginning, and of the body only what nobody writes in passing.
constexpr std::array<std::string_view, 11> challenge_titles{
    "just a moment",
    "making sure you're not a bot",
    "checking your browser",
    "attention required!",
    "ddos-guard",
    "captcha",
    "are you a robot",
    "are you human",
    "human verification",
    "security check",
    "client challenge"};
constexpr std::array<std::string_view, 7> challenge_bodies{
    ".within.website/x/cmd/anubis",
    "id=\"anubis",
    "_cf_chl_opt",
    "cf-challenge",
    "cf-browser-verification",
    "enable javascript and cookies to continue",
    "_incapsula_resource"};
constexpr std::array<std::string_view, 6> maintenance_words{
    "maintenance",
    " is down",
    "temporarily unavailable",
    "temporarily offline",
    "upgrade in progress",
    "environment needs to be upgraded"};
constexpr std::array<std::string_view, 8> login_titles{
    "log in",
    "login",
    "log on",
    "sign in",
    "sign-in",
    "signin",
    "authentication required",
    "untrusted authentication request"};
constexpr std::array<std::string_view, 2> login_words{"you must log in", "login required"};
constexpr std::array<std::string_view, 2> login_bodies{
    "needs a legitimate login and password", "id=\"login-form\""};
// The small login form that some trackers put on every page.
constexpr std::array<std::string_view, 2> login_boxes{"mini_login", "__login_name"};

template <std::size_t N>
bool has_any(std::string_view text, std::array<std::string_view, N> const& marks)
{
    return std::ranges::any_of(
        marks, [&](std::string_view mark) { return text.find(mark) != std::string_view::npos; });
}

template <std::size_t N>
bool starts_with_any(std::string_view text, std::array<std::string_view, N> const& marks)
{
    return std::ranges::any_of(marks, [&](std::string_view mark) { return text.starts_with(mark); });
}

bool is_html(adapters::reply const& answer, page_top const& top)
{
    auto const type = media_type(answer.header("Content-Type"));
    auto const start = trimmed(top.markup);
    return type == "text/html" || type == "application/xhtml+xml" || start.starts_with("<!doctype html")
           || start.starts_with("<html");
}

// "#42 (Login fails)", "Bug 42 - Login fails", "0000042: Login fails": then its other words are a bug's.
bool names_a_bug(std::string_view title)
{
    auto const hash = title.find('#');
    if (hash != std::string_view::npos && is_number(title.substr(hash + 1, 1)))
        return true;
    if (title.starts_with("bug "))
        return true;
    auto const behind = title.substr(std::min(title.find_first_not_of("0123456789"), title.size()));
    return behind.size() < title.size()
           && (behind.starts_with(":") || behind.starts_with(" -") || behind.starts_with(" –"));
}

// What a page says about itself, in lower case: title and heading, and a short page as a whole. Nothing where
// it is a bug that speaks.
std::string own_words(page_top const& top)
{
    auto const title = lower(top.title);
    if (names_a_bug(title))
        return {};
    constexpr std::size_t short_page = 2048;
    return title + "\n" + lower(top.heading) + "\n"
           + (top.markup.size() <= short_page ? top.markup : std::string{});
}

bool is_challenge(adapters::reply const& answer, page_top const& top)
{
    return same_word(trimmed(answer.header("cf-mitigated")), "challenge")
           || (is_html(answer, top)
               && (starts_with_any(lower(top.title), challenge_titles)
                   || has_any(top.markup, challenge_bodies)));
}

bool is_login(page_top const& top)
{
    bool const asks_for_password = top.markup.find("type=\"password\"") != std::string::npos;
    return starts_with_any(lower(top.title), login_titles) || has_any(own_words(top), login_words)
           || has_any(top.markup, login_bodies) || (asks_for_password && !has_any(top.markup, login_boxes));
}

std::optional<std::chrono::seconds> retry_after(adapters::reply const& answer)
{
    constexpr std::chrono::seconds longest = std::chrono::days{30};
    auto const text = trimmed(answer.header("Retry-After"));
    if (is_number(text)) {
        std::int64_t seconds = 0;
        auto const read = std::from_chars(text.data(), text.data() + text.size(), seconds);
        return read.ec == std::errc{} ? std::min(std::chrono::seconds{seconds}, longest) : longest;
    }
    auto const until = parse_http_date(text);
    auto const sent = parse_http_date(trimmed(answer.header("Date")));
    if (!until || !sent)
        return std::nullopt;
    auto const wait = std::chrono::duration_cast<std::chrono::seconds>(*until - *sent);
    return std::clamp(wait, std::chrono::seconds{0}, longest);
}

error_kind kind_of_page(adapters::reply const& answer, page_top const& top)
{
    if (is_challenge(answer, top))
        return error_kind::bot_wall;
    if (!is_html(answer, top))
        return error_kind::protocol_error;
    if (has_any(own_words(top), maintenance_words))
        return error_kind::maintenance;
    if (is_login(top))
        return error_kind::auth_failed;
    return error_kind::protocol_error;
}

error_kind kind_of_status(adapters::reply const& answer, page_top const& top)
{
    switch (answer.status) {
    case 401: return error_kind::auth_failed;
    case 403: return is_challenge(answer, top) ? error_kind::bot_wall : error_kind::forbidden;
    case 404: return error_kind::not_found;
    case 410: return error_kind::gone;
    case 413:
    case 414: return error_kind::too_large;
    case 429: return error_kind::rate_limited;
    case 503: return is_challenge(answer, top) ? error_kind::bot_wall : error_kind::maintenance;
    default: break;
    }
    bool const failed = answer.status >= 500 && answer.status < 600;
    bool const announced = failed && has_any(own_words(top), maintenance_words);
    return announced ? error_kind::maintenance : error_kind::protocol_error;
}

} // namespace

error explain(adapters::reply const& answer)
{
    auto const top = read_top(answer.body, answer.header("Content-Type"));
    bool const ok = answer.status >= 200 && answer.status < 300;
    auto const type = media_type(answer.header("Content-Type"));
    constexpr std::size_t longest_quote = 120;
    auto const plain = top.tagged ? std::string_view{} : std::string_view{top.text};
    auto const quote = one_line(top.title.empty() ? plain : std::string_view{top.title}, longest_quote);
    return error{
        .kind = ok ? kind_of_page(answer, top) : kind_of_status(answer, top),
        .message = fmt::format(
            "answered {}{}{}",
            answer.status,
            type.empty() ? "" : " " + one_line(type, longest_quote),
            quote.empty() ? "" : fmt::format(" \"{}\"", quote)),
        .request = answer.request,
        .retry_after = retry_after(answer)};
}

std::optional<error>
expect(adapters::reply const& answer, std::initializer_list<std::string_view> media_types)
{
    auto const type = media_type(answer.header("Content-Type"));
    if (answer.status == 200 && std::ranges::find(media_types, type) != media_types.end())
        return std::nullopt;
    return explain(answer);
}

} // namespace checkwatches::wire
