#include "bench/mock/github.hpp"

#include "bench/mock/kinds.hpp"
#include "engine/core/ascii.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

namespace checkwatches::mock {

namespace {

using word_list = std::string_view const[];

constexpr status_word statuses[]{{"open", true, false}, {"closed", false, true}};
constexpr word_list resolutions{"completed", "not_planned"};
// Labels: a bug has one of each list.
constexpr word_list priorities{"P0", "Priority: High", "priority/medium", "low priority", ""};
constexpr word_list kinds_of_work{"bug", "enhancement", "needs-info", "confirmed 🐛", "good first issue"};

constexpr std::array<std::string_view, 12> own_options{
    "project",
    "version",
    "limit",
    "secondary",
    "moved",
    "deleted",
    "renamed",
    "issues",
    "graphql",
    "schema",
    "limited_query",
    "require_login"};

constexpr std::int64_t hour = 3600;
constexpr std::string_view help = "https://docs.github.com/rest";

class github_site final : public site {
public:
    explicit github_site(site_ground ground) : ground_{.site = std::move(ground)} {}

    answer answer_to(request const& rq) override
    {
        ++requests_;
        auto const given = rq.header("Authorization");
        known_ = given == fmt::format("Bearer {}", good_key) || given == fmt::format("token {}", good_key);
        return !given.empty() && !known_ ? refuse(401, "Bad credentials") : limited(rq);
    }

private:
    // What one credential has used of its hour.
    struct quota {
        std::int64_t used = 0;
        std::int64_t until = 0;
    };

    answer json(unsigned status, std::string body) const
    {
        answer a{.status = status, .frame = answer::framing::length};
        a.headers = {
            {"Server", "GitHub.com"},
            {"Date", http_time(ground_.site.now())},
            {"Content-Type", "application/json; charset=utf-8"},
            {"Cache-Control",
             known_ ? "private, max-age=60, s-maxage=60" : "public, max-age=60, s-maxage=60"},
            {"Vary", "Accept, Authorization, Cookie, X-GitHub-OTP,Accept-Encoding, Accept, X-Requested-With"},
            {"X-GitHub-Media-Type", "github.v3; format=json"},
            {"X-GitHub-Request-Id", hex_tag(static_cast<std::uint64_t>(requests_))},
            {std::string{framing_mark}, ""}};
        if (auto const version = ground_.option("version", "3.14.2"); !version.empty())
            a.headers.insert(a.headers.end() - 1, {"X-GitHub-Enterprise-Version", std::string{version}});
        a.body = std::move(body);
        return a;
    }

    answer refuse(unsigned status, std::string_view words) const
    {
        return json(
            status,
            fmt::format(R"({{"message":"{}","documentation_url":"{}","status":"{}"}})", words, help, status));
    }
    answer missing() const { return refuse(404, "Not Found"); }

    // The limits, primary and secondary, around an answer.
    answer limited(request const& rq)
    {
        auto const each = ground_.number("secondary");
        if (each != 0 && requests_ % each == 0)
            return refuse(
                403,
                "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.");
        auto const most = ground_.number("limit");
        if (most == 0 || rq.path == "/api/v3/rate_limit")
            return dispatch(rq);
        auto& mine = quotas_[known_];
        auto const now = ground_.site.now();
        if (mine.until <= now)
            mine = {.until = now + hour};
        bool const spent = mine.used >= most;
        auto a = spent ? refuse(403, "API rate limit exceeded for 127.0.0.1.") : dispatch(rq);
        bool const is_free = spent || (a.status == 304 && known_);
        mine.used += is_free ? 0 : 1;
        for (auto const& [name, value] :
             {std::pair{"X-RateLimit-Limit", most},
              std::pair{"X-RateLimit-Remaining", most - mine.used},
              std::pair{"X-RateLimit-Used", mine.used},
              std::pair{"X-RateLimit-Reset", mine.until}})
            a.headers.insert(a.headers.end() - 1, {name, std::to_string(value)});
        a.headers.insert(
            a.headers.end() - 1, {"X-RateLimit-Resource", rq.path == "/api/graphql" ? "graphql" : "core"});
        return a;
    }

    answer dispatch(request const& rq)
    {
        constexpr std::string_view api = "/api/v3/";
        std::string_view path = rq.path;
        if (path == "/api/graphql")
            return graphql(rq);
        if (!path.starts_with(api))
            return page(path);
        path.remove_prefix(api.size());
        if (ground_.is_on("require_login") && !known_)
            return refuse(401, "Must authenticate to access this API.");
        if (path == "meta")
            return meta();
        if (path == "rate_limit")
            return rate_limit();
        if (path == "user")
            return known_ ? json(200, R"({"login":"watcher","id":7,"type":"User"})")
                          : refuse(401, "Requires authentication");
        if (path.ends_with('/'))
            return missing();
        return project(rq, path);
    }

