// An Allura with one tool for tickets. Flavours: "1.17", "sourceforge" (the words of the former tracker).
// Options: tool (p/plum/bugs), former (its words), solr (the search works), as 0 and 1; lag: seconds that the
// search's index is behind.

#include "bench/mock/kinds.hpp"
#include "bench/mock/row_cache.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <limits>

namespace checkwatches::mock {

namespace {

constexpr status_word own_statuses[]{
    {"unread", true, false},
    {"open", true, false},
    {"accepted", true, false},
    {"pending", true, false},
    {"closed", false, false},
    {"wont-fix", false, false}};
constexpr status_word former_statuses[]{
    {"open", true, false},
    {"open-accepted", true, false},
    {"open-fixed", true, false},
    {"pending-works-for-me", true, false},
    {"closed-fixed", false, false},
    {"closed-out-of-date", false, false},
    {"closed-later", false, false},
    {"closed-duplicate", false, true}};
constexpr std::string_view priorities[]{"9", "7", "5", "3", "1"};
constexpr vocabulary own_words{own_statuses, {}, {}, priorities, {}};
constexpr vocabulary former_words{former_statuses, {}, "duplicate", priorities, {}};

constexpr std::string_view allura_options[]{"tool", "former", "solr", "lag"};

// What a search asks for.
struct query {
    std::vector<std::int64_t> ids{};
    std::int64_t since = std::numeric_limits<std::int64_t>::min();
};

// ticket_num:(1 OR 2) AND mod_date:[2026-01-01T13:00:00Z TO *]; nothing for what Solr would choke on.
std::optional<query> read_query(std::string_view text)
{
    constexpr std::string_view begin = "ticket_num:(";
    constexpr std::string_view dates = " AND mod_date:[";
    constexpr std::string_view open_end = " TO *]";
    auto const close = text.find(')');
    if (!text.starts_with(begin) || close == std::string_view::npos)
        return std::nullopt;
    query out;
    for (auto const word : split(text.substr(begin.size(), close - begin.size()), ' ')) {
        if (word == "OR")
            continue;
        auto const id = read_id(word);
        if (!id || *id > std::numeric_limits<std::int32_t>::max())
            return std::nullopt;
        out.ids.push_back(*id);
    }
    text.remove_prefix(close + 1);
    if (text.empty())
        return out;
    if (!text.starts_with(dates) || !text.ends_with(open_end))
        return std::nullopt;
    auto const from = read_time(text.substr(dates.size(), text.size() - dates.size() - open_end.size()));
    if (!from)
        return std::nullopt;
    out.since = *from;
    return out;
}

void write_ticket(std::string& out, bug const& b, bug_state const& now, bool whole)
{
    fmt::format_to(std::back_inserter(out), R"({{"ticket_num":{},"summary":)", b.id);
    append_json(out, b.title);
    fmt::format_to(
        std::back_inserter(out),
        R"(,"status":"{}","private":{},"labels":["plum"],"assigned_to":null,"reported_by":"al",)"
        R"("created_date":"{}","mod_date":"{}.123000","custom_fields":{{"_priority":"{}","_milestone":""}},)"
        R"("votes_up":0,"votes_down":0,"discussion_disabled":false,"related_artifacts":[])",
        now.status,
        b.hidden,
        plain_time(b.created),
        plain_time(now.since),
        now.priority);
    if (whole) {
        out += R"(,"description":"It broke.","discussion_thread":{"posts":[)";
        for (auto const& one : remarks_of(b)) {
            out += out.ends_with('[') ? "" : ",";
            fmt::format_to(std::back_inserter(out), R"({{"timestamp":"{}","text":)", plain_time(one.at));
            append_json(out, one.text);
            out += "}";
        }
        out += "]}";
    }
    out += "}";
}

class allura_site final : public site {
public:
    explicit allura_site(site_ground ground) : ground_{std::move(ground)} {}

private:
    answer reply(unsigned status, std::string_view type, std::string body) const
    {
        answer a{.status = status, .frame = answer::framing::length};
        a.headers = {
            {"Date", http_time(ground_.now())},
            {"Server", "nginx"},
            {"Content-Type", std::string{type}},
            {std::string{framing_mark}, ""}};
        a.body = std::move(body);
        return a;
    }
    answer json(std::string body, unsigned status = 200) const
    {
        return reply(status, "application/json; charset=utf-8", std::move(body));
    }
    answer error_page(unsigned status) const
    {
        return reply(
            status,
            "text/html; charset=utf-8",
            fmt::format(
                "<!doctype html>\n<html><head><title>A {0} Error has Occurred</title></head>\n"
                "<body><h1>Error {0}</h1><p>This could not be done.</p></body></html>\n",
                status));
    }
    answer unauthorised() const
    {
        return json(R"({"message":"Not verified.","code":"401 Unauthorized","title":"Unauthorized"})", 401);
    }

