#include "engine/core/url.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

namespace checkwatches {
namespace {

constexpr std::size_t longest_url = 8192;

// Names of query parameters whose values are credentials, in lower case.
constexpr std::array<std::string_view, 12> secret_parameters{
    "api_key",
    "bugzilla_api_key",
    "bugzilla_login",
    "bugzilla_password",
    "bugzilla_token",
    "token",
    "access_token",
    "private_token",
    "key",
    "pass",
    "password",
    "secret",
};

std::string lower(std::string_view text)
{
    std::string out{text};
    std::ranges::transform(
        out, out.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return out;
}

std::uint16_t default_port(std::string_view scheme)
{
    return scheme == "https" ? 443 : 80;
}

error bad_url(std::string_view text, std::string_view why)
{
    constexpr std::size_t shown = 200;
    return error{
        .kind = error_kind::usage,
        .message = fmt::format("\"{}{}\" {}", text.substr(0, shown), text.size() > shown ? "…" : "", why)};
}

result<web_url> take_apart(boost::urls::url_view from, std::string_view text)
{
    web_url url;
    url.scheme = lower(std::string_view{from.scheme()});
    if (url.scheme != "http" && url.scheme != "https")
        return bad_url(text, "is not an http or https URL");
    if (from.has_userinfo())
        return bad_url(text, "has a user name or password in it; put credentials into the credentials file");
    url.host = lower(from.host_address());
    if (url.host.empty())
        return bad_url(text, "names no host");
    if (from.has_port() && !from.port().empty() && from.port_number() == 0)
        return bad_url(text, "has a port that is not between 1 and 65535");
    url.port = from.port_number() != 0 ? from.port_number() : default_port(url.scheme);
    url.path = std::string_view{from.encoded_path()};
    if (url.path.empty())
        url.path = "/";
    url.query = std::string_view{from.encoded_query()};
    return url;
}

int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

// Calls `visit(name, value)` for each still encoded parameter of a query; a visitor that returns false ends
// it.
template <class Visit>
void each_parameter(std::string_view query, Visit visit)
{
    while (!query.empty()) {
        auto const field = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(query.size(), field.size() + 1));
        auto const equals = field.find('=');
        auto const name = field.substr(0, equals);
        auto const value = equals == std::string_view::npos ? std::string_view{} : field.substr(equals + 1);
        if (!visit(name, value))
            return;
    }
}

std::string decode_form(std::string_view text)
{
    std::string blanks{text};
    std::ranges::replace(blanks, '+', ' ');
    return percent_decode(blanks);
}

} // namespace

std::string web_url::authority() const
{
    bool const v6 = host.find(':') != std::string::npos;
    std::string out = v6 ? "[" + host + "]" : host;
    if (port != default_port(scheme))
        out += fmt::format(":{}", port);
    return out;
}

std::string web_url::origin() const
{
    return scheme + "://" + authority();
}

std::string web_url::target() const
{
    return query.empty() ? path : path + "?" + query;
}

std::string web_url::text() const
{
    return origin() + target();
}

std::optional<std::string> web_url::parameter(std::string_view name) const
{
    std::optional<std::string> found;
    each_parameter(query, [&](std::string_view n, std::string_view v) {
        if (decode_form(n) == name)
            found = decode_form(v);
        return !found;
    });
    return found;
}

result<web_url> parse_url(std::string_view text)
{
    if (text.size() > longest_url)
        return bad_url(text, fmt::format("is longer than {} bytes", longest_url));
    auto const parsed = boost::urls::parse_uri(text);
    if (!parsed)
        return bad_url(text, "is not a URL");
    return take_apart(*parsed, text);
}

result<web_url> resolve(web_url const& base, std::string_view reference)
{
    if (reference.size() > longest_url)
        return bad_url(reference, fmt::format("is longer than {} bytes", longest_url));
    auto const absolute = boost::urls::parse_uri(base.text());
    auto const relative = boost::urls::parse_uri_reference(reference);
    if (!absolute || !relative)
        return bad_url(reference, "is not a URL");
    boost::urls::url out;
    if (!boost::urls::resolve(*absolute, *relative, out))
        return bad_url(reference, "is not a URL");
    return take_apart(out, reference);
}

web_url join(web_url const& base, std::string_view relative)
{
    web_url out = base;
    auto const mark = relative.find('?');
    auto path = relative.substr(0, mark);
    while (path.starts_with('/'))
        path.remove_prefix(1);
    if (!out.path.ends_with('/'))
        out.path += '/';
    out.path += path;
    out.query = mark == std::string_view::npos ? std::string_view{} : relative.substr(mark + 1);
    return out;
}

std::string percent_encode(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    for (char const c : text) {
        bool const plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
                           || c == '-' || c == '.' || c == '_' || c == '~';
        if (plain)
            out += c;
        else
            fmt::format_to(std::back_inserter(out), "%{:02X}", static_cast<unsigned char>(c));
    }
    return out;
}

std::string percent_decode(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i != text.size(); ++i) {
        if (text[i] == '%' && i + 2 < text.size()) {
            int const high = hex_value(text[i + 1]);
            int const low = hex_value(text[i + 2]);
            if (high >= 0 && low >= 0) {
                out += static_cast<char>(high * 16 + low);
                i += 2;
                continue;
            }
        }
        out += text[i];
    }
    return out;
}

std::string form_encode(std::vector<std::pair<std::string, std::string>> const& fields)
{
    std::string out;
    for (auto const& [name, value] : fields) {
        if (!out.empty())
            out += '&';
        out += percent_encode(name) + "=" + percent_encode(value);
    }
    return out;
}

std::string redacted(web_url const& url)
{
    web_url shown = url;
    shown.query.clear();
    each_parameter(url.query, [&](std::string_view name, std::string_view value) {
        if (!shown.query.empty())
            shown.query += '&';
        bool const hidden = std::ranges::find(secret_parameters, lower(decode_form(name)))
                            != secret_parameters.end();
        shown.query += name;
        if (hidden)
            shown.query += "=***";
        else if (!value.empty())
            shown.query.append("=").append(value);
        return true;
    });
    return shown.text();
}

} // namespace checkwatches
