// A mock Jira. Bug n is MOCK-n; the key OLD-n is what MOCK-n was called before it was moved.
//
// Flavours: "server" (Data Center 9.12: search, one bad key fails a whole query), "lenient" (it obeys
// validateQuery:false), "cloud" (bulk fetch and search by tokens; the old search is 410).
// Options: most=N (rows of one answer), login=1 (nothing without a login), names=0 (a refusal names no key).

#include "bench/mock/kinds.hpp"

#include <boost/json.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace checkwatches::mock {

namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 4> own_options{"flavour_name", "most", "login", "names"};
constexpr std::size_t most_of_bulk = 100;

constexpr status_word statuses[]{
    {"Open", true, false},
    {"In Progress", true, false},
    {"Reopened", true, false},
    {"Resolved", false, true},
    {"Closed", false, true},
};
constexpr std::string_view resolutions[]{"Fixed", "Won't Fix", "Incomplete", "Cannot Reproduce"};
constexpr std::string_view priorities[]{"Blocker", "Critical", "Major", "Minor", "Trivial"};

vocabulary jira_words(tracker_options const&) noexcept
{
    return {statuses, resolutions, "Duplicate", priorities, {}};
}

bool set_jira_flavour(tracker_options& options, std::string_view flavour)
{
    if (flavour != "server" && flavour != "lenient" && flavour != "cloud")
        return false;
    options.own["flavour_name"] = flavour;
    return true;
}

// "2026-01-01T13:00:00.000+0000"
std::string jira_time(std::int64_t t)
{
    auto text = iso_time(t);
    text.pop_back();
    return text + ".000+0000";
}

json::object named(std::string_view name)
{
    return {{"name", name}};
}

// The keys in `key in ("MOCK-1","MOCK-2")`.
std::vector<std::string> keys_of(std::string_view jql)
{
    std::vector<std::string> out;
    auto const parts = split(jql, '"');
    for (std::size_t i = 1; i < parts.size(); i += 2)
        out.emplace_back(parts[i]);
    return out;
}

class jira_site final : public site {
public:
    explicit jira_site(site_ground ground)
        : ground_{std::move(ground)},
          flavour_{ground_.options.option("flavour_name", "server")},
          most_{static_cast<std::size_t>(read_id(ground_.options.option("most", "")).value_or(1000))}
    {}

private:
    bool cloud() const { return flavour_ == "cloud"; }

    answer reply(unsigned status, json::value const& body) const
    {
        answer a{.status = status, .frame = answer::framing::length};
        a.headers = {
            {"Date", http_time(ground_.now())},
            {"X-AREQUESTID", "540x17x1"},
            {"Cache-Control", "no-cache, no-store, no-transform"},
            {"Content-Type", "application/json;charset=UTF-8"},
            {std::string{framing_mark}, ""}};
        if (!cloud())
            a.headers.emplace_back("X-AUSERNAME", known_ ? std::string{good_user} : "anonymous");
        a.body = json::serialize(body);
        return a;
    }
    answer refusal(unsigned status, std::vector<std::string> const& messages) const
    {
        return reply(
            status, json::object{{"errorMessages", json::value_from(messages)}, {"errors", json::object{}}});
    }

    // False where the login is wrong.
    bool log_in(request const& rq)
    {
        auto const [user, password] = rq.basic();
        auto const header = rq.header("Authorization");
        constexpr std::string_view bearer = "Bearer ";
        bool const token = header.starts_with(bearer) && header.substr(bearer.size()) == good_key;
        known_ = (user == good_user && password == good_password) || (token && !cloud());
        return known_ || header.empty();
    }

    answer answer_to(request const& rq) override
    {
        std::string_view const path = rq.path;
        bool const good = log_in(rq);
        if (!path.starts_with("/rest/api/"))
            return page(path == "/" ? 200 : 404);
        if (!good && !cloud()) {
            auto a = page(401);
            a.headers.emplace_back("X-Seraph-LoginReason", "AUTHENTICATED_FAILED");
            return a;
        }
        auto a = serve_api(rq, path.substr(std::string_view{"/rest/api/"}.size()));
        if (!good) // Cloud answers all the same, as it does to nobody
            a.headers.emplace_back("X-Seraph-LoginReason", "AUTHENTICATED_FAILED");
        return a;
    }

    answer page(unsigned status) const
    {
        answer a{.status = status, .frame = answer::framing::length};
        a.headers = {
            {"Date", http_time(ground_.now())},
            {"Content-Type", "text/html;charset=UTF-8"},
            {std::string{framing_mark}, ""}};
        a.body = fmt::format("<html><head><title>{} - Mock Jira</title></head></html>", status);
        return a;
    }

