#include "bench/mock/fault_answers.hpp"

#include "bench/mock/kinds.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <stdexcept>

namespace checkwatches::mock {

namespace {

constexpr std::string_view login_form = "<!DOCTYPE html>\n<html><head><title>Log "
                                        "in</title></head><body>\n<form method=\"post\" action=\"/login\">\n"
                                        "<input name=\"user\"><input name=\"password\" "
                                        "type=\"password\"><input type=\"submit\" value=\"Log in\">\n"
                                        "</form></body></html>\n";
constexpr std::string_view challenge =
    "<!doctype html><html lang=\"en\"><head><title>Making sure you&#39;re not a bot!</title>"
    "<meta name=\"robots\" content=\"noindex,nofollow\">"
    "<script id=\"anubis_version\" type=\"application/json\">\"v1.21.3\"</script></head>"
    "<body><h1>Making sure you&#39;re not a bot!</h1><noscript>Sadly, you must enable JavaScript.</noscript>"
    "</body></html>\n";
constexpr std::string_view down =
    "<!DOCTYPE html>\n<html><head><title>Down for maintenance</title></head><body><h1>We&#39;ll be back "
    "soon</h1><p>The site is down for scheduled maintenance.</p></body></html>\n";

answer page(unsigned status, std::string_view body, form more = {})
{
    answer a{.status = status, .frame = answer::framing::length};
    a.headers = {{"Server", "nginx"}, {"Content-Type", "text/html; charset=utf-8"}};
    for (auto& header : more)
        a.headers.push_back(std::move(header));
    a.headers.emplace_back(framing_mark, "");
    a.body = body;
    return a;
}

answer error_page(unsigned status, form more = {})
{
    return page(
        status,
        fmt::format(
            "<html>\r\n<head><title>{0} {1}</title></head>\r\n<body>\r\n<center><h1>{0} "
            "{1}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n",
            status,
            reason_of(status)),
        std::move(more));
}

form retry_after(tracker_options const& options)
{
    auto wait = options.retry_after;
    if (wait == 0)
        wait = find_kind(options.kind)->retry_after;
    return {{"Retry-After", std::to_string(wait)}};
}

answer with_body(answer const& good, std::string body)
{
    auto a = good;
    a.status = 200;
    a.reason.clear();
    a.frame = answer::framing::length;
    a.body = std::move(body);
    a.tells.clear();
    return a;
}

answer bomb(answer const& good)
{
    auto a = with_body(good, packed_blanks());
    a.headers.insert(a.headers.begin(), {"Content-Encoding", "gzip"});
    return a;
}

} // namespace

std::optional<answer>
fault_answer(fault what, std::string const& target, answer const& good, tracker_options const& options)
{
    switch (what) {
    case fault::login_page: return page(200, login_form);
    case fault::bot_page: return page(200, challenge);
    case fault::maintenance_page: return page(200, down);
    case fault::garbage_body: return with_body(good, random_bytes(options.seed, 4096));
    case fault::gzip_bomb: return bomb(good);
    case fault::redirect_loop: return error_page(302, {{"Location", target}});
    case fault::redirect_away: return error_page(302, {{"Location", options.away + target}});
    case fault::status_401: return error_page(401, {{"WWW-Authenticate", "Basic realm=\"tracker\""}});
    case fault::status_403: return error_page(403);
    case fault::status_404: return error_page(404);
    case fault::status_429: return error_page(429, retry_after(options));
    case fault::status_429_bare: return error_page(429);
    case fault::status_500: return error_page(500);
    case fault::status_502: return error_page(502);
    case fault::status_503: return error_page(503, retry_after(options));
    case fault::status_503_bare: return error_page(503);
    default: return std::nullopt;
    }
}

std::string random_bytes(std::uint64_t seed, std::size_t length)
{
    dice by{seed};
    std::string bytes(length, '\0');
    for (auto& byte : bytes)
        byte = static_cast<char>(by.roll(256));
    if (!bytes.empty())
        bytes.front() = '\x16';
    return bytes;
}

std::string const& packed_blanks()
{
    static std::string const packed = [] {
        constexpr std::size_t pieces = 1024;
        std::string const blanks(std::size_t{64} << 10U, ' ');
        std::string out(std::size_t{256} << 10U, '\0');
        z_stream stream{};
        constexpr int gzip_window = 15 + 16;
        if (deflateInit2(&stream, 6, Z_DEFLATED, gzip_window, 8, Z_DEFAULT_STRATEGY) != Z_OK)
            throw std::runtime_error("zlib does not start");
        stream.next_out = reinterpret_cast<Bytef*>(out.data());
        stream.avail_out = static_cast<uInt>(out.size());
        for (std::size_t i = 0; i < pieces; ++i) {
            stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(blanks.data()));
            stream.avail_in = static_cast<uInt>(blanks.size());
            deflate(&stream, i + 1 == pieces ? Z_FINISH : Z_NO_FLUSH);
        }
        out.resize(out.size() - stream.avail_out);
        deflateEnd(&stream);
        return out;
    }();
    return packed;
}

} // namespace checkwatches::mock
