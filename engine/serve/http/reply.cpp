#include "engine/serve/http/reply.hpp"

#include "engine/core/ascii.hpp"
#include "engine/core/control_characters.hpp"
#include "engine/serve/http/negotiation.hpp"
#include "engine/serve/http/problem.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

namespace checkwatches::serve {
namespace {

constexpr std::size_t least_to_code = 1'024;
constexpr std::size_t most_to_code = 4 << 20; // what is longer would hold up the loop

struct field {
    std::string_view name;
    std::string_view value;
};

// A page is ours alone: nothing of it is written in it or comes from elsewhere, nobody frames it, and no
// other site learns where its reader came from.
constexpr std::array usual_fields{
    field{
        "Content-Security-Policy",
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"},
    field{"X-Content-Type-Options", "nosniff"},
    field{"X-Frame-Options", "DENY"},
    field{"Referrer-Policy", "same-origin"}, // none to others; our own forms say whence they come
    field{"Cross-Origin-Opener-Policy", "same-origin"},
    field{"Cross-Origin-Resource-Policy", "same-origin"},
    field{"Cache-Control", "no-store"}};

// These are the server's.
constexpr std::array own_fields{"Date", "Content-Length", "Connection", "Transfer-Encoding"};

bool has(http_fields const& in, std::string_view name)
{
    return std::ranges::any_of(in, [&](auto const& f) { return same_word(f.first, name); });
}

// What a line break in a value would begin is another field, or another answer.
std::string harmless(std::string_view value)
{
    std::string out{value};
    std::ranges::replace_if(out, [](char c) { return is_control(c) && c != '\t'; }, ' ');
    return out;
}

void put(std::string& head, std::string_view name, std::string_view value)
{
    head.append(name).append(": ").append(value).append("\r\n");
}

bool may_have_body(unsigned status)
{
    return status >= 200 && status != 204 && status != 304;
}

void code(http_answer& answer, http_reply& to, asked_how const& how)
{
    auto const length = to.content().size();
    if (length <= least_to_code || length > most_to_code || has(answer.headers, "Content-Encoding")
        || !is_text_type(find_field(answer.headers, "Content-Type")))
        return;
    answer.headers.emplace_back("Vary", "Accept-Encoding");
    if (!how.gzip)
        return;
    to.body = gzip(to.content());
    to.shared_body = nullptr;
    answer.headers.emplace_back("Content-Encoding", "gzip");
    // Two codings of one thing are not the same bytes.
    for (auto& [name, value] : answer.headers)
        if (same_word(name, "ETag") && !value.starts_with("W/"))
            value.insert(0, "W/");
}

} // namespace

http_reply make_reply(http_answer answer, asked_how const& how, utc_time now)
{
    http_reply out;
    bool const is_known = answer.status == 200 && !answer.stream
                          && names_tag(how.if_none_match, find_field(answer.headers, "ETag"));
    if (is_known)
        answer.status = 304;
    bool const has_stream = static_cast<bool>(answer.stream);
    out.keep_alive = how.keep_alive && !has_stream;
    if (may_have_body(answer.status)) {
        out.body = std::move(answer.body);
        out.shared_body = std::move(answer.shared_body);
        out.stream = how.is_head ? nullptr : std::move(answer.stream);
        if (!has_stream)
            code(answer, out, how);
    }

    auto const second = std::chrono::time_point_cast<std::chrono::seconds>(now);
    out.head = fmt::format(
        "HTTP/1.1 {} {}\r\nDate: {:%a, %d %b %Y %H:%M:%S} GMT\r\n",
        answer.status,
        reason_phrase(answer.status),
        fmt::gmtime(std::chrono::system_clock::to_time_t(second)));
    for (auto const& [name, value] : answer.headers) {
        bool const is_ours = std::ranges::any_of(own_fields, [&](auto* own) { return same_word(own, name); });
        bool const is_gone = answer.status == 304 && same_word(name, "Content-Type");
        if (!is_ours && !is_gone)
            put(out.head, name, harmless(value));
    }
    for (auto const& usual : usual_fields)
        if (!has(answer.headers, usual.name))
            put(out.head, usual.name, usual.value);
    if (may_have_body(answer.status) && !has_stream)
        put(out.head, "Content-Length", std::to_string(out.content().size()));
    if (!out.keep_alive)
        put(out.head, "Connection", "close");
    else if (!how.is_http_11)
        put(out.head, "Connection", "keep-alive");
    out.head += "\r\n";
    if (how.is_head) {
        out.body.clear();
        out.shared_body = nullptr;
    }
    return out;
}

} // namespace checkwatches::serve
