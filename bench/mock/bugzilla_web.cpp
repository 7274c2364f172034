#include "bench/mock/bugzilla.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <tuple>

namespace checkwatches::mock {

namespace {

// Columns of buglist.cgi; a column outside this list is dropped.
constexpr std::array columns{
    std::string_view{"product"},
    std::string_view{"component"},
    std::string_view{"assigned_to"},
    std::string_view{"bug_status"},
    std::string_view{"resolution"},
    std::string_view{"short_desc"},
    std::string_view{"changeddate"},
    std::string_view{"opendate"},
    std::string_view{"priority"},
    std::string_view{"bug_severity"}};

std::string column_value(bug const& b, std::string_view column, std::string_view unresolved)
{
    auto const& now = b.now();
    if (column == "bug_status")
        return now.status;
    if (column == "resolution")
        return now.resolution.empty() ? std::string{unresolved} : now.resolution;
    if (column == "priority")
        return now.priority;
    if (column == "bug_severity")
        return now.severity;
    if (column == "short_desc")
        return b.title;
    if (column == "changeddate")
        return plain_time(now.since);
    if (column == "opendate")
        return plain_time(b.created);
    if (column == "product")
        return "Gadget";
    return column == "component" ? "UI & \"Look\"" : "dev";
}

// The known ones among the columns asked for, without bug_id, which every list begins with.
std::vector<std::string_view> chosen_columns(form const& fields)
{
    auto wanted = listed(fields, "columnlist");
    if (wanted.empty())
        wanted = {
            "product", "component", "assigned_to", "bug_status", "resolution", "short_desc", "changeddate"};
    std::erase_if(wanted, [](auto c) { return std::ranges::find(columns, c) == columns.end(); });
    return wanted;
}

std::string shape_of(std::span<std::string_view const> parts)
{
    std::string shape;
    for (auto const part : parts)
        shape += fmt::format("{},", part);
    return shape;
}

std::vector<told> told_by(std::span<bug const* const> rows)
{
    std::vector<told> tells;
    tells.reserve(rows.size());
    for (auto const* b : rows)
        tells.push_back({b->id, b->version()});
    return tells;
}

bool has(form const& fields, std::string_view name)
{
    return field(fields, name).has_value();
}

} // namespace

// A key or a password has no meaning on these pages: only the cookies of a login have.
bool bugzilla_web::may_see(request const& rq, bug const& b) const
{
    return !b.hidden || rq.cookie("Bugzilla_logincookie") == good_logincookie;
}

// In the order of the list page: by status and priority, as this tracker ranks them.
std::vector<bug const*> bugzilla_web::rows(request const& rq, form const& fields) const
{
    std::vector<bug const*> found;
    for (auto const text : listed(fields, "bug_id")) {
        auto const id = read_id(text);
        if (!id)
            continue;
        ground_.site.bugs.record_asked(*id);
        auto const* b = ground_.site.bugs.find(*id);
        if (b != nullptr && may_see(rq, *b))
            found.push_back(b);
    }
    auto const& words = ground_.site.bugs.words();
    std::ranges::sort(found, {}, [&](bug const* b) {
        return std::tuple{
            rank(words.statuses, b->now().status), rank(words.priorities, b->now().priority), b->id};
    });
    auto const repeated = std::ranges::unique(found);
    found.erase(repeated.begin(), repeated.end());
    auto limit = static_cast<std::size_t>(read_id(field(fields, "limit").value_or("")).value_or(0));
    if (limit == 0)
        limit = 10000;
    if (ground_.flavour.capped)
        limit = std::min<std::size_t>(limit, 20);
    found.resize(std::min(found.size(), limit));
    return found;
}

answer bugzilla_web::csv(request const& rq, form const& fields)
{
    auto const wanted = chosen_columns(fields);
    auto const shape = shape_of(wanted);
    auto const found = rows(rq, fields);
    auto const day = plain_time(ground_.site.now()).substr(0, 10);
    auto a = ground_.page(
        200,
        {{"Content-disposition", fmt::format("attachment; filename=\"bugs-{}.csv\"", day)}},
        "text/csv; charset=UTF-8",
        true);
    a.body = "bug_id";
    for (auto const column : wanted)
        a.body += fmt::format(",\"{}\"", column);
    a.body += '\n';
    for (auto const* b : found)
        a.body += rows_.row(shape, *b, [&](std::string& row, bug const&) {
            row += std::to_string(b->id);
            for (auto const column : wanted) {
                row += ',';
                append_quoted(row, column_value(*b, column, " ---"));
            }
            row += '\n';
        });
    a.tells = told_by(found);
    return a;
}

answer bugzilla_web::rdf(request const& rq, form const& fields)
{
    auto const wanted = chosen_columns(fields);
    auto const found = rows(rq, fields);
    // Very old ones say "status" where later ones say "bug_status".
    bool const plain_status = !version_at_least(ground_.flavour.version, "2.17");
    auto a = ground_.page(200, {}, "application/rdf+xml; charset=UTF-8", true);
    auto const& origin = ground_.site.origin;
    a.body = fmt::format(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- {0}/ -->\n"
        "<RDF xmlns=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"\n"
        "     xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"\n"
        "     xmlns:bz=\"http://www.bugzilla.org/rdf#\"\n     "
        "xmlns:nc=\"http://home.netscape.com/NC-rdf#\">\n\n"
        "<bz:result rdf:about=\"{0}/buglist.cgi\">\n  <bz:installation rdf:resource=\"{0}/\" />\n"
        "  <bz:bugs>\n    <Seq>\n",
        origin);
    for (auto const* b : found) {
        fmt::format_to(
            std::back_inserter(a.body),
            "      <li>\n\n        <bz:bug rdf:about=\"{}/show_bug.cgi?id={}\">\n\n          <bz:id "
            "nc:parseType=\"Integer\">{}</bz:id>\n",
            origin,
            b->id,
            b->id);
        for (auto const column : wanted) {
            auto const tag = plain_status && column == "bug_status" ? std::string_view{"status"} : column;
            fmt::format_to(std::back_inserter(a.body), "          <bz:{}>", tag);
            append_xml(a.body, column_value(*b, column, ""));
            fmt::format_to(std::back_inserter(a.body), "</bz:{}>\n", tag);
        }
        a.body += "        </bz:bug>\n\n      </li>\n";
    }
    a.body += "    </Seq>\n  </bz:bugs>\n</bz:result>\n\n</RDF>\n";
    a.tells = told_by(found);
    return a;
}

answer bugzilla_web::buglist(request const& rq)
{
    auto const fields = rq.method == "POST" ? parse_form(rq.body) : rq.query;
    if (has(fields, "Bugzilla_login"))
        return ground_.html(200, "Untrusted Authentication Request");
    if (ground_.flavour.require_login && rq.cookie("Bugzilla_logincookie") != good_logincookie)
        return ground_.html(200, "Log in to Bugzilla", "I need a legitimate login and password to continue.");
    if (rq.method == "POST" && version_at_least(ground_.flavour.version, "4.0") && rq.body.size() <= 8000) {
        auto a = ground_.page(
            302,
            {},
            "",
            true,
            {{"Location", fmt::format("{}/buglist.cgi?{}", ground_.site.origin, rq.body)}});
        return a;
    }
    if (!has(fields, "bug_id"))
        return ground_.html(200, "Parameters Required", "You may not search without any search terms.");
    auto const type = field(fields, "ctype").value_or(field(fields, "format").value_or("html"));
    if (type == "csv" && version_at_least(ground_.flavour.version, "2.18"))
        return csv(rq, fields);
    if (type == "rdf")
        return rdf(rq, fields);
    return ground_.html(200, "Bug List");
}

} // namespace checkwatches::mock