    // What people see; that there is something is all that is needed of it.
    answer page(std::string_view path) const
    {
        bool const there = lower(path).starts_with("/" + lower(ground_.project()));
        auto a = json(there ? 200 : 404, "<!DOCTYPE html><html><head><title>GitHub</title></head></html>");
        a.headers[2].second = "text/html; charset=utf-8";
        return a;
    }

    answer meta() const
    {
        return json(
            200,
            fmt::format(
                R"({{"verifiable_password_authentication":true,"installed_version":"{}"}})",
                ground_.option("version", "3.14.2")));
    }

    answer rate_limit() const
    {
        auto const most = ground_.number("limit");
        if (most == 0 && !ground_.option("version", "3.14.2").empty())
            return refuse(404, "Rate limiting is not enabled.");
        auto const found = quotas_.find(known_);
        auto const used = found == quotas_.end() ? 0 : found->second.used;
        auto const core = fmt::format(
            R"({{"limit":{},"used":{},"remaining":{},"reset":{}}})",
            most,
            used,
            most - used,
            found == quotas_.end() ? ground_.site.now() + hour : found->second.until);
        return json(200, fmt::format(R"({{"resources":{{"core":{0},"graphql":{0}}},"rate":{0}}})", core));
    }

    answer graphql(request const& rq)
    {
        if (!ground_.is_on("graphql", "1"))
            return missing();
        if (!known_)
            return refuse(401, "This endpoint requires you to be authenticated.");
        if (rq.method != "POST")
            return refuse(404, "Not Found");
        std::vector<told> tells;
        auto a = json(200, graphql_json(ground_, rq.body, tells));
        a.tells = std::move(tells);
        return a;
    }

    answer redirect(std::string to) const
    {
        auto a = json(
            301,
            fmt::format(
                R"({{"message":"Moved Permanently","url":"{}","documentation_url":"{}"}})", to, help));
        a.headers.insert(a.headers.end() - 1, {"Location", std::move(to)});
        return a;
    }

    // repos/OWNER/NAME[/…] and repositories/NUMBER[/…].
    answer project(request const& rq, std::string_view path)
    {
        auto const given = fmt::format("repos/{}", ground_.option("project", "acme/widget"));
        auto const own = fmt::format("repos/{}", ground_.project());
        auto const by_number = fmt::format("repositories/{}", number_of_project);
        auto const is_below = [&](std::string_view prefix) {
            auto const head = path.substr(0, prefix.size());
            auto const rest = path.substr(std::min(path.size(), prefix.size()));
            return same_word(head, prefix) && (rest.empty() || rest.front() == '/');
        };
        if (is_below("repositories/2") || is_below("repos/acme/elsewhere/issues"))
            return elsewhere(path.substr(path.rfind('/') + 1));
        for (auto const& known : {own, by_number})
            if (is_below(known))
                return inside(rq, path.substr(known.size()));
        if (!is_below(given))
            return missing();
        auto const mark = rq.target.find('?');
        auto const query = mark == std::string::npos ? std::string{} : rq.target.substr(mark);
        return redirect(fmt::format("{}/{}{}{}", ground_.api(), by_number, path.substr(given.size()), query));
    }

    answer inside(request const& rq, std::string_view path)
    {
        constexpr std::string_view issues = "/issues";
        if (path.empty())
            return json(
                200,
                fmt::format(
                    R"({{"id":{},"full_name":"{}","private":false,"has_issues":{}}})",
                    number_of_project,
                    ground_.project(),
                    ground_.is_on("issues", "1")));
        if (!path.starts_with(issues))
            return missing();
        path.remove_prefix(issues.size());
        if (!ground_.is_on("issues", "1"))
            return refuse(410, "Issues are disabled for this repo");
        if (path.empty())
            return list(rq);
        path.remove_prefix(1);
        auto const id = path.substr(0, path.find('/'));
        return issue(rq, read_id(id).value_or(0), path.substr(id.size()));
    }

    bool is_there(bug const& b) const
    {
        return (!b.hidden || known_) && b.id != ground_.number("moved") && b.id != ground_.number("deleted");
    }

    answer with_link(request const& rq, answer a, std::size_t rows) const
    {
        if (auto link = link_header(ground_, rq, rows); !link.empty())
            a.headers.insert(a.headers.end() - 1, {"Link", std::move(link)});
        return a;
    }

