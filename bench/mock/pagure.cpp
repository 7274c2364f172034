// A Pagure with one project. Flavours: "5", "2" (no pagination, no whoami). Options: project (plum/orchard;
// it may be a fork), pagination, whoami, tracker (issues are enabled), as 0 and 1. Status and resolution of a
// bug are the issue's status and close status, its priority is the name of one, its severity a tag. A list's
// rows carry their comments, and so does a single issue that is not asked without.

#include "bench/mock/kinds.hpp"
#include "bench/mock/row_cache.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace checkwatches::mock {

namespace {

constexpr std::string_view api = "/api/0/";

constexpr status_word statuses[]{{"Open", true, false}, {"Blocked", true, false}, {"Closed", false, true}};
constexpr std::string_view resolutions[]{"Fixed", "Invalid", "Insufficient data", "Won't fix"};
constexpr std::string_view priorities[]{"Urgent", "High", "Normal", "Low", "Needs Triage", ""};
constexpr std::string_view severities[]{"bug", "RFE"};
constexpr vocabulary pagure_words{statuses, resolutions, "Duplicate", priorities, severities};

constexpr std::string_view pagure_options[]{"project", "pagination", "whoami", "tracker"};

class pagure_site final : public site {
public:
    explicit pagure_site(site_ground ground) : ground_{std::move(ground)} {}

private:
    std::string_view project() const { return ground_.option("project", "plum/orchard"); }

    answer json(std::string body, unsigned status = 200) const
    {
        answer a{.status = status, .frame = answer::framing::length};
        a.headers = {
            {"Date", http_time(ground_.now())},
            {"Server", "Apache"},
            {"Content-Type", "application/json"},
            {std::string{framing_mark}, ""}};
        a.body = std::move(body);
        return a;
    }
    answer refuse(unsigned status, std::string_view code, std::string_view text) const
    {
        return json(
            fmt::format("{{\n  \"error\": \"{}\",\n  \"error_code\": \"{}\"\n}}\n", text, code), status);
    }
    answer page(unsigned status) const
    {
        auto a = json("<!DOCTYPE html>\n<html lang='en'><head><title>Pagure</title></head></html>\n", status);
        a.headers[2].second = "text/html; charset=utf-8";
        return a;
    }

    answer answer_to(request const& rq) override
    {
        std::string_view path = rq.path;
        if (!path.starts_with(api))
            return page(path == "/" ? 200 : 404);
        path.remove_prefix(api.size());
        if (path == "version" || path == "-/version")
            return json("{\n  \"version\": \"0.31\"\n}\n");
        if (path.starts_with(project())) {
            auto const rest = path.substr(project().size());
            if (rest.empty())
                return describe();
            if (rest == "/issues" || rest.starts_with("/issue/"))
                return guarded(rq, rest);
        }
        if (path == "-/whoami" && ground_.option("whoami", "1") == "1")
            return guarded(rq, path);
        return path.starts_with("-/") ? page(404) : refuse(404, "ENOPROJECT", "Project not found");
    }

    // What a token opens; a wrong one is refused even where none is needed.
    answer guarded(request const& rq, std::string_view path)
    {
        auto const authorization = rq.header("Authorization");
        known_ = authorization == fmt::format("token {}", good_key);
        bool const whoami = path == "-/whoami";
        if (!known_ && (whoami || !authorization.empty()))
            return refuse(401, "EINVALIDTOK", "Invalid or expired token.");
        if (whoami)
            return json("{\n  \"username\": \"watcher\"\n}\n");
        if (ground_.option("tracker", "1") != "1")
            return refuse(404, "ETRACKERDISABLED", "Issue tracker disabled for this project");
        return path == "/issues" ? list(rq) : one(rq, path.substr(7));
    }

    answer describe() const
    {
        std::string names;
        for (std::size_t i = 0; i + 1 < std::size(priorities); ++i)
            names += fmt::format("{}\"{}\":\"{}\"", i == 0 ? "" : ",", i + 1, priorities[i]);
        return json(fmt::format(
            R"({{"close_status":["Fixed","Invalid","Insufficient data","Won't fix","Duplicate"],)"
            R"("fullname":"{}","milestones":{{}},"priorities":{{"":"",{}}},"tags":[]}})",
            project(),
            names));
    }