    answer answer_to(request const& rq) override
    {
        auto const authorization = rq.header("Authorization");
        known_ = authorization == fmt::format("Bearer {}", good_key);
        std::string_view path = rq.path;
        auto const tool = "/rest/" + std::string{ground_.option("tool", "p/plum/bugs")} + "/";
        if (!path.starts_with(tool))
            return path == "/" ? reply(200, "text/html", "<html><title>Allura</title></html>")
                               : error_page(404);
        if (!authorization.empty() && !known_)
            return unauthorised();
        path.remove_prefix(tool.size());
        if (path.empty())
            return describe();
        if (path == "search")
            return search(rq);
        if (path.ends_with('/'))
            path.remove_suffix(1);
        return one(path);
    }

    answer describe() const
    {
        auto const& words = ground_.bugs.words();
        std::string open;
        std::string closed;
        for (auto const& one : words.statuses)
            (one.open ? open : closed).append(" ").append(one.word);
        return json(fmt::format(
            R"({{"tickets":[],"count":{},"page":0,"limit":1,"milestones":[],"tracker_config":{{"options":)"
            R"({{"mount_point":"bugs","open_status_names":"{}","closed_status_names":"{}"}}}}}})",
            ground_.bugs.all().size(),
            open.substr(1),
            closed.substr(1)));
    }

    answer one(std::string_view id)
    {
        auto const number = read_id(id);
        if (number)
            ground_.bugs.record_asked(*number);
        auto const* b = number ? ground_.bugs.find(*number) : nullptr;
        if (b == nullptr)
            return error_page(404);
        if (b->hidden && !known_)
            return unauthorised();
        auto a = json(R"({"ticket":)");
        write_ticket(a.body, *b, b->now(), true);
        a.body += "}";
        a.tells = {{b->id, b->version()}};
        return a;
    }

    answer search(request const& rq)
    {
        auto const limit = std::min<std::int64_t>(
            read_id(field(rq.query, "limit").value_or("100")).value_or(100), 500);
        auto const asked = read_query(field(rq.query, "q").value_or(""));
        if (!asked || ground_.option("solr", "1") != "1")
            return json(
                R"({"tickets":[],"count":0,"q":"","page":0,"filter":{},"solr_error":"Error running search"})");
        auto a = json(R"({"tickets":[)");
        std::int64_t count = 0;
        for (auto const id : asked->ids) {
            ground_.bugs.record_asked(id);
            auto const* b = ground_.bugs.find(id);
            auto const version = b == nullptr || (b->hidden && !known_) ? 0 : indexed_version(*b);
            if (version == 0 || b->history[version - 1].since < asked->since || ++count > limit)
                continue;
            a.body += a.body.ends_with('[') ? "" : ",";
            write_row(a.body, *b, version);
            a.tells.push_back({b->id, version});
        }
        fmt::format_to(
            std::back_inserter(a.body),
            R"(],"count":{},"q":"","limit":{},"page":0,"sort":"ticket_num_i asc","filter":{{}},)"
            R"("filter_choices":{{}},"solr_error":null}})",
            count,
            limit);
        return a;
    }

    // The version that the index has; 0: none yet.
    std::uint32_t indexed_version(bug const& b) const
    {
        auto const newest = ground_.now() - read_id(ground_.option("lag", "0")).value_or(0);
        auto version = b.version();
        while (version != 0 && b.history[version - 1].since > newest)
            --version;
        return version;
    }

    void write_row(std::string& out, bug const& b, std::uint32_t version)
    {
        if (version == b.version())
            out += rows_.row(
                "", b, [](std::string& row, bug const& of) { write_ticket(row, of, of.now(), false); });
        else
            write_ticket(out, b, b.history[version - 1], false);
    }

    site_ground ground_;
    row_cache rows_;
    bool known_ = false; // the visitor of the request that is being answered
};

bool set_allura_flavour(tracker_options& options, std::string_view flavour)
{
    if (flavour == "sourceforge")
        options.own.insert_or_assign("former", "1");
    return flavour == "1.17" || flavour == "sourceforge";
}

} // namespace

mock_kind allura_kind() noexcept
{
    return {
        .name = "allura",
        .make = [](site_ground ground) -> std::unique_ptr<site> {
            return std::make_unique<allura_site>(std::move(ground));
        },
        .words =
            [](tracker_options const& options) noexcept {
                return options.option("former", "0") == "1" ? former_words : own_words;
            },
        .set_flavour = set_allura_flavour,
        .options = allura_options,
        .links_duplicates = false};
}

} // namespace checkwatches::mock
