// A Savane with one tracker. Flavours: "3.14", "2.6" (headings and errors in the old form). Options: tracker
// (bugs; support, task, patch), old (the form), error_status (404; 200).
//
// A bug's status is Closed or, while it is open, the item's Status; its resolution is the Status once it is
// closed.

#include "bench/mock/kinds.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace checkwatches::mock {

namespace {

constexpr status_word statuses[]{
    {"None", true, false},
    {"Confirmed", true, false},
    {"In Progress", true, false},
    {"Need Info", true, false},
    {"Ready For Test", true, false},
    {"Closed", false, true}};
constexpr std::string_view resolutions[]{"None", "Fixed", "Wont Fix", "Works For Me", "Invalid"};
constexpr std::string_view priorities[]{"9 - Immediate", "7 - High", "5 - Normal", "3 - Low", "1 - Later"};
constexpr std::string_view severities[]{
    "6 - Security", "5 - Blocker", "4 - Important", "3 - Normal", "2 - Minor", "1 - Wish"};
constexpr vocabulary savannah_words{statuses, resolutions, "Duplicate", priorities, severities};

constexpr std::string_view savannah_options[]{"tracker", "old", "error_status"};

constexpr std::array<std::pair<std::string_view, std::string_view>, 4> item_words{
    {{"bugs", "bug"}, {"support", "sr"}, {"task", "task"}, {"patch", "patch"}}};

std::string escaped(std::string_view text)
{
    std::string out;
    append_xml(out, text);
    return out;
}

std::string label(std::string_view name, std::string_view mark = {})
{
    return fmt::format(
        R"(<td valign="middle" width="15%"><span class="preinput help" title="{0} of it">{0}:</span>{1}</td>)",
        name,
        mark);
}

std::string value(std::string_view text)
{
    return fmt::format(R"(<td valign="middle" width="35%">{}</td>)", escaped(text));
}

class savannah_site final : public site {
public:
    explicit savannah_site(site_ground ground) : ground_{std::move(ground)} {}

private:
    bool is_old() const { return ground_.option("old", "0") == "1"; }

    answer page(unsigned status, std::string_view title, std::string_view content) const
    {
        answer a{.status = status, .frame = answer::framing::length};
        a.headers = {
            {"Date", http_time(ground_.now())},
            {"Server", "Apache"},
            {"Content-Type", "text/html; charset=utf-8"},
            {std::string{framing_mark}, ""}};
        a.body = fmt::format(
            "<!DOCTYPE html>\n<html lang='en'>\n<head><title>{} [Savannah]</title></head>\n<body>\n"
            "<h1 class='toptitle'>Orchard</h1>\n{}</body></html>\n",
            title,
            content);
        return a;
    }

    answer error_page(std::string_view text) const
    {
        auto const status = read_id(ground_.option("error_status", "404")).value_or(404);
        return page(
            static_cast<unsigned>(status),
            "Exiting with Error",
            is_old() ? fmt::format(
                           "<div id=\"feedback\" class=\"feedbackerror\"><span class=\"feedbackerrortitle\">"
                           "<img src=\"wrong.png\" alt=\"\" /> Error:</span><br/>\n{}</div>\n",
                           text)
                     : fmt::format("<h1>Error</h1>\n<p>{}</p>\n", text));
    }

    answer answer_to(request const& rq) override
    {
        std::string_view path = rq.path;
        auto const tracker = fmt::format("/{}/", ground_.option("tracker", "bugs"));
        if (path != tracker && path != tracker + "index.php")
            return path == "/" ? page(200, "Welcome", "<p>Software.</p>\n") : page(404, "404 Not Found", "");
        auto const named = field(rq.query, "item_id");
        bool const bare = rq.query.size() == 1 && rq.query.front().second.empty();
        auto const id = named ? read_id(*named) : bare ? read_id(rq.query.front().first) : std::nullopt;
        if (!id)
            return error_page("No group chosen");
        ground_.bugs.record_asked(*id);
        auto const* b = ground_.bugs.find(*id);
        if (b == nullptr)
            return error_page("Item not found");
        if (b->hidden)
            return error_page(
                "This item is private. You are not listed as member\nallowed to read private items.");
        return item(*b);
    }

    answer item(bug const& b) const
    {
        auto const tracker = ground_.option("tracker", "bugs");
        auto const known = std::ranges::find(
            item_words, tracker, [](auto const& entry) { return entry.first; });
        auto const name = fmt::format("{} #{}", known->second, b.id);
        auto const title = escaped(b.title);
        auto a = page(
            200,
            fmt::format("Orchard - {}: {}, {}", tracker, name, title),
            heading(b.id, name, title) + "<form action='?" + std::to_string(b.id)
                + "' method='post'>\n<input type='hidden' name='func' value='detailitem' />\n" + fields(b)
                + "</form>\n" + discussion(b));
        a.tells = {{b.id, b.version()}};
        return a;
    }

    std::string heading(int id, std::string_view name, std::string_view title) const
    {
        return is_old() ? fmt::format(
                              "<h2 class=\"priorc\"><em><a href=\"/bugs/?{}\">{}</a></em>: {}</h2>\n",
                              id,
                              name,
                              title)
                        : fmt::format(
                              "<h1 class='priorc'><i><a href=\"?{}\">{}</a></i>: {}</h1>\n", id, name, title);
    }

    std::string fields(bug const& b) const
    {
        auto const& now = b.now();
        bool const closed = now.status == "Closed";
        auto const resolution = closed ? now.resolution : now.status;
        return fmt::format(
                   "<table cellpadding='0' width='100%'>\n<tr><td class='preinput'>{}&nbsp;</td><td>al</td>"
                   "<td colspan='2'>&nbsp;</td></tr>\n<tr><td colspan='4'>&nbsp;</td></tr>\n",
                   is_old() ? "Submitted by:" : "Submitter:")
               + "<tr>" + label("Category", "<span class=\"warn\"> *</span>") + value("None")
               + label("Severity") + value(now.severity) + "</tr>\n<tr class=\"boxitemalt\">"
               + label("Priority") + value(now.priority) + label("Item Group") + value("None") + "</tr>\n<tr>"
               + label("Status") + value(resolution.empty() ? "None" : resolution) + label("Privacy")
               + value("Public") + "</tr>\n<tr>" + label("Open/Closed", "&nbsp;")
               + value(closed ? "Closed" : "Open") + label("Assigned to") + value("None")
               + "</tr>\n</table>\n";
    }

    // People write of all things.
    std::string discussion(bug const& b) const
    {
        std::string out = "<table class=\"box\">\n";
        for (auto const& one : remarks_of(b))
            out += fmt::format(
                "<tr><td><a href='#comment{}'>{}</a><div>{} Open/Closed: Open Status: "
                "Fixed</div></td></tr>\n",
                one.id,
                plain_time(one.at),
                escaped(one.text));
        return out + "</table>\n";
    }

    site_ground ground_;
};

bool set_savannah_flavour(tracker_options& options, std::string_view flavour)
{
    if (flavour == "2.6")
        options.own.insert_or_assign("old", "1");
    return flavour == "3.14" || flavour == "2.6";
}

} // namespace

mock_kind savannah_kind() noexcept
{
    return {
        .name = "savannah",
        .make = [](site_ground ground) -> std::unique_ptr<site> {
            return std::make_unique<savannah_site>(std::move(ground));
        },
        .words = [](tracker_options const&) noexcept { return savannah_words; },
        .set_flavour = set_savannah_flavour,
        .options = savannah_options,
        .links_duplicates = false};
}

} // namespace checkwatches::mock
