#include "bench/mock/gitlab.hpp"

#include "bench/mock/kinds.hpp"
#include "engine/core/url.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <iterator>

namespace checkwatches::mock {

namespace {

using word_list = std::string_view const[];

constexpr status_word statuses[]{
    {"opened", true, false},
    {"workflow::in dev", true, false},
    {"workflow::verification", true, false},
    {"awaiting feedback", true, false},
    {"closed", false, true},
};
constexpr word_list resolutions{"done", "wontfix", "invalid", "stale"};
constexpr word_list priorities{"none", "priority::1", "priority::2", "priority::3", "priority::4"};
constexpr word_list severities{"UNKNOWN", "LOW", "MEDIUM", "HIGH", "CRITICAL"};
constexpr vocabulary words{statuses, resolutions, "duplicate", priorities, severities};

constexpr std::array<std::string_view, 9> options{
    "project", "prefix", "graphql", "private", "login", "old", "moved", "totals", "limit"};

std::int64_t number_of(std::string_view text)
{
    return read_id(text).value_or(0);
}

class gitlab_site final : public site {
public:
    explicit gitlab_site(site_ground ground) : ground_{.site = std::move(ground), .project = {}, .root = {}}
    {
        auto const& given = ground_.site.options;
        ground_.project = given.option("project", "gadgets/frob");
        ground_.root = ground_.site.origin + std::string{given.option("prefix", "")};
        ground_.moved = static_cast<int>(number_of(given.option("moved", "0")));
    }

private:
    std::string_view option(std::string_view key) const { return ground_.site.options.option(key, "0"); }

    answer reply(unsigned status, std::string_view type, std::string body)
    {
        answer a{.status = status, .frame = answer::framing::length};
        ++answers_;
        a.headers = {
            {"Server", "nginx"},
            {"Date", http_time(ground_.site.now())},
            {"Content-Type", std::string{type}},
            {std::string{framing_mark}, ""},
            {"Cache-Control", "max-age=0, private, must-revalidate"},
            {"Vary", "Origin"},
            {"X-Content-Type-Options", "nosniff"},
            {"X-Frame-Options", "SAMEORIGIN"},
            {"X-Gitlab-Meta", fmt::format(R"({{"correlation_id":"{}","version":"1"}})", hex_tag(answers_))},
            {"X-Request-Id", hex_tag(answers_)},
            {"X-Runtime", "0.031415"}};
        a.body = std::move(body);
        return a;
    }
    answer json(unsigned status, std::string body)
    {
        return reply(status, "application/json", std::move(body));
    }
    answer refuse(unsigned status, std::string_view message)
    {
        return json(status, fmt::format(R"({{"message":"{}"}})", message));
    }

    answer answer_to(request const& rq) override
    {
        auto const limit = number_of(option("limit"));
        if (limit != 0 && ++served_ > limit) {
            auto a = reply(429, "text/plain", "Retry later\n");
            a.headers.emplace_back("Retry-After", "7");
            a.headers.emplace_back("RateLimit-Limit", fmt::to_string(limit));
            a.headers.emplace_back("RateLimit-Name", "throttle_unauthenticated_api");
            a.headers.emplace_back("RateLimit-Observed", fmt::to_string(served_));
            a.headers.emplace_back("RateLimit-Remaining", "0");
            a.headers.emplace_back("RateLimit-Reset", fmt::to_string(ground_.site.now() + 7));
            return a;
        }
        std::string_view target = rq.target;
        target = target.substr(0, target.find('?'));
        auto const prefix = ground_.site.options.option("prefix", "");
        bool const below = target.starts_with(prefix);
        if (below)
            target.remove_prefix(prefix.size());
        if (!below || (target != "/api/graphql" && !target.starts_with("/api/v4/")))
            return reply(
                404,
                "text/html; charset=utf-8",
                "<!DOCTYPE html>\n<html>\n<head><title>The page could not be found (404)</title></head>\n"
                "<body><h1>404: Page not found</h1></body>\n</html>\n");

        auto key = rq.header("PRIVATE-TOKEN");
        constexpr std::string_view bearer = "Bearer ";
        if (auto const other = rq.header("Authorization"); key.empty() && other.starts_with(bearer))
            key = other.substr(bearer.size());
        known_ = key == good_key;
        if (!key.empty() && !known_)
            return refuse(401, "401 Unauthorized");
        if (!known_ && option("login") == "1")
            return refuse(401, "401 Unauthorized");
        if (target == "/api/graphql")
            return graphql(rq);
        return rest(rq, split(target.substr(8), '/'));
    }

