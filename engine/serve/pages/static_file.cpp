#include "engine/serve/pages/static_file.hpp"

#include "engine/serve/pages/assets.hpp"

#include <fmt/format.h>

#include <array>

namespace checkwatches::serve::view {
namespace {

struct kind {
    std::string_view suffix;
    std::string_view type;
};
constexpr std::array kinds{
    kind{".css", "text/css; charset=utf-8"},
    kind{".js", "text/javascript; charset=utf-8"},
    kind{".svg", "image/svg+xml"},
};

} // namespace

std::optional<http_answer> static_file(std::string_view name, http_request const& rq)
{
    for (auto const& one : kinds) {
        auto const dash = name.rfind('-');
        if (!name.ends_with(one.suffix) || dash == std::string_view::npos)
            continue;
        auto const hash = name.substr(dash + 1, name.size() - dash - 1 - one.suffix.size());
        auto const* const found = find_asset(fmt::format("{}{}", name.substr(0, dash), one.suffix));
        if (found == nullptr)
            return std::nullopt;
        auto const etag = fmt::format("\"{}\"", found->hash);
        http_answer out;
        out.headers = {
            {"Content-Type", std::string{one.type}},
            {"ETag", etag},
            {"Cache-Control",
             hash == found->hash ? "public, max-age=31536000, immutable" : "public, no-cache"}};
        if (rq.header("If-None-Match").find(etag) != std::string_view::npos)
            out.status = 304;
        else
            out.body = found->text;
        return out;
    }
    return std::nullopt;
}

} // namespace checkwatches::serve::view
