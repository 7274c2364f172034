#include "engine/core/api_url.hpp"

#include "engine/core/ascii.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace checkwatches {
namespace {

constexpr std::string_view local_scheme = "file";

error bad_folder(std::string_view why)
{
    return error{
        .kind = error_kind::usage,
        .message = fmt::format("the address of a local folder {}: write file:///srv/bugs/spool", why)};
}

// "." or ".." as a part of the path, however it is spelt.
bool has_dots(std::string_view path)
{
    auto const decoded = percent_decode(path);
    for (std::string_view rest = decoded; !rest.empty();) {
        auto const part = rest.substr(0, rest.find('/'));
        if (part == "." || part == "..")
            return true;
        rest.remove_prefix(std::min(part.size() + 1, rest.size()));
    }
    return false;
}

} // namespace

result<web_url> parse_api_url(std::string_view text)
{
    auto const parsed = boost::urls::parse_uri(text);
    if (!parsed || !same_word(std::string_view{parsed->scheme()}, local_scheme))
        return parse_url(text);
    if (!parsed->has_authority())
        return bad_folder("has no // before its path, or a relative path");
    if (!parsed->encoded_authority().empty())
        return bad_folder("has a host, or a relative path");
    if (parsed->has_query() || parsed->has_fragment())
        return bad_folder("has a ? or # in it that is not percent-encoded");
    web_url out{.scheme = std::string{local_scheme}, .path = std::string{parsed->encoded_path()}};
    if (!out.path.starts_with('/'))
        return bad_folder("has no path");
    if (has_dots(out.path))
        return bad_folder("has . or .. in its path");
    return out;
}

bool is_local(web_url const& url) noexcept
{
    return url.scheme == local_scheme;
}

} // namespace checkwatches