    answer issue(request const& rq, std::int64_t id, std::string_view rest)
    {
        ground_.site.bugs.record_asked(id);
        auto const* const b = ground_.site.bugs.find(id);
        if (b == nullptr || (b->hidden && !known_))
            return missing();
        if (id == ground_.number("deleted"))
            return refuse(410, "This issue was deleted");
        if (id == ground_.number("moved"))
            return redirect(fmt::format("{}/repositories/2/issues/{}", ground_.api(), id + 1000));
        if (rest == "/comments")
            return comments(rq, *b);
        if (!rest.empty())
            return missing();
        return tagged(rq, *b);
    }

    answer tagged(request const& rq, bug const& b) const
    {
        auto const seed = scramble(
            ground_.site.options.seed ^ (static_cast<std::uint64_t>(b.id) << 20U) ^ b.version());
        auto const tag = fmt::format("W/\"{}{}\"", hex_tag(seed), hex_tag(known_ ? 1 : 0));
        auto a = json(200, issue_json(ground_, b));
        a.headers.insert(a.headers.end() - 1, {"ETag", tag});
        a.headers.insert(a.headers.end() - 1, {"Last-Modified", http_time(b.now().since)});
        if (rq.header("If-None-Match") == tag)
            a.status = 304;
        a.tells = {{b.id, b.version()}};
        return a;
    }

    // An issue of the project that one went to.
    answer elsewhere(std::string_view number) const
    {
        auto const id = read_id(number).value_or(0) - 1000;
        auto const* const b = id == ground_.number("moved") ? ground_.site.bugs.find(id) : nullptr;
        if (b == nullptr)
            return missing();
        auto body = issue_json(ground_, *b);
        auto const own = fmt::format("\"number\":{},", id);
        body.replace(body.find(own), own.size(), fmt::format("\"number\":{},", id + 1000));
        return json(200, std::move(body));
    }

    answer list(request const& rq)
    {
        auto const state = field(rq.query, "state").value_or("open");
        auto const since = field(rq.query, "since");
        auto const from = since ? read_time(*since) : std::nullopt;
        bool const by_change = field(rq.query, "sort").value_or("created") == "updated";
        bool const ascending = field(rq.query, "direction").value_or("desc") == "asc";
        std::vector<bug const*> rows;
        for (auto const& b : ground_.site.bugs.all()) {
            bool const is_state = state == "all" || b.now().status == state;
            if (is_there(b) && is_state && (!from || b.now().since >= *from))
                rows.push_back(&b);
        }
        auto const place = [&](bug const* b) { return std::pair{by_change ? b->now().since : 0, b->id}; };
        std::ranges::sort(rows, {}, place);
        if (!ascending)
            std::ranges::reverse(rows);
        auto const [begin, end] = part_of_page(rq, rows.size());
        answer a = json(200, "[");
        for (auto i = begin; i < end; ++i) {
            a.body += (i == begin ? "" : ",") + issue_json(ground_, *rows[i]);
            a.tells.push_back({rows[i]->id, rows[i]->version()});
        }
        a.body += "]";
        return with_link(rq, std::move(a), rows.size());
    }

    answer comments(request const& rq, bug const& b) const
    {
        auto const since = field(rq.query, "since");
        auto const from = since ? read_time(*since) : std::nullopt;
        auto rows = remarks_of(b);
        rows.erase(rows.begin());
        std::erase_if(rows, [&](remark const& r) { return from && r.at < *from; });
        auto const [begin, end] = part_of_page(rq, rows.size());
        answer a = json(200, "[");
        for (auto i = begin; i < end; ++i)
            a.body += (i == begin ? "" : ",") + remark_json(ground_, b, rows[i]);
        a.body += "]";
        return with_link(rq, std::move(a), rows.size());
    }

    github_ground ground_;
    std::int64_t requests_ = 0;
    std::map<bool, quota> quotas_; // with the token, and without
    bool known_ = false;           // the visitor of the request that is being answered
};

vocabulary github_words(tracker_options const&) noexcept
{
    return {
        .statuses = statuses,
        .resolutions = resolutions,
        .duplicate = "duplicate",
        .priorities = priorities,
        .severities = kinds_of_work};
}

} // namespace

mock_kind github_kind() noexcept
{
    return {
        .name = "github",
        .make = [](site_ground ground) -> std::unique_ptr<site> {
            return std::make_unique<github_site>(std::move(ground));
        },
        .words = github_words,
        .options = own_options,
        .api_path = "/api/v3",
        .retry_after = 60};
}

} // namespace checkwatches::mock