    answer one(request const& rq, std::string_view id)
    {
        auto const number = read_id(id);
        if (number)
            ground_.bugs.record_asked(*number);
        auto const* b = number ? ground_.bugs.find(*number) : nullptr;
        if (b == nullptr)
            return refuse(404, "ENOISSUE", "Issue not found");
        if (b->hidden && !known_)
            return refuse(403, "EISSUENOTALLOWED", "You are not allowed to view this issue");
        auto a = json("");
        write(a.body, *b, field(rq.query, "comments").value_or("1") != "0");
        a.tells = {{b->id, b->version()}};
        return a;
    }

    answer list(request const& rq)
    {
        bool const paged = ground_.option("pagination", "1") == "1";
        auto const size = read_id(field(rq.query, "per_page").value_or("20")).value_or(0);
        if (paged && (size < 1 || size > 100))
            return refuse(400, "EINVALIDPERPAGEVALUE", "The per_page value must be between 1 and 100");
        auto const since = field(rq.query, "since");
        auto const from = since ? read_id(*since) : std::nullopt;
        if (since && !from)
            return refuse(400, "EDATETIME", "Invalid datetime format");
        auto const status = field(rq.query, "status").value_or("Open");
        std::vector<bug const*> found;
        for (auto const& b : ground_.bugs.all()) {
            bool const wanted = (status == "all" || status == b.now().status)
                                && (!from || b.now().since >= *from) && (!b.hidden || known_);
            if (wanted)
                found.push_back(&b);
        }
        if (field(rq.query, "order").value_or("desc") != "asc")
            std::ranges::reverse(found);

        auto const rows = paged ? static_cast<std::size_t>(size) : std::max<std::size_t>(found.size(), 1);
        auto const number = static_cast<std::size_t>(
            std::max<std::int64_t>(read_id(field(rq.query, "page").value_or("1")).value_or(1), 1));
        auto const begin = std::min((number - 1) * rows, found.size());
        auto const end = std::min(begin + rows, found.size());
        auto a = json("{\"args\":{},\"issues\":[");
        for (auto i = begin; i != end; ++i) {
            a.body += i == begin ? "" : ",";
            a.body += rows_.row("", *found[i], [&](std::string& row, bug const& b) { write(row, b, true); });
            a.tells.push_back({found[i]->id, found[i]->version()});
        }
        a.body += "]";
        auto const pages = (found.size() + rows - 1) / rows;
        if (paged)
            fmt::format_to(
                std::back_inserter(a.body),
                R"(,"pagination":{{"next":{},"page":{},"pages":{},"per_page":{},"prev":null}})",
                number < pages ? fmt::format("\"https://pagure.invalid/page={}\"", number + 1) : "null",
                number,
                pages,
                rows);
        fmt::format_to(std::back_inserter(a.body), ",\"total_issues\":{}}}\n", end - begin);
        return a;
    }

    static void write(std::string& out, bug const& b, bool with_comments)
    {
        auto const& now = b.now();
        auto const at = std::back_inserter(out);
        auto const place = rank(priorities, now.priority);
        fmt::format_to(at, R"({{"assignee":null,"blocks":[],"id":{},"title":)", b.id);
        append_json(out, b.title);
        fmt::format_to(
            at,
            R"(,"content":"","status":"{}","close_status":{},"priority":{},"private":{},"tags":["{}"],)"
            R"("date_created":"{}","last_updated":"{}","user":{{"name":"al"}},"comments":[)",
            now.status,
            now.resolution.empty() ? "null" : fmt::format("\"{}\"", now.resolution),
            now.priority.empty() ? "null" : std::to_string(place + 1),
            b.hidden,
            now.severity,
            b.created,
            now.since);
        if (with_comments) {
            bool first = true;
            for (auto const& one : remarks_of(b)) {
                fmt::format_to(
                    at, R"({}{{"id":{},"date_created":"{}","comment":)", first ? "" : ",", one.id, one.at);
                append_json(out, one.text);
                out += "}";
                first = false;
            }
        }
        out += "]}";
    }

    site_ground ground_;
    row_cache rows_;
    bool known_ = false; // the visitor of the request that is being answered
};

bool set_pagure_flavour(tracker_options& options, std::string_view flavour)
{
    if (flavour == "2") {
        options.own.insert_or_assign("pagination", "0");
        options.own.insert_or_assign("whoami", "0");
        return true;
    }
    return flavour == "5";
}

} // namespace

mock_kind pagure_kind() noexcept
{
    return {
        .name = "pagure",
        .make = [](site_ground ground) -> std::unique_ptr<site> {
            return std::make_unique<pagure_site>(std::move(ground));
        },
        .words = [](tracker_options const&) noexcept { return pagure_words; },
        .set_flavour = set_pagure_flavour,
        .options = pagure_options,
        .links_duplicates = false};
}

} // namespace checkwatches::mock
