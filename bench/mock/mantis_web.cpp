#include "bench/mock/mantis.hpp"

#include <fmt/format.h>

#include <iterator>

namespace checkwatches::mock {

namespace {

constexpr std::string_view filter_cookie = "MANTIS_VIEW_ALL_COOKIE";
constexpr std::string_view wide_filter = "v9%23everything";
constexpr std::string_view html = "text/html; charset=UTF-8";

std::string whole_page(std::string_view title, std::string_view content)
{
    return fmt::format(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n\t<meta charset=\"utf-8\">\n\t<title>{}</title>\n"
        "</head>\n<body class=\"skin-3\">\n<div class=\"page-content\">\n{}</div>\n"
        "<address>\n<strong>Powered by <a href=\"https://www.mantisbt.org\">MantisBT </a></strong> <br>\n"
        "</address>\n</body>\n</html>\n",
        title,
        content);
}

answer to_login(mantis_ground& at, request const& rq)
{
    auto a = at.page(302, html, "");
    a.headers.insert(
        a.headers.begin(),
        {"Location", fmt::format("{}/login_page.php?return={}", at.site.origin, rq.target.substr(1))});
    return a;
}

answer application_error(mantis_ground& at, int number, std::string_view text)
{
    bool const modern = version_at_least(at.version(), "2.0");
    return at.page(
        modern ? 404 : 200,
        html,
        whole_page(
            "MantisBT",
            fmt::format(
                "<div class=\"alert alert-danger\">\n<p class=\"bold\">APPLICATION ERROR #{}</p>\n<p>{}</p>\n"
                "</div>",
                number,
                text)));
}

// The cells of one field: with classes in 2.x, labels only before 1.3.
std::string cells(bool modern, std::string_view field, std::string_view label, std::string_view text)
{
    std::string escaped;
    append_xml(escaped, text);
    if (modern)
        return fmt::format(
            "<th class=\"bug-{0} category\">{1}</th><td class=\"bug-{0}\"><i class=\"fa fa-square\"></i> {2}"
            "</td>",
            field,
            label,
            escaped);
    return fmt::format("<td class=\"category\">{}</td><td bgcolor=\"#c8c8ff\">{}</td>", label, escaped);
}

answer issue_page(mantis_ground& at, request const& rq)
{
    auto const id = read_id(field(rq.query, "id").value_or(""));
    if (!id)
        return application_error(at, 200, "A required parameter to this page (id) was not found.");
    auto const* b = at.find(*id);
    if (b == nullptr)
        return application_error(at, 1100, fmt::format("Issue {} not found.", *id));
    if (b->hidden)
        return to_login(at, rq);
    bool const modern = version_at_least(at.version(), "1.3");
    auto const& now = b->now();
    std::string title;
    append_xml(title, b->title);
    std::string rows = "<table class=\"width100\"><tr>"
                       + cells(modern, "priority", "Priority", mantis_priority(now).label)
                       + cells(modern, "severity", "Severity", mantis_severity(now).label) + "</tr>\n<tr>"
                       + cells(modern, "status", "Status", mantis_status(now).label)
                       + cells(modern, "resolution", "Resolution", mantis_resolution(now).label)
                       + "</tr>\n<tr>"
                       + cells(modern, "summary", "Summary", fmt::format("{:07}: {}", b->id, b->title))
                       + "</tr></table>";
    if (now.duplicate_of != 0)
        fmt::format_to(
            std::back_inserter(rows),
            "<table><tr><td><span class=\"nowrap\">duplicate of&nbsp;</span></td>"
            "<td><span><a href=\"/view.php?id={0}\">{0:07}</a></span></td></tr></table>",
            now.duplicate_of);
    auto a = at.page(200, html, whole_page(fmt::format("{:07}: {} - MantisBT", b->id, title), rows));
    a.tells = {{b->id, b->version()}};
    return a;
}

answer set_filter(mantis_ground& at, request const& rq)
{
    auto a = at.page(302, html, "");
    a.headers.insert(a.headers.begin(), {"Location", at.site.origin + "/view_all_bug_page.php"});
    auto const fields = parse_form(rq.body);
    bool const wide = field(fields, "hide_status[]").value_or("") == "[none]";
    a.headers.insert(
        a.headers.begin(),
        {"Set-Cookie", fmt::format("{}={}; path=/", filter_cookie, wide ? wide_filter : "v9%23usual")});
    return a;
}

void append_cell(std::string& row, std::string_view text)
{
    row += ',';
    if (text.find_first_of(",\"\r\n") == std::string_view::npos)
        row += text;
    else
        append_quoted(row, text);
}

// Without the filter in the cookie closed issues are left out.
answer everything(mantis_ground& at, request const& rq)
{
    bool const wide = rq.cookie(filter_cookie) == wide_filter;
    auto a = at.page(200, "text/csv; name=anonymous.csv;charset=UTF-8", "");
    a.headers.insert(
        a.headers.begin(), {{"Content-Encoding", "UTF-8"}, {"Content-Transfer-Encoding", "BASE64;"}});
    a.body = "\xef\xbb\xbfId,Project,Priority,Severity,Category,Updated,Summary,Status,Resolution\n";
    for (auto const& b : at.site.bugs.all()) {
        auto const& now = b.now();
        if (b.hidden || (!wide && now.status == "closed"))
            continue;
        auto row = fmt::format("{:07},Widget", b.id);
        append_cell(row, mantis_priority(now).label);
        append_cell(row, mantis_severity(now).label);
        row += ",Core," + iso_time(now.since).substr(0, 10);
        append_cell(row, b.title);
        append_cell(row, mantis_status(now).label);
        append_cell(row, mantis_resolution(now).label);
        a.body += row + "\n";
        a.tells.push_back({b.id, b.version()});
    }
    return a;
}

} // namespace

answer mantis_web(mantis_ground& at, request const& rq)
{
    std::string_view const path = rq.path;
    if (path == "/login_page.php")
        return at.page(
            200,
            html,
            whole_page("Login - MantisBT", "<form><input type=\"password\" name=\"password\"></form>"));
    bool const here = path == "/view.php" || path == "/view_all_set.php" || path == "/csv_export.php"
                      || path == "/";
    if (!here || !at.is_on("web"))
        return at.page(404, html, "<html><head><title>404 Not Found</title></head></html>");
    if (!at.is_on("anonymous"))
        return to_login(at, rq);
    if (path == "/view.php")
        return issue_page(at, rq);
    if (path == "/view_all_set.php")
        return set_filter(at, rq);
    if (path == "/csv_export.php")
        return everything(at, rq);
    return at.page(200, html, whole_page("My View - MantisBT", ""));
}

} // namespace checkwatches::mock
