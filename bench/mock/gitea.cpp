// A Gitea with one repository. Flavours: "gitea", "forgejo", "old" (no settings in its API, no count of
// rows). Options: repo (plum/orchard), renamed (a name that it had before, plum/old-orchard), version, limit
// (rows of a page at most, 50), and as 0 or 1 settings, count (X-Total-Count is sent), signin (nothing for
// visitors). Status and resolution of a bug are the issue's state and a label, priority and severity labels;
// every eleventh number is a pull request, merged where it is closed without a resolution. A Gitea hides
// whole repositories and no issues: the private bug stands for both.

#include "bench/mock/kinds.hpp"
#include "bench/mock/row_cache.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace checkwatches::mock {

namespace {

constexpr std::string_view api = "/api/v1/";
constexpr unsigned redirected = 301;

constexpr status_word statuses[]{{"open", true, false}, {"closed", false, true}};
// All of them are labels.
constexpr std::string_view resolutions[]{
    "", "Reviewed/Invalid", "Reviewed/Won't Fix", "Status/Abandoned", "wontfix"};
constexpr std::string_view priorities[]{
    "Priority/Critical", "Priority/High", "Priority/Medium", "Priority/Low", ""};
constexpr std::string_view severities[]{
    "Kind/Bug", "Kind/Feature", "Reviewed/Confirmed", "Status/Need More Info"};
constexpr vocabulary gitea_words{statuses, resolutions, "Reviewed/Duplicate", priorities, severities};

constexpr std::string_view gitea_options[]{
    "repo", "renamed", "version", "limit", "settings", "signin", "count"};

// Every eleventh number is a pull request's.
bool is_pull(bug const& b)
{
    return b.id % 11 == 0;
}

class gitea_site final : public site {
public:
    explicit gitea_site(site_ground ground) : ground_{std::move(ground)} {}

private:
    std::string_view repository() const { return ground_.option("repo", "plum/orchard"); }

    answer reply(unsigned status, std::string_view type, std::string body) const
    {
        answer a{.status = status, .frame = answer::framing::length};
        a.headers = {
            {"Cache-Control", "max-age=0, private, must-revalidate, no-transform"},
            {"Content-Type", std::string{type}},
            {"X-Content-Type-Options", "nosniff"},
            {"Date", http_time(ground_.now())},
            {std::string{framing_mark}, ""}};
        a.body = std::move(body);
        return a;
    }
    answer json(std::string body, unsigned status = 200) const
    {
        return reply(status, "application/json;charset=utf-8", std::move(body));
    }
    answer refuse(unsigned status, std::string_view message) const
    {
        return json(
            fmt::format(R"({{"message":"{}","url":"{}/api/swagger"}})", message, ground_.origin), status);
    }
    answer missing() const
    {
        return json(
            fmt::format(R"({{"errors":null,"message":"not found","url":"{}/api/swagger"}})", ground_.origin),
            404);
    }

    answer answer_to(request const& rq) override
    {
        std::string_view const path = rq.path;
        if (!path.starts_with(api))
            return page(path);
        auto const authorization = rq.header("Authorization");
        auto const [user, password] = rq.basic();
        known_ = authorization == fmt::format("token {}", good_key)
                 || authorization == fmt::format("Bearer {}", good_key)
                 || (user == good_user && password == good_password);
        if (!authorization.empty() && !known_)
            return refuse(401, "invalid username, password or token");
        if (ground_.option("signin", "0") == "1" && !known_)
            return refuse(403, "Only signed in user is allowed to call APIs.");
        return call(rq, path.substr(api.size()));
    }

    answer page(std::string_view path) const
    {
        bool const found = path == "/" || path.starts_with(fmt::format("/{}", repository()));
        return reply(
            found ? 200 : 404,
            "text/html; charset=utf-8",
            "<!DOCTYPE html>\n<html lang=\"en-US\"><head><title>Mock forge</title>\n"
            "<meta name=\"generator\" content=\"Gitea\"></head><body>Powered by Gitea</body></html>\n");
    }

    answer call(request const& rq, std::string_view path)
    {
        if (path == "version")
            return json(fmt::format(R"({{"version":"{}"}})", ground_.option("version", "1.22.3")));
        if (path == "settings/api" && ground_.option("settings", "1") == "1")
            return json(fmt::format(
                R"({{"max_response_items":{},"default_paging_num":30,"default_git_trees_per_page":1000,)"
                R"("default_max_blob_size":10485760}})",
                limit()));
        if (path == "user")
            return known_ ? json(R"({"id":1,"login":"watcher","full_name":"","email":"watcher@example.org"})")
                          : refuse(401, "token is required");
        auto const renamed = fmt::format("repos/{}/", ground_.option("renamed", "plum/old-orchard"));
        if (path.starts_with(renamed))
            return redirect(rq, path.substr(renamed.size()));
        auto const own = fmt::format("repos/{}/issues", repository());
        if (!path.starts_with(own))
            return missing();
        path.remove_prefix(own.size());
        if (path.empty())
            return list(rq);
        return path.starts_with('/') ? one(path.substr(1)) : missing();
    }

    answer redirect(request const& rq, std::string_view rest) const
    {
        auto const mark = rq.target.find('?');
        auto const query = mark == std::string::npos ? std::string{} : rq.target.substr(mark);
        auto a = reply(redirected, "text/html; charset=utf-8", "");
        a.headers.insert(
            a.headers.begin(), {"Location", fmt::format("{}repos/{}/{}{}", api, repository(), rest, query)});
        return a;
    }

    std::size_t limit() const
    {
        return static_cast<std::size_t>(read_id(ground_.option("limit", "50")).value_or(50));
    }