    answer graphql(request const& rq)
    {
        auto const knows = ground_.site.options.option("graphql", "links");
        if (knows == "absent" || rq.method != "POST")
            return refuse(404, "404 Not Found");
        bool const sees = known_ || option("private") != "1";
        auto made = sees ? gitlab_graphql(ground_, rq.body, knows, known_)
                         : answer{.body = R"({"data":{"project":null}})"};
        auto a = json(200, std::move(made.body));
        a.tells = std::move(made.tells);
        return a;
    }

    answer rest(request const& rq, std::vector<std::string_view> const& path)
    {
        if (path.size() == 1 && (path[0] == "user" || path[0] == "version")) {
            if (!known_)
                return refuse(401, "401 Unauthorized");
            return json(
                200,
                path[0] == "user" ? R"({"id":7,"username":"watcher","name":"The watcher","state":"active"})"
                                  : R"({"version":"17.5.1-ee","revision":"8f1c2d3e4a5"})");
        }
        if (path.size() < 2 || path[0] != "projects")
            return json(404, R"({"error":"404 Not Found"})");
        auto const name = percent_decode(path[1]);
        if (!name.empty() && name == ground_.site.options.option("old", "")) {
            std::string target = rq.target;
            target.replace(target.find(path[1]), path[1].size(), fmt::to_string(gitlab_project));
            auto a = reply(301, "text/plain", "This resource has been moved permanently");
            a.headers.emplace_back("Location", ground_.site.origin + target);
            return a;
        }
        bool const here = name == ground_.project || name == fmt::to_string(gitlab_project);
        if (!here || (!known_ && option("private") == "1"))
            return refuse(404, "404 Project Not Found");
        if (path.size() == 2)
            return project();
        if (path[2] != "issues")
            return json(404, R"({"error":"404 Not Found"})");
        if (path.size() == 3)
            return list(rq);
        return one_issue(rq, path[3], path.size() == 5 && path[4] == "notes");
    }

    answer project()
    {
        return json(
            200,
            fmt::format(
                R"({{"id":{},"description":"","name":"frob","path_with_namespace":"{}",)"
                R"("created_at":"2020-01-01T00:00:00.000Z","default_branch":"main","topics":[],)"
                R"("web_url":"{}/{}","star_count":3,"visibility":"public","issues_enabled":true}})",
                gitlab_project,
                ground_.project,
                ground_.root,
                ground_.project));
    }

    // The bug as this visitor may have it.
    bug const* find(std::int64_t id)
    {
        ground_.site.bugs.record_asked(id);
        auto const* b = ground_.site.bugs.find(id);
        return b != nullptr && b->hidden && !known_ ? nullptr : b;
    }

    std::string_view row(bug const& b)
    {
        return rows_[known_ ? 1 : 0].row("issue", b, [&](std::string& out, bug const& of) {
            write_gitlab_issue(out, ground_, of, known_);
        });
    }

    // 304 where the client has it.
    answer tagged(request const& rq, answer a)
    {
        auto const hash = std::hash<std::string>{}(a.body);
        auto const tag = fmt::format("W/\"{}\"", hex_tag(hash));
        a.headers.insert(a.headers.begin() + 4, {"Etag", tag});
        if (rq.header("If-None-Match") == tag)
            a.status = 304;
        return a;
    }

    answer one_issue(request const& rq, std::string_view text, bool notes)
    {
        auto const id = read_id(text);
        if (!id)
            return json(400, R"({"error":"issue_iid is invalid"})");
        if (notes && !known_)
            return refuse(401, "401 Unauthorized");
        auto const* b = find(*id);
        if (b == nullptr)
            return refuse(404, "404 Not found");
        if (notes) {
            bool const comments_only = field(rq.query, "activity_filter").value_or("") == "only_comments";
            return paged(rq, gitlab_notes(ground_, *b, comments_only));
        }
        auto a = json(200, std::string{row(*b)});
        a.tells = {{b->id, b->version()}};
        return tagged(rq, std::move(a));
    }

