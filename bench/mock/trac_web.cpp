#include "bench/mock/trac.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace checkwatches::mock {

namespace {

// Columns of a query, in the order in which Trac shows them by itself, with their labels.
constexpr std::array columns{
    std::pair{std::string_view{"id"}, std::string_view{"id"}},
    std::pair{std::string_view{"summary"}, std::string_view{"Summary"}},
    std::pair{std::string_view{"owner"}, std::string_view{"Owner"}},
    std::pair{std::string_view{"type"}, std::string_view{"Type"}},
    std::pair{std::string_view{"status"}, std::string_view{"Status"}},
    std::pair{std::string_view{"priority"}, std::string_view{"Priority"}},
    std::pair{std::string_view{"milestone"}, std::string_view{"Milestone"}},
    std::pair{std::string_view{"component"}, std::string_view{"Component"}},
    std::pair{std::string_view{"version"}, std::string_view{"Version"}},
    std::pair{std::string_view{"severity"}, std::string_view{"Severity"}},
    std::pair{std::string_view{"resolution"}, std::string_view{"Resolution"}},
    std::pair{std::string_view{"keywords"}, std::string_view{"Keywords"}},
    std::pair{std::string_view{"cc"}, std::string_view{"Cc"}},
    std::pair{std::string_view{"reporter"}, std::string_view{"Reporter"}},
    std::pair{std::string_view{"time"}, std::string_view{"Created"}},
    std::pair{std::string_view{"changetime"}, std::string_view{"Modified"}}};

constexpr std::array ticket_fields{
    std::string_view{"id"},
    std::string_view{"summary"},
    std::string_view{"reporter"},
    std::string_view{"owner"},
    std::string_view{"description"},
    std::string_view{"type"},
    std::string_view{"status"},
    std::string_view{"priority"},
    std::string_view{"milestone"},
    std::string_view{"component"},
    std::string_view{"version"},
    std::string_view{"severity"},
    std::string_view{"resolution"},
    std::string_view{"keywords"},
    std::string_view{"cc"}};

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

std::string_view label_of(std::string_view name)
{
    auto const at = std::ranges::find(columns, name, [](auto const& c) { return c.first; });
    return at == columns.end() ? std::string_view{} : at->second;
}

void append_value(std::string& out, std::string_view value, char separator)
{
    bool const plain = value.find_first_of("\"\r\n") == std::string_view::npos
                       && value.find(separator) == std::string_view::npos;
    if (plain)
        out += value;
    else
        append_quoted(out, value);
}

} // namespace

std::vector<std::string_view> trac_web::chosen_columns(form const& fields, trac_query const& query) const
{
    std::vector<std::string_view> chosen;
    for (auto const& [name, value] : fields) {
        if (name != "col")
            continue;
        bool const known = !label_of(value).empty() && (value != "severity" || ground_.flavour.severities);
        if (known && std::ranges::find(chosen, value) == chosen.end())
            chosen.push_back(value);
    }
    if (chosen.empty()) {
        for (auto const& [name, label] : columns)
            if (chosen.size() < 7)
                chosen.push_back(name);
        // What it is sorted by is always shown.
        if (!label_of(query.order).empty() && std::ranges::find(chosen, query.order) == chosen.end())
            chosen.back() = query.order;
    }
    if (std::ranges::find(chosen, "id") == chosen.end())
        chosen.insert(chosen.begin(), "id");
    return chosen;
}

answer trac_web::query(request const& rq)
{
    auto const format = field(rq.query, "format").value_or("html");
    if (format != "csv" && format != "tab")
        return ground_.html(200, "Custom Query");
    trac_query const query{rq.query, !version_at_least(ground_.flavour.version, "0.12")};
    char const separator = format == "csv" ? ',' : '\t';
    bool const anonymous = !ground_.knows(rq);
    auto a = ground_.page(
        200,
        format == "csv" ? "text/csv;charset=utf-8" : "text/tab-separated-values;charset=utf-8",
        anonymous);
    a.headers.insert(
        a.headers.begin() + 3,
        {"Content-Disposition",
         fmt::format("attachment; filename=query.{}", format == "csv" ? "csv" : "tsv")});
    if (query.bad_ids) {
        // The new one has sent its headers when it finds out.
        if (ground_.flavour.labels)
            return a;
        return ground_.html(500, "Trac Error: Invalid query constraint value");
    }

    auto found = query.run(ground_, !anonymous);
    auto const most = query.most.value_or(ground_.flavour.page);
    if (most != 0)
        found.resize(std::min(found.size(), most));
    auto const chosen = chosen_columns(rq.query, query);
    a.body = byte_order_mark;
    for (std::size_t i = 0; i < chosen.size(); ++i) {
        if (i != 0)
            a.body += separator;
        a.body += ground_.flavour.labels ? label_of(chosen[i]) : chosen[i];
    }
    a.body += "\r\n";
    auto const shape = fmt::format("{}:{}", format, fmt::join(chosen, ","));
    for (auto const* b : found) {
        a.body += rows_.row(shape, *b, [&](std::string& row, bug const&) {
            for (std::size_t i = 0; i < chosen.size(); ++i) {
                if (i != 0)
                    row += separator;
                append_value(row, ticket_field(ground_, *b, chosen[i]), separator);
            }
            row += "\r\n";
        });
        a.tells.push_back({b->id, b->version()});
    }
    return a;
}

answer trac_web::ticket(request const& rq, std::string_view id)
{
    auto const number = read_id(id);
    if (number)
        ground_.site.bugs.record_asked(*number);
    auto const* b = ground_.site.bugs.find(number.value_or(0));
    if (b == nullptr)
        return ground_.html(404, "Error: Invalid ticket number");
    bool const anonymous = !ground_.knows(rq);
    if (b->hidden && anonymous)
        return ground_.html(403, "Error: Forbidden");

    auto const format = field(rq.query, "format").value_or("html");
    if (!ground_.flavour.ticket_csv || (format != "csv" && format != "tab")) {
        std::string title;
        append_xml(title, b->title);
        return ground_.html(200, fmt::format("#{} ({})", b->id, title));
    }
    char const separator = format == "csv" ? ',' : '\t';
    auto a = ground_.page(
        200,
        format == "csv" ? "text/csv;charset=utf-8" : "text/tab-separated-values;charset=utf-8",
        anonymous);
    a.headers.insert(
        a.headers.begin() + 3,
        {"Content-Disposition",
         fmt::format("attachment; filename=t{}.{}", b->id, format == "csv" ? "csv" : "tsv")});
    a.body = byte_order_mark;
    std::string row;
    for (auto const name : ticket_fields) {
        if (name == "severity" && !ground_.flavour.severities)
            continue;
        if (!row.empty()) {
            a.body += separator;
            row += separator;
        }
        a.body += name;
        append_value(row, ticket_field(ground_, *b, name), separator);
    }
    a.body += "\r\n";
    a.body += row;
    a.body += "\r\n";
    a.tells.push_back({b->id, b->version()});
    return a;
}

} // namespace checkwatches::mock