    answer serve_api(request const& rq, std::string_view call)
    {
        if (call == "2/serverInfo")
            return server_info();
        if (ground_.options.option("login", "0") == "1" && !known_)
            return refusal(
                401, {"You do not have the permission to see the specified issue.", "Login Required"});
        if (call == "2/myself")
            return known_ ? reply(200, json::object{{"name", good_user}, {"displayName", "W. Atcher"}})
                          : refusal(401, {"Client must be authenticated to access this resource."});
        constexpr std::string_view single = "2/issue/";
        if (call.starts_with(single)) {
            auto const rest = call.substr(single.size());
            auto const slash = rest.find('/');
            return one(rq, rest.substr(0, slash), slash != std::string_view::npos);
        }
        json::error_code ec;
        auto const body = json::parse(rq.body, ec);
        if (ec || !body.is_object() || rq.method != "POST")
            return refusal(405, {});
        if (call == "2/search")
            return cloud() ? removed() : search(body.as_object());
        if (call == "3/search/jql" && cloud())
            return search_by_token(body.as_object());
        if (call == "3/issue/bulkfetch" && cloud())
            return bulk_fetch(body.as_object());
        return page(404);
    }

    answer server_info() const
    {
        return reply(
            200,
            json::object{
                {"baseUrl", ground_.origin},
                {"version", cloud() ? "1001.0.0-SNAPSHOT" : "9.12.0"},
                {"versionNumbers", cloud() ? json::array{1001, 0, 0} : json::array{9, 12, 0}},
                {"deploymentType", cloud() ? "Cloud" : "Server"},
                {"serverTime", jira_time(ground_.now())},
                {"serverTitle", "Mock Jira"}});
    }

    answer removed() const
    {
        return refusal(
            410, {"The requested API has been removed. Please migrate to the /rest/api/3/search/jql API."});
    }

    // The bug of a key, by its name of now or the one before; null where there is none for this visitor.
    bug const* find(std::string_view key)
    {
        auto const hyphen = key.find('-');
        bool const ours = key.starts_with("MOCK-") || key.starts_with("OLD-");
        auto const id = ours ? read_id(key.substr(hyphen + 1)) : std::nullopt;
        if (!id)
            return nullptr;
        ground_.bugs.record_asked(*id);
        auto const* const b = ground_.bugs.find(*id);
        return b != nullptr && b->hidden && !known_ ? nullptr : b;
    }

