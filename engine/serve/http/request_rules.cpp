#include "engine/serve/http/request_rules.hpp"

#include "engine/core/ascii.hpp"
#include "engine/core/control_characters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace checkwatches::serve {
namespace {

constexpr std::array known_methods{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};

refusal bad(std::string_view detail)
{
    return refusal{400, std::string{detail}};
}

bool is_digit(char c) noexcept
{
    return c >= '0' && c <= '9';
}

bool looks_like_version(std::string_view text) noexcept
{
    return text.size() == 8 && text.starts_with("HTTP/") && is_digit(text[5]) && text[6] == '.'
           && is_digit(text[7]);
}

bool is_token(std::string_view text) noexcept
{
    return !text.empty() && std::ranges::all_of(text, [](char c) {
        bool const is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        return is_letter || is_digit(c)
               || std::string_view{"!#$%&'*+-.^_`|~"}.find(c) != std::string_view::npos;
    });
}

} // namespace

std::optional<refusal> header_bytes::put(std::string_view bytes)
{
    for (char const c : bytes) {
        if (after_cr_ != (c == '\n'))
            return bad("a line of the header does not end in CR LF");
        if (at_line_start_ && (c == ' ' || c == '\t'))
            return bad("a line of the header goes on in the next");
        if (is_control_in_text(c))
            return bad("the header holds a control character");
        after_cr_ = c == '\r';
        at_line_start_ = c == '\n';
    }
    return std::nullopt;
}

or_refusal<request_line> read_request_line(std::string_view line, std::size_t most_target)
{
    auto const first = line.find(' ');
    auto const last = line.rfind(' ');
    if (first == last || first == std::string_view::npos)
        return bad("that is no request line");
    request_line out{
        .method = line.substr(0, first),
        .target = line.substr(first + 1, last - first - 1),
        .version = line.substr(last + 1)};
    if (!looks_like_version(out.version) || !is_token(out.method))
        return bad("that is no request line");
    if (!out.version.starts_with("HTTP/1.") || (out.version[7] != '0' && out.version[7] != '1'))
        return refusal{505, "HTTP/1.1 is spoken here"};
    if (out.target.size() > most_target)
        return refusal{414, fmt::format("the target is longer than {} bytes", most_target)};
    if (out.method == "CONNECT" || out.method == "TRACE")
        return refusal{405, fmt::format("{} is not answered here", out.method)};
    if (std::ranges::find(known_methods, out.method) == known_methods.end())
        return refusal{501, "the method is not known"};
    return out;
}

std::optional<refusal> check_fields(http_fields const& headers, bool is_http_11)
{
    auto const count = [&](std::string_view name) {
        return std::ranges::count_if(headers, [&](auto const& f) { return same_word(f.first, name); });
    };
    if (count("Host") != 1 || find_field(headers, "Host").empty())
        return bad("there must be one Host");
    auto const lengths = count("Content-Length");
    auto const codings = count("Transfer-Encoding");
    if (lengths > 1 || codings > 1 || (lengths != 0 && codings != 0))
        return bad("the length of the body is said more than once");
    auto const length = find_field(headers, "Content-Length");
    if (lengths != 0 && (length.empty() || !std::ranges::all_of(length, is_digit)))
        return bad("Content-Length is no number");
    if (codings != 0 && !is_http_11)
        return bad("HTTP/1.0 has no transfer codings");
    if (codings != 0 && !same_word(find_field(headers, "Transfer-Encoding"), "chunked"))
        return refusal{501, "of the transfer codings only \"chunked\" is known"};
    if (is_http_11 && count("Expect") != 0 && !same_word(find_field(headers, "Expect"), "100-continue"))
        return refusal{417, "of the expectations only \"100-continue\" is known"};
    return std::nullopt;
}

} // namespace checkwatches::serve
