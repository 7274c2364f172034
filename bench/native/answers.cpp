#include "answers.hpp"

#include <fmt/format.h>

#include <array>
#include <iterator>
#include <string_view>

namespace {

constexpr int first_id = 21;
constexpr int bugs = 100;

struct bug {
    int id;

    std::string_view status() const
    {
        static constexpr std::array<std::string_view, 4> all{"NEW", "ASSIGNED", "RESOLVED", "VERIFIED"};
        return all[static_cast<std::size_t>(id) % all.size()];
    }
    std::string_view resolution() const { return id % 4 < 2 ? "" : "FIXED"; }
    int priority() const { return id % 5 + 1; }
    std::string_view severity() const { return id % 3 == 0 ? "normal" : "major"; }
    std::string summary() const
    {
        return fmt::format(
            "The panel forgets which windows were open when the session ends while bug {} is being looked at",
            id);
    }
    int second() const { return id % 60; }
};

void append_json(std::string& out, bug const& b, std::string_view more)
{
    fmt::format_to(
        std::back_inserter(out),
        R"({{"id":{},"status":"{}","resolution":"{}","priority":"P{}","severity":"{}","summary":"{}",)"
        R"("product":"desktop","component":"panel","dupe_of":null,)"
        R"("last_change_time":"2026-11-20T10:00:{:02}Z"{}}})",
        b.id,
        b.status(),
        b.resolution(),
        b.priority(),
        b.severity(),
        b.summary(),
        b.second(),
        more);
}

void append_member(std::string& out, std::string_view name, std::string_view type, std::string_view value)
{
    fmt::format_to(
        std::back_inserter(out),
        "<member><name>{0}</name><value><{1}>{2}</{1}></value></member>",
        name,
        type,
        value);
}

void append_xml(std::string& out, bug const& b)
{
    out += "<value><struct>";
    append_member(out, "id", "int", std::to_string(b.id));
    append_member(out, "status", "string", b.status());
    append_member(out, "resolution", "string", b.resolution());
    append_member(out, "priority", "string", fmt::format("P{}", b.priority()));
    append_member(out, "severity", "string", b.severity());
    append_member(out, "summary", "string", b.summary());
    append_member(out, "product", "string", "desktop");
    append_member(out, "component", "string", "panel");
    append_member(out, "is_open", "boolean", b.resolution().empty() ? "1" : "0");
    append_member(
        out, "last_change_time", "dateTime.iso8601", fmt::format("20261120T10:00:{:02}", b.second()));
    out += "</struct></value>";
}

} // namespace

std::string one_bug_in_json()
{
    std::string out = R"({"bugs":[)";
    append_json(
        out,
        {first_id},
        R"(,"creation_time":"2021-03-04T05:06:07Z","version":"unspecified","op_sys":"Linux","platform":"All",)"
        R"("classification":"Unclassified","assigned_to":"dev@example.org","is_open":true,"keywords":[])");
    return out + "]}";
}

std::string hundred_bugs_in_json()
{
    std::string out = R"({"bugs":[)";
    for (int i = 0; i != bugs; ++i) {
        out += i == 0 ? "" : ",";
        append_json(out, {first_id + i}, R"(,"is_open":true)");
    }
    return out + "]}";
}

std::string hundred_bugs_in_xml()
{
    std::string out =
        R"(<?xml version="1.0" encoding="UTF-8"?><methodResponse><params><param><value><struct>)"
        "<member><name>bugs</name><value><array><data>";
    for (int i = 0; i != bugs; ++i)
        append_xml(out, {first_id + i});
    return out
           + "</data></array></value></member><member><name>faults</name><value><array><data /></array>"
             "</value></member></struct></value></param></params></methodResponse>";
}
