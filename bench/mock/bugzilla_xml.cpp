#include "bench/mock/bugzilla.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

namespace checkwatches::mock {

namespace {

// The fields of show_bug.cgi?ctype=xml, in its order.
constexpr std::array xml_fields{
    std::string_view{"bug_id"},
    std::string_view{"alias"},
    std::string_view{"creation_ts"},
    std::string_view{"short_desc"},
    std::string_view{"delta_ts"},
    std::string_view{"product"},
    std::string_view{"component"},
    std::string_view{"version"},
    std::string_view{"rep_platform"},
    std::string_view{"op_sys"},
    std::string_view{"bug_status"},
    std::string_view{"resolution"},
    std::string_view{"dup_id"},
    std::string_view{"priority"},
    std::string_view{"bug_severity"},
    std::string_view{"target_milestone"},
    std::string_view{"reporter"},
    std::string_view{"assigned_to"},
    std::string_view{"long_desc"}};

// Nothing where the bug has no such element.
std::optional<std::string> element(bug const& b, std::string_view field)
{
    auto const& now = b.now();
    if (field == "bug_id")
        return std::to_string(b.id);
    if (field == "alias")
        return b.alias.empty() ? std::nullopt : std::optional{b.alias};
    if (field == "creation_ts")
        return plain_time(b.created) + " +0000";
    if (field == "delta_ts")
        return plain_time(now.since) + " +0000";
    if (field == "short_desc")
        return b.title;
    if (field == "bug_status")
        return now.status;
    if (field == "resolution")
        return now.resolution;
    if (field == "dup_id")
        return now.duplicate_of == 0 ? std::nullopt : std::optional{std::to_string(now.duplicate_of)};
    if (field == "priority")
        return now.priority;
    if (field == "bug_severity")
        return now.severity;
    if (field == "product")
        return "Gadget";
    if (field == "component")
        return "UI & \"Look\"";
    return field == "target_milestone" ? "---" : "1.0";
}

void append_element(std::string& out, std::string_view tag, std::string_view text)
{
    fmt::format_to(std::back_inserter(out), "          <{}>", tag);
    append_xml(out, text);
    fmt::format_to(std::back_inserter(out), "</{}>\n", tag);
}

void append_error(std::string& out, std::string_view why, std::string_view id)
{
    fmt::format_to(std::back_inserter(out), "    <bug error=\"{}\">\n      <bug_id>", why);
    append_xml(out, id);
    out += "</bug_id>\n    </bug>\n";
}

// As xml.cgi writes a bug, or an issue.
void append_old_bug(std::string& out, bug const& b, bool issue)
{
    auto const& now = b.now();
    std::string_view const prefix = issue ? "issue" : "bug";
    fmt::format_to(
        std::back_inserter(out),
        "<{0}>\n  <{0}_id>{1}</{0}_id>\n  <{0}_status>{2}</{0}_status>\n  <resolution>{3}</resolution>\n"
        "  <priority>{4}</priority>\n",
        prefix,
        b.id,
        now.status,
        now.resolution,
        now.priority);
    if (!issue)
        fmt::format_to(std::back_inserter(out), "  <bug_severity>{}</bug_severity>\n", now.severity);
    out += "  <short_desc>";
    append_xml(out, b.title);
    fmt::format_to(std::back_inserter(out), "</short_desc>\n</{}>\n", prefix);
}

// The ids of id= and id=a,b; a form may be the body of a POST.
std::vector<std::string_view> ids_of(form const& fields)
{
    auto ids = listed(fields, "id");
    std::erase_if(ids, [](auto id) { return id.empty(); });
    return ids;
}

} // namespace

void bugzilla_web::append_xml_bug(
    std::string& out, bug const& b, std::span<std::string_view const> fields) const
{
    out += "    <bug>\n";
    for (auto const name : fields) {
        if (name == "reporter" || name == "assigned_to") {
            fmt::format_to(
                std::back_inserter(out),
                "          <{0} name=\"{1}\">{2}</{0}>\n",
                name,
                name == "reporter" ? "Admin" : "Dev",
                name == "reporter" ? "admin" : "dev");
        }
        else if (name == "long_desc") {
            fmt::format_to(
                std::back_inserter(out),
                "          <long_desc isprivate=\"0\" >\n    <commentid>{0}</commentid>\n"
                "    <bug_when>{1} +0000</bug_when>\n    <thetext>Description of bug {0}\nsecond "
                "line</thetext>\n  </long_desc>\n",
                b.id,
                plain_time(b.created));
        }
        else if (auto const text = element(b, name)) {
            append_element(out, name, *text);
        }
    }
    out += "          \n\n      \n\n    </bug>\n";
}

answer bugzilla_web::bug_page(request const& rq, std::string_view id)
{
    auto const* b = ground_.site.bugs.find(read_id(id).value_or(0));
    if (b == nullptr)
        return ground_.html(200, "Missing Bug ID");
    if (!may_see(rq, *b))
        return ground_.html(200, "Access Denied");
    std::string title;
    append_xml(title, b->title);
    return ground_.html(200, fmt::format("{} – {}", b->id, title));
}

answer bugzilla_web::show_bug(request const& rq)
{
    auto const fields = rq.method == "POST" ? parse_form(rq.body) : rq.query;
    if (ground_.flavour.require_login && rq.cookie("Bugzilla_logincookie") != good_logincookie)
        return ground_.html(200, "Log in to Bugzilla", "I need a legitimate login and password to continue.");
    auto const ids = ids_of(fields);
    if (field(fields, "ctype").value_or("") != "xml")
        return bug_page(rq, ids.empty() ? "" : ids.front());

    auto const only = listed(fields, "field");
    auto const without = listed(fields, "excludefield");
    std::vector<std::string_view> wanted{xml_fields.begin(), xml_fields.end()};
    std::erase_if(wanted, [&](auto name) {
        bool const left_out = std::ranges::find(without, name) != without.end();
        return left_out || (!only.empty() && std::ranges::find(only, name) == only.end());
    });

    auto a = ground_.page(200, {}, "application/xml; charset=UTF-8", true);
    a.body = fmt::format(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\" ?>\n"
        "<!DOCTYPE bugzilla SYSTEM \"{0}/page.cgi?id=bugzilla.dtd\">\n\n<bugzilla version=\"{1}\"\n"
        "          urlbase=\"{0}/\"\n          \n          maintainer=\"admin@example.org\"\n>\n\n",
        ground_.site.origin,
        ground_.flavour.version);
    auto const shape = fmt::format("xml:{}", fmt::join(wanted, ","));
    for (auto const text : ids) {
        auto const id = read_id(text);
        if (id)
            ground_.site.bugs.record_asked(*id);
        auto const* b = ground_.site.bugs.find(id.value_or(0));
        if (b == nullptr) {
            // A number that does not exist has the name of one that is no number (5.0, 5.2).
            append_error(
                a.body, version_at_least(ground_.flavour.version, "4.0") ? "InvalidBugId" : "NotFound", text);
        }
        else if (!may_see(rq, *b)) {
            append_error(a.body, "NotPermitted", text);
        }
        else {
            a.body += rows_.row(
                shape, *b, [&](std::string& row, bug const&) { append_xml_bug(row, *b, wanted); });
            a.tells.push_back({b->id, b->version()});
        }
    }
    a.body += "\n</bugzilla>\n";
    return a;
}

answer bugzilla_web::xml_cgi(request const& rq)
{
    auto const fields = rq.method == "POST" ? parse_form(rq.body) : rq.query;
    auto const& flavour = ground_.flavour;
    auto const ids = ids_of(fields);
    if (!flavour.xml_cgi)
        return ground_.page(
            302,
            {},
            "",
            true,
            {{"Location",
              fmt::format("{}/show_bug.cgi?ctype=xml&id={}", ground_.site.origin, fmt::join(ids, ","))}});

    std::string_view const root = flavour.issuezilla ? "issuezilla" : "bugzilla";
    std::string_view const prefix = flavour.issuezilla ? "issue" : "bug";
    auto a = ground_.page(200, {}, "text/xml", true);
    a.body = fmt::format(
        "<?xml version=\"1.0\" standalone=\"yes\"?>\n<!DOCTYPE {0} SYSTEM \"{1}/{0}.dtd\">\n"
        "<{0} version=\"{2}\" urlbase=\"{1}/\" maintainer=\"admin@example.org\" >\n",
        root,
        ground_.site.origin,
        flavour.version);
    for (auto const text : ids) {
        auto const id = read_id(text).value_or(0);
        ground_.site.bugs.record_asked(id);
        auto const* b = ground_.site.bugs.find(id);
        if (b == nullptr || !may_see(rq, *b)) {
            fmt::format_to(
                std::back_inserter(a.body),
                "<{0} error=\"{1}\">\n  <{0}_id>{2}</{0}_id>\n</{0}>\n",
                prefix,
                b == nullptr ? "NotFound" : "NotPermitted",
                id);
            continue;
        }
        append_old_bug(a.body, *b, flavour.issuezilla);
        a.tells.push_back({b->id, b->version()});
    }
    fmt::format_to(std::back_inserter(a.body), "</{}>\n", root);
    return a;
}

} // namespace checkwatches::mock
