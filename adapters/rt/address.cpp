#include "adapters/rt/address.hpp"

#include "adapters/wire/text.hpp"

#include <algorithm>
#include <array>

namespace checkwatches::adapters::rt {
namespace {

// rt.cpan.org shows its tickets to everybody here, and to nobody else where other RTs do.
constexpr std::string_view public_folder = "Public/";
constexpr std::string_view public_host = "rt.cpan.org";

constexpr std::array<std::string_view, 8> pages{
    "/Ticket/Display.html",
    "/Ticket/History.html",
    "/Ticket/Modify.html",
    "/Ticket/ModifyAll.html",
    "/Ticket/Update.html",
    "/Bug/Display.html",
    "/Bug/Update.html",
    "/SelfService/Display.html"};

} // namespace

std::optional<bug_ref> recognise(web_url const& url)
{
    std::string_view const path = url.path;
    auto const page = std::ranges::find_if(pages, [&](std::string_view one) { return path.ends_with(one); });
    if (page == pages.end())
        return std::nullopt;
    auto const id = url.parameter("id");
    if (!id || wire::trimmed(*id).empty())
        return std::nullopt;
    auto folder = path.substr(0, path.size() - page->size() + 1);
    if (folder.ends_with("/Public/"))
        folder.remove_suffix(public_folder.size());

    auto number = wire::normal_number(*id);
    bug_ref out{.base = url, .remote_id = number.empty() ? *id : std::move(number)};
    out.base.path = folder;
    out.base.query.clear();
    return out;
}

web_url ticket_page(web_url const& base, std::string_view id)
{
    auto const shown = percent_encode(id);
    return join(
        base,
        base.host == public_host ? "Public/Bug/Display.html?id=" + shown : "Ticket/Display.html?id=" + shown);
}

} // namespace checkwatches::adapters::rt