    json::object issue(bug const& b) const
    {
        auto const& now = b.now();
        bool const open = is_open(ground_.bugs.words(), now.status);
        std::string_view const category = !open                         ? "done"
                                          : now.status == "In Progress" ? "indeterminate"
                                                                        : "new";
        constexpr std::array<std::string_view, 3> types{"Bug", "Improvement", "Task"};
        json::object status = named(now.status);
        status["statusCategory"] = json::object{{"key", category}};
        json::array links;
        if (now.duplicate_of != 0)
            links.push_back(json::object{
                {"type", json::object{{"name", "Duplicate"}, {"outward", "duplicates"}}},
                {"outwardIssue", json::object{{"key", fmt::format("MOCK-{}", now.duplicate_of)}}}});
        return {
            {"id", std::to_string(10'000 + b.id)},
            {"key", fmt::format("MOCK-{}", b.id)},
            {"fields",
             json::object{
                 {"summary", b.title},
                 {"status", status},
                 {"resolution", now.resolution.empty() ? json::value{} : json::value(named(now.resolution))},
                 {"priority", named(now.priority)},
                 {"issuetype", named(types[static_cast<std::size_t>(b.id) % types.size()])},
                 {"labels", json::array{"plum"}},
                 {"created", jira_time(b.created)},
                 {"updated", jira_time(now.since)},
                 {"description", remarks_of(b).front().text},
                 {"reporter", json::object{{"displayName", remarks_of(b).front().author}}},
                 {"issuelinks", links}}}};
    }

    answer one(request const& rq, std::string_view key, bool comments)
    {
        auto const* const b = find(key);
        if (b == nullptr) {
            auto const id = read_id(key.substr(std::min(key.find('-'), key.size() - 1) + 1));
            bool const hidden = id && ground_.bugs.find(*id) != nullptr;
            if (hidden && !cloud())
                return refusal(
                    401, {"You do not have the permission to see the specified issue.", "Login Required"});
            return refusal(
                404,
                {cloud() ? "Issue does not exist or you do not have permission to see it."
                         : "Issue Does Not Exist"});
        }
        auto a = comments ? comment_page(rq, *b) : reply(200, issue(*b));
        a.tells = {{.id = b->id, .version = b->version()}};
        return a;
    }

    answer comment_page(request const& rq, bug const& b) const
    {
        auto const remarks = remarks_of(b);
        auto const start = static_cast<std::size_t>(
            read_id(field(rq.query, "startAt").value_or("")).value_or(0));
        json::array page;
        for (auto i = start + 1; i < remarks.size() && page.size() < most_; ++i)
            page.push_back(json::object{
                {"id", std::to_string(remarks[i].id)},
                {"author", json::object{{"displayName", remarks[i].author}}},
                {"body", remarks[i].text},
                {"created", jira_time(remarks[i].at)}});
        return reply(
            200,
            json::object{
                {"startAt", start},
                {"maxResults", most_},
                {"total", remarks.size() - 1},
                {"comments", page}});
    }

    // What a query finds; the keys that spoil it.
    struct found_issues {
        std::vector<bug const*> bugs{};
        std::vector<std::string> bad{};
    };
    found_issues find_all(std::string_view jql)
    {
        found_issues out;
        auto const mark = jql.find("updated >= ");
        auto const since = mark == std::string_view::npos
                               ? 0
                               : read_id(split(jql.substr(mark + 11), ' ').front()).value_or(0) / 1000;
        if (!jql.starts_with("key in")) {
            for (auto const& b : ground_.bugs.all())
                if (!b.hidden && b.now().since >= since)
                    out.bugs.push_back(&b);
            return out;
        }
        for (auto const& key : keys_of(jql)) {
            auto const* const b = find(key);
            if (b == nullptr)
                out.bad.push_back(fmt::format("An issue with key '{}' does not exist for field 'key'.", key));
            else if (b->now().since >= since)
                out.bugs.push_back(b);
        }
        return out;
    }
    answer spoilt(std::vector<std::string> bad) const
    {
        if (ground_.options.option("names", "1") == "0")
            bad = {"The query cannot be carried out."};
        return refusal(400, bad);
    }

    static std::string_view text_of(json::object const& body, std::string_view name)
    {
        auto const* const value = body.if_contains(name);
        return value != nullptr && value->is_string() ? std::string_view{value->as_string()}
                                                      : std::string_view{};
    }
    static std::size_t number_of(json::object const& body, std::string_view name, std::size_t otherwise)
    {
        auto const* const value = body.if_contains(name);
        return value != nullptr && value->is_int64() ? static_cast<std::size_t>(value->as_int64())
                                                     : otherwise;
    }

    // The part of what was found that begins at `start`.
    json::array
    part(std::vector<bug const*> const& found, std::size_t start, std::size_t rows, answer& into) const
    {
        json::array out;
        for (auto i = start; i < found.size() && out.size() < rows; ++i) {
            out.push_back(issue(*found[i]));
            into.tells.push_back({.id = found[i]->id, .version = found[i]->version()});
        }
        return out;
    }

    answer search(json::object const& body)
    {
        auto const found = find_all(text_of(body, "jql"));
        if (!found.bad.empty() && flavour_ != "lenient")
            return spoilt(found.bad);
        auto const start = number_of(body, "startAt", 0);
        auto const rows = std::min(number_of(body, "maxResults", 50), most_);
        answer tells;
        auto issues = part(found.bugs, start, rows, tells);
        auto a = reply(
            200,
            json::object{
                {"expand", "schema,names"},
                {"startAt", start},
                {"maxResults", rows},
                {"total", found.bugs.size()},
                {"issues", std::move(issues)}});
        a.tells = std::move(tells.tells);
        return a;
    }

    // The first page of Cloud is short, and not the last.
    answer search_by_token(json::object const& body)
    {
        auto const found = find_all(text_of(body, "jql"));
        if (!found.bad.empty())
            return spoilt(found.bad);
        auto const start = static_cast<std::size_t>(read_id(text_of(body, "nextPageToken")).value_or(0));
        auto const rows = start == 0 ? 1 : std::min(number_of(body, "maxResults", 50), most_);
        answer tells;
        auto issues = part(found.bugs, start, rows, tells);
        bool const last = start + issues.size() >= found.bugs.size();
        json::object out{{"isLast", last}};
        if (!last)
            out["nextPageToken"] = std::to_string(start + issues.size());
        out["issues"] = std::move(issues);
        auto a = reply(200, out);
        a.tells = std::move(tells.tells);
        return a;
    }

    answer bulk_fetch(json::object const& body)
    {
        auto const* const keys = body.if_contains("issueIdsOrKeys");
        if (keys == nullptr || !keys->is_array() || keys->as_array().empty()
            || keys->as_array().size() > most_of_bulk)
            return refusal(400, {"issueIdsOrKeys: between 1 and 100 are taken"});
        json::array issues;
        json::array errors;
        std::vector<told> tells;
        for (auto const& key : keys->as_array()) {
            auto const* const b = key.is_string() ? find(key.as_string()) : nullptr;
            if (b == nullptr) {
                errors.push_back(json::object{{"id", key}, {"errorMessage", "not found"}});
                continue;
            }
            issues.push_back(issue(*b));
            tells.push_back({.id = b->id, .version = b->version()});
        }
        auto a = reply(200, json::object{{"issues", issues}, {"issueErrors", errors}});
        a.tells = std::move(tells);
        return a;
    }

    site_ground ground_;
    std::string_view flavour_;
    std::size_t most_;
    bool known_ = false; // the visitor of the request that is being answered
};

} // namespace

mock_kind jira_kind() noexcept
{
    return {
        .name = "jira",
        .make = [](site_ground ground) -> std::unique_ptr<site> {
            return std::make_unique<jira_site>(std::move(ground));
        },
        .words = jira_words,
        .set_flavour = set_jira_flavour,
        .options = own_options};
}

} // namespace checkwatches::mock
