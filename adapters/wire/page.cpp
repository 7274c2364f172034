#include "adapters/wire/page.hpp"

#include "adapters/wire/text.hpp"
#include "engine/core/time.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace checkwatches::wire {
namespace {

// How much of a page is looked at: what gives it away stands near the top.
constexpr std::size_t looked_at = 64 * 1024;

// Phrases that give a page away, in lower case.
constexpr std::array<std::string_view, 9> challenge_marks{
    "anubis",
    "making sure you're not a bot",
    "checking your browser",
    "cf-challenge",
    "cf-mitigated",
    "just a moment...",
    "captcha",
    "enable javascript and cookies to continue",
    "ddos-guard"};
constexpr std::array<std::string_view, 6> maintenance_marks{
    "down for maintenance",
    "under maintenance",
    "scheduled maintenance",
    "maintenance mode",
    "temporarily offline",
    "environment needs to be upgraded"};
constexpr std::array<std::string_view, 7> login_marks{
    "type=\"password\"",
    "type='password'",
    "log in to ",
    "need a legitimate login",
    "untrusted authentication request",
    "login required",
    "you must log in"};

template <std::size_t N>
bool has_any(std::string_view page, std::array<std::string_view, N> const& marks)
{
    return std::ranges::any_of(
        marks, [&](std::string_view mark) { return page.find(mark) != std::string_view::npos; });
}

bool looks_like_html(adapters::reply const& answer, std::string_view page)
{
    auto const type = media_type(answer.header("Content-Type"));
    auto const start = trimmed(page.substr(0, 1024));
    return type == "text/html" || type == "application/xhtml+xml" || start.starts_with("<!doctype html")
           || start.starts_with("<html");
}

// The title of a page in one line; of a plain text its beginning.
std::string title_of(adapters::reply const& answer)
{
    auto const decoded = decode_text(
        std::string_view{answer.body}.substr(0, looked_at), answer.header("Content-Type"));
    std::string_view text = decoded.text;
    auto const page = lower(text);
    if (auto const open = page.find("<title"); open != std::string::npos) {
        auto const start = page.find('>', open);
        auto const end = page.find("</title", open);
        text = start < end && end != std::string::npos ? text.substr(start + 1, end - start - 1)
                                                       : std::string_view{};
    }
    else if (page.find('<') != std::string::npos) {
        text = {};
    }

    std::string line;
    for (char const c : trimmed(text)) {
        bool const blank = c == ' ' || c == '\n' || c == '\r' || c == '\t';
        if (!blank)
            line += c;
        else if (!line.ends_with(' '))
            line += ' ';
    }
    constexpr std::size_t longest = 120;
    if (line.size() > longest) {
        line.resize(longest);
        while (!line.empty() && (static_cast<unsigned char>(line.back()) & 0xC0U) == 0x80)
            line.pop_back(); // no half of a character
        if (!line.empty() && static_cast<unsigned char>(line.back()) >= 0xC0)
            line.pop_back();
        line += "…";
    }
    return line;
}

std::optional<std::chrono::seconds> retry_after(adapters::reply const& answer)
{
    auto const text = trimmed(answer.header("Retry-After"));
    std::int64_t seconds = 0;
    auto const read = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (!text.empty() && read.ec == std::errc{} && read.ptr == text.data() + text.size() && seconds >= 0)
        return std::chrono::seconds{seconds};
    auto const until = parse_http_date(text);
    auto const sent = parse_http_date(trimmed(answer.header("Date")));
    if (until && sent && *until >= *sent)
        return std::chrono::duration_cast<std::chrono::seconds>(*until - *sent);
    return std::nullopt;
}

error_kind kind_of_page(std::string_view page)
{
    if (has_any(page, challenge_marks))
        return error_kind::bot_wall;
    if (has_any(page, maintenance_marks))
        return error_kind::maintenance;
    if (has_any(page, login_marks))
        return error_kind::auth_failed;
    return error_kind::protocol_error;
}

error_kind kind_of_status(adapters::reply const& answer, std::string_view page)
{
    bool const challenged = looks_like_html(answer, page) && has_any(page, challenge_marks);
    switch (answer.status) {
    case 401: return error_kind::auth_failed;
    case 403: return challenged ? error_kind::bot_wall : error_kind::forbidden;
    case 404: return error_kind::not_found;
    case 410: return error_kind::gone;
    case 413:
    case 414: return error_kind::too_large;
    case 429: return error_kind::rate_limited;
    case 503: return challenged ? error_kind::bot_wall : error_kind::maintenance;
    default: return error_kind::protocol_error;
    }
}

} // namespace

error explain(adapters::reply const& answer)
{
    auto const page = lower(std::string_view{answer.body}.substr(0, looked_at));
    bool const ok = answer.status >= 200 && answer.status < 300;
    auto const kind = ok && looks_like_html(answer, page) ? kind_of_page(page)
                      : ok                                ? error_kind::protocol_error
                                                          : kind_of_status(answer, page);
    auto const type = media_type(answer.header("Content-Type"));
    auto const title = title_of(answer);
    return error{
        .kind = kind,
        .message = fmt::format(
            "answered {}{}{}",
            answer.status,
            type.empty() ? "" : " " + type,
            title.empty() ? "" : fmt::format(" \"{}\"", title)),
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