    answer list(request const& rq)
    {
        std::vector<bug const*> found;
        bool named = false;
        for (auto const& [name, value] : rq.query) {
            if (name != "iids[]")
                continue;
            named = true;
            auto const id = read_id(value);
            if (!id)
                return json(400, R"({"error":"iids is invalid"})");
            if (auto const* b = find(*id))
                found.push_back(b);
        }
        for (auto const& b : ground_.site.bugs.all())
            if (!named && (!b.hidden || known_))
                found.push_back(&b);
        auto const since = field(rq.query, "updated_after");
        auto const from = since ? read_micros(*since) : std::nullopt;
        if (since && !from)
            return json(400, R"({"error":"updated_after is invalid"})");
        auto const state = field(rq.query, "state").value_or("all");
        std::erase_if(found, [&](bug const* b) {
            return (from && gitlab_changed(*b) < *from)
                   || (state != "all" && ground_.is_closed(*b) != (state == "closed"));
        });
        // By itself: the latest created first.
        std::ranges::sort(found, std::greater{}, &bug::id);
        auto const gone = std::ranges::unique(found);
        found.erase(gone.begin(), gone.end());
        std::vector<std::string> rows;
        std::vector<told> tells;
        for (auto const* b : found) {
            rows.emplace_back(row(*b));
            tells.push_back({b->id, b->version()});
        }
        return tagged(rq, paged(rq, rows, tells));
    }

    answer paged(request const& rq, std::vector<std::string> const& rows, std::vector<told> const& tells = {})
    {
        constexpr std::size_t largest = 100;
        auto const size = std::clamp<std::size_t>(
            static_cast<std::size_t>(number_of(field(rq.query, "per_page").value_or("20"))), 1, largest);
        auto const page = std::max<std::size_t>(
            static_cast<std::size_t>(number_of(field(rq.query, "page").value_or("1"))), 1);
        auto const begin = std::min((page - 1) * size, rows.size());
        auto const end = std::min(begin + size, rows.size());
        auto a = json(200, "[");
        for (auto i = begin; i != end; ++i) {
            a.body += (i == begin ? "" : ",") + rows[i];
            if (i < tells.size())
                a.tells.push_back(tells[i]);
        }
        a.body += "]";
        bool const more = end < rows.size();
        if (more)
            a.headers.emplace_back(
                "Link",
                fmt::format(
                    "<{}{}?{}page={}&per_page={}>; rel=\"next\"",
                    ground_.site.origin,
                    rq.target.substr(0, rq.target.find('?')),
                    without_page(rq),
                    page + 1,
                    size));
        a.headers.emplace_back("X-Next-Page", more ? fmt::to_string(page + 1) : std::string{});
        a.headers.emplace_back("X-Page", fmt::to_string(page));
        a.headers.emplace_back("X-Per-Page", fmt::to_string(size));
        a.headers.emplace_back("X-Prev-Page", page > 1 ? fmt::to_string(page - 1) : std::string{});
        if (ground_.site.options.option("totals", "1") == "1") {
            a.headers.emplace_back("X-Total", fmt::to_string(rows.size()));
            a.headers.emplace_back("X-Total-Pages", fmt::to_string((rows.size() + size - 1) / size));
        }
        return a;
    }

    static std::string without_page(request const& rq)
    {
        std::string out;
        for (auto const& [name, value] : rq.query)
            if (name != "page" && name != "per_page")
                out += fmt::format("{}={}&", percent_encode(name), percent_encode(value));
        return out;
    }

    gitlab_ground ground_;
    row_cache rows_[2];  // of those who have not logged in, and of those who have
    bool known_ = false; // the visitor of the request that is being answered
    std::uint64_t answers_ = 0;
    std::int64_t served_ = 0;
};

// "links" is of 15.1 to now without a licence, "old" of before, "premium" with one.
bool set_flavour(tracker_options& o, std::string_view flavour)
{
    constexpr std::array<std::pair<std::string_view, std::string_view>, 3> known{
        {{"links", "links"}, {"old", "none"}, {"premium", "status"}}};
    auto const at = std::ranges::find(known, flavour, [](auto const& entry) { return entry.first; });
    if (at == known.end())
        return false;
    o.own.insert_or_assign("graphql", std::string{at->second});
    return true;
}

} // namespace

mock_kind gitlab_kind() noexcept
{
    return {
        .name = "gitlab",
        .make = [](site_ground ground) -> std::unique_ptr<site> {
            return std::make_unique<gitlab_site>(std::move(ground));
        },
        .words = [](tracker_options const&) noexcept { return words; },
        .set_flavour = set_flavour,
        .options = options};
}

} // namespace checkwatches::mock
