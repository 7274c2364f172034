#include "engine/core/url.hpp"

#include "engine/core/ascii.hpp"
#include "engine/core/control_characters.hpp"

#include <boost/url/host_type.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace checkwatches {
namespace {

constexpr std::size_t longest_url = 8192;

// Query parameters whose values are credentials: these names, and every name with one of these parts in it
// ("private_token", "api.token", "Bugzilla_password"); all in lower case.
constexpr std::array<std::string_view, 10> secret_names{
    "key", "pass", "pwd", "auth", "login", "bugzilla_login", "sig", "signature", "sid", "jwt"};
constexpr std::array<std::string_view, 10> secret_parts{
    "token",
    "password",
    "passwd",
    "passphrase",
    "secret",
    "api_key",
    "api-key",
    "apikey",
    "authorization",
    "logincookie"};

std::uint16_t default_port(std::string_view scheme)
{
    if (scheme == "https")
        return 443;
    return scheme == "http" ? 80 : 0;
}

// A text that is no URL of ours, as an error may show it: without what can be a credential (before an @, and
// the query), in one line, and not cut inside a character.
std::string shown(std::string_view text)
{
    std::string out;
    auto const scheme = text.find("://");
    if (auto const at = text.rfind('@'); at != std::string_view::npos) {
        if (scheme < at)
            out += text.substr(0, scheme + 3);
        out += "***";
        text.remove_prefix(at);
    }
    auto const tail = text.find_first_of("?#");
    out += text.substr(0, tail);
    constexpr std::size_t longest = 200;
    bool const cut = out.size() > longest;
    if (cut) {
        auto end = longest;
        while (end != 0 && (static_cast<unsigned char>(out[end]) & 0xC0U) == 0x80)
            --end;
        out.resize(end);
    }
    std::ranges::replace_if(out, is_control, ' ');
    if (cut || tail != std::string_view::npos)
        out += "…";
    return out;
}

error bad_url(std::string_view text, std::string_view why)
{
    return error{.kind = error_kind::usage, .message = fmt::format("\"{}\" {}", shown(text), why)};
}

// The parser gives the host decoded: an escaped slash or @ in it would be written back as another URL.
bool is_host_name(std::string_view host)
{
    return std::ranges::all_of(host, [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '-' || c == '.' || c == '_';
    });
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
    auto const type = from.host_type();
    if (type == boost::urls::host_type::ipvfuture
        || (type != boost::urls::host_type::ipv6 && !is_host_name(url.host)))
        return bad_url(text, "has a host name that is not of letters, digits, dots and hyphens");
    if (from.has_port() && !from.port().empty() && from.port_number() == 0)
        return bad_url(text, "has a port that is not between 1 and 65535");
    url.port = from.port_number() != 0 ? from.port_number() : default_port(url.scheme);
    url.path = std::string_view{from.encoded_path()};
    if (url.path.empty())
        url.path = "/";
    if (!url.path.starts_with('/')) // Boost 1.81 takes "h:80x/" for the port 80 and the path "x/"
        return bad_url(text, "is not a URL");
    url.query = std::string_view{from.encoded_query()};
    return url;
}

// RFC 3986 §5.2.4, for a path that starts with a slash. (Boost 1.81's own keeps a ".." that leads out of the
// root.)
std::string without_dots(std::string_view path)
{
    std::string out;
    while (!path.empty()) {
        auto const end = std::min(path.find('/', 1), path.size());
        auto const segment = path.substr(0, end); // with the slash before it
        path.remove_prefix(end);
        bool const dots = segment == "/." || segment == "/..";
        if (segment == "/..")
            out.resize(std::min(out.rfind('/'), out.size()));
        if (!dots)
            out += segment;
        else if (path.empty())
            out += '/';
    }
    return out;
}

result<web_url> within_length(web_url url, std::string_view text)
{
    if (url.text().size() > longest_url)
        return bad_url(text, fmt::format("leads to a URL that is longer than {} bytes", longest_url));
    return url;
}

void append_authority(std::string& out, web_url const& url)
{
    bool const v6 = url.host.find(':') != std::string::npos;
    if (v6)
        out += '[';
    out += url.host;
    if (v6)
        out += ']';
    if (url.port == default_port(url.scheme))
        return;
    std::array<char, 6> port{':'};
    auto const end = std::to_chars(port.data() + 1, port.data() + port.size(), url.port).ptr;
    out.append(port.data(), end);
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

std::string decode_form(std::string_view text)
{
    std::string blanks{text};
    std::ranges::replace(blanks, '+', ' ');
    return percent_decode(blanks);
}

bool is_secret_word(std::string_view name)
{
    return std::ranges::find(secret_names, name) != secret_names.end()
           || std::ranges::any_of(secret_parts, [&](std::string_view part) {
                  return name.find(part) != std::string_view::npos;
              });
}

bool is_secret(std::string_view encoded_name)
{
    return is_secret_word(lower(decode_form(encoded_name)));
}

// Appends one field of a query, without the value of a credential. CGI.pm, and with it Bugzilla, also takes
// ";" for "&": what follows a credential's name is hidden to the end of the field.
void append_without_secret(std::string& out, std::string_view field)
{
    for (std::size_t start = 0; start < field.size();) {
        auto const end = std::min(field.find(';', start), field.size());
        auto const equals = field.find('=', start);
        if (equals < end && is_secret(field.substr(start, equals - start))) {
            out += field.substr(0, equals);
            out += "=***";
            return;
        }
        start = end + 1;
    }
    out += field;
}

// As many bytes as the whole URL has at most.
std::size_t room_for(web_url const& url)
{
    constexpr std::size_t marks = sizeof "://[]:65535?";
    return url.scheme.size() + url.host.size() + url.path.size() + url.query.size() + marks;
}

void append_origin(std::string& out, web_url const& url)
{
    out += url.scheme;
    out += "://";
    append_authority(out, url);
}

// A link to an e-mail address has none, and no query.
bool has_origin(web_url const& url)
{
    return !url.host.empty() || url.scheme == "file";
}

// All that is before the query.
void append_place(std::string& out, web_url const& url)
{
    if (has_origin(url)) {
        append_origin(out, url);
    }
    else {
        out += url.scheme;
        out += ':';
    }
    out += url.path;
}

} // namespace

std::string web_url::authority() const
{
    std::string out;
    append_authority(out, *this);
    return out;
}

std::string web_url::origin() const
{
    std::string out;
    out.reserve(scheme.size() + host.size() + 12); // "://", brackets, ":65535"
    append_origin(out, *this);
    return out;
}

std::string web_url::target() const
{
    std::string out;
    out.reserve(path.size() + query.size() + 1);
    out += path;
    if (!query.empty()) {
        out += '?';
        out += query;
    }
    return out;
}

std::string web_url::text() const
{
    std::string out;
    out.reserve(room_for(*this));
    append_place(out, *this);
    if (!query.empty() && has_origin(*this)) {
        out += '?';
        out += query;
    }
    return out;
}

std::optional<std::string> web_url::parameter(std::string_view name) const
{
    std::string_view rest = query;
    while (!rest.empty()) {
        auto const field = rest.substr(0, rest.find('&'));
        rest.remove_prefix(std::min(field.size() + 1, rest.size()));
        auto const equals = std::min(field.find('='), field.size());
        if (decode_form(field.substr(0, equals)) == name)
            return decode_form(field.substr(std::min(equals + 1, field.size())));
    }
    return std::nullopt;
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

result<web_url> parse_link(std::string_view text)
{
    constexpr std::string_view mail = "mailto:";
    if (!same_word(text.substr(0, mail.size()), mail))
        return parse_url(text);
    auto const address = text.substr(mail.size(), text.find('?') - mail.size());
    auto const at = address.find('@');
    bool const plain = std::ranges::all_of(address, [](unsigned char c) { return c > 0x20 && c < 0x7F; });
    if (at == 0 || at == std::string_view::npos || at + 1 == address.size() || !plain
        || text.size() > longest_url)
        return bad_url(text, "is not an e-mail address behind mailto:");
    return web_url{.scheme = "mailto", .path = std::string{address}};
}

result<web_url> resolve(web_url const& base, std::string_view reference)
{
    if (reference.size() > longest_url)
        return bad_url(reference, fmt::format("is longer than {} bytes", longest_url));
    auto const parsed = boost::urls::parse_uri_reference(reference);
    if (!parsed)
        return bad_url(reference, "is not a URL");
    if (parsed->has_scheme())
        return parse_url(reference);
    if (parsed->has_authority())
        return parse_url(fmt::format("{}:{}", base.scheme, reference));

    web_url out = base;
    std::string_view const path{parsed->encoded_path()};
    if (path.empty()) {
        if (parsed->has_query())
            out.query = std::string_view{parsed->encoded_query()};
        return within_length(std::move(out), reference);
    }
    auto const folder = std::string_view{base.path}.substr(0, base.path.rfind('/') + 1);
    out.path = without_dots(path.starts_with('/') ? std::string{path} : fmt::format("{}{}", folder, path));
    out.query = std::string_view{parsed->encoded_query()};
    return within_length(std::move(out), reference);
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
    if (text.find('%') == std::string_view::npos)
        return std::string{text};
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
    std::string out;
    out.reserve(room_for(url));
    append_place(out, url);
    if (url.query.empty() || !has_origin(url))
        return out;
    std::string_view const query = url.query;
    char mark = '?';
    for (std::size_t start = 0; start <= query.size();) {
        auto const end = std::min(query.find('&', start), query.size());
        out += mark;
        append_without_secret(out, query.substr(start, end - start));
        mark = '&';
        start = end + 1;
    }
    return out;
}

} // namespace checkwatches