    answer one(std::string_view id)
    {
        auto const number = read_id(id);
        if (!number)
            return missing();
        ground_.bugs.record_asked(*number);
        auto const* b = ground_.bugs.find(*number);
        if (b == nullptr || (b->hidden && !known_))
            return missing();
        auto a = json("");
        write(a.body, *b);
        a.body += '\n';
        a.tells = {{b->id, b->version()}};
        return a;
    }

    answer list(request const& rq)
    {
        auto const since = field(rq.query, "since");
        auto const from = since ? read_time(*since) : std::nullopt;
        if (since && !from)
            return refuse(422, "parsing time: cannot parse");
        auto const state = field(rq.query, "state").value_or("open");
        auto const type = field(rq.query, "type").value_or("");
        std::vector<bug const*> found;
        for (auto const& b : ground_.bugs.all()) {
            bool const wanted = (state == "all" || state == b.now().status)
                                && (type.empty() || (type == "pulls") == is_pull(b))
                                && (!from || b.now().since >= *from);
            if (wanted && (!b.hidden || known_))
                found.push_back(&b);
        }
        std::ranges::reverse(found); // by creation, the latest first

        auto const asked = static_cast<std::size_t>(
            std::max<std::int64_t>(read_id(field(rq.query, "limit").value_or("30")).value_or(30), 1));
        auto const size = std::min(asked, limit());
        auto const number = static_cast<std::size_t>(
            std::max<std::int64_t>(read_id(field(rq.query, "page").value_or("1")).value_or(1), 1));
        auto const begin = std::min((number - 1) * size, found.size());
        auto const end = std::min(begin + size, found.size());
        auto a = json("[");
        for (auto i = begin; i != end; ++i) {
            a.body += i == begin ? "" : ",";
            a.body += rows_.row("", *found[i], [&](std::string& row, bug const& b) { write(row, b); });
            a.tells.push_back({found[i]->id, found[i]->version()});
        }
        a.body += "]\n";
        // It speaks of pages of the size that was asked for, whatever came.
        if (number * asked < found.size())
            a.headers.emplace_back(
                "Link",
                fmt::format(
                    "<{}{}repos/{}/issues?limit={}&page={}&state={}>; rel=\"next\"",
                    ground_.origin,
                    api,
                    repository(),
                    asked,
                    number + 1,
                    state));
        if (ground_.option("count", "1") == "1")
            a.headers.emplace_back("X-Total-Count", std::to_string(found.size()));
        return a;
    }

    void write(std::string& out, bug const& b) const
    {
        auto const& now = b.now();
        auto const at = std::back_inserter(out);
        bool const closed = now.status == "closed";
        auto const page = fmt::format(
            "{}/{}/{}/{}", ground_.origin, repository(), is_pull(b) ? "pulls" : "issues", b.id);
        fmt::format_to(
            at,
            R"({{"id":{},"url":"{}{}repos/{}/issues/{}","html_url":"{}","number":{},)",
            b.id + 5000,
            ground_.origin,
            api,
            repository(),
            b.id,
            page,
            b.id);
        out += R"("user":{"id":2,"login":"al"},"original_author":"","title":)";
        append_json(out, b.title);
        out += R"(,"body":"","ref":"","labels":[)";
        std::size_t labels = 0;
        for (auto const* const label : {&now.severity, &now.priority, &now.resolution}) {
            if (label->empty())
                continue;
            fmt::format_to(at, R"({}{{"id":{},"name":)", labels == 0 ? "" : ",", labels + 1);
            append_json(out, *label);
            out += R"(,"exclusive":false,"color":"ff0000","description":""})";
            ++labels;
        }
        fmt::format_to(
            at,
            R"(],"milestone":null,"assignee":null,"assignees":null,"state":"{}","is_locked":false,)"
            R"("comments":0,"created_at":"{}","updated_at":"{}","closed_at":)",
            now.status,
            iso_time(b.created),
            iso_time(now.since));
        out += closed ? fmt::format("\"{}\"", iso_time(now.since)) : "null";
        out += R"(,"due_date":null,"pull_request":)";
        if (is_pull(b))
            fmt::format_to(
                at,
                R"({{"merged":{},"merged_at":null,"draft":false,"html_url":"{}"}})",
                closed && now.resolution.empty(),
                page);
        else
            out += "null";
        auto const slash = repository().find('/');
        fmt::format_to(
            at,
            R"(,"repository":{{"id":1,"name":"{}","owner":"{}","full_name":"{}"}},"pin_order":0}})",
            repository().substr(slash + 1),
            repository().substr(0, slash),
            repository());
    }

    site_ground ground_;
    row_cache rows_;
    bool known_ = false; // the visitor of the request that is being answered
};

bool set_gitea_flavour(tracker_options& options, std::string_view flavour)
{
    if (flavour == "forgejo")
        options.own.insert_or_assign("version", "9.0.3+gitea-1.22.0");
    else if (flavour == "old") {
        options.own.insert_or_assign("version", "1.9.6");
        options.own.insert_or_assign("settings", "0");
        options.own.insert_or_assign("count", "0");
    }
    else
        return flavour == "gitea";
    return true;
}

} // namespace

mock_kind gitea_kind() noexcept
{
    return {
        .name = "gitea",
        .make = [](site_ground ground) -> std::unique_ptr<site> {
            return std::make_unique<gitea_site>(std::move(ground));
        },
        .words = [](tracker_options const&) noexcept { return gitea_words; },
        .set_flavour = set_gitea_flavour,
        .options = gitea_options,
        .links_duplicates = false};
}

} // namespace checkwatches::mock
