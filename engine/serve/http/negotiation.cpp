#include "engine/serve/http/negotiation.hpp"

#include "engine/core/ascii.hpp"
#include "engine/serve/http/take_until.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace checkwatches::serve {
namespace {

std::string_view opaque(std::string_view tag) noexcept
{
    return tag.starts_with("W/") ? tag.substr(2) : tag;
}

// "q=0", "q=0.000".
bool is_zero(std::string_view weight) noexcept
{
    return (weight.starts_with("q=0") || weight.starts_with("Q=0"))
           && weight.find_first_not_of("0.", 2) == std::string_view::npos;
}

} // namespace

bool names_tag(std::string_view if_none_match, std::string_view etag) noexcept
{
    auto rest = trimmed(if_none_match);
    if (etag.empty() || rest.empty())
        return false;
    if (rest == "*")
        return true;
    while (!rest.empty()) {
        // A tag may hold commas; its quotes end it.
        auto const open = rest.find('"');
        auto const close = open == std::string_view::npos ? open : rest.find('"', open + 1);
        if (close == std::string_view::npos)
            return false;
        if (rest.substr(open, close - open + 1) == opaque(etag))
            return true;
        rest.remove_prefix(close + 1);
    }
    return false;
}

bool accepts_gzip(std::string_view accept_encoding) noexcept
{
    bool any = false;
    while (!accept_encoding.empty()) {
        auto one = take_until(accept_encoding, ',');
        auto const coding = trimmed(take_until(one, ';'));
        bool const is_wanted = !is_zero(trimmed(one));
        if (same_word(coding, "gzip") || same_word(coding, "x-gzip"))
            return is_wanted;
        if (coding == "*")
            any = is_wanted;
    }
    return any;
}

bool is_text_type(std::string_view content_type) noexcept
{
    constexpr std::array others{
        "application/json",
        "application/problem+json",
        "application/javascript",
        "application/manifest+json",
        "application/openmetrics-text",
        "image/svg+xml"};
    auto const type = trimmed(content_type.substr(0, content_type.find(';')));
    return same_word(type.substr(0, 5), "text/")
           || std::ranges::any_of(others, [&](std::string_view other) { return same_word(type, other); });
}

std::string gzip(std::string_view text)
{
    constexpr int with_gzip_header = 15 + 16;
    constexpr int usual_memory = 8;
    z_stream z{};
    // The loop waits while this is done: speed is worth more than the last bytes.
    if (deflateInit2(&z, Z_BEST_SPEED, Z_DEFLATED, with_gzip_header, usual_memory, Z_DEFAULT_STRATEGY)
        != Z_OK)
        throw std::runtime_error{"no memory for gzip"};
    std::string out(deflateBound(&z, text.size()), '\0');
    z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    z.avail_in = static_cast<uInt>(text.size());
    z.next_out = reinterpret_cast<Bytef*>(out.data());
    z.avail_out = static_cast<uInt>(out.size());
    auto const ended = deflate(&z, Z_FINISH);
    out.resize(z.total_out);
    deflateEnd(&z);
    if (ended != Z_STREAM_END)
        throw std::runtime_error{"gzip did not come to its end"};
    return out;
}

} // namespace checkwatches::serve
