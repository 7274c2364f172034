#include "bench/mock/launchpad.hpp"

#include "bench/mock/kinds.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace checkwatches::mock {

namespace {

constexpr std::size_t largest_page = 300;

std::string without(std::string_view text, std::string_view suffix)
{
    return std::string{text.ends_with(suffix) ? text.substr(0, text.size() - suffix.size()) : text};
}

// A parameter of an OAuth header.
std::string_view oauth(std::string_view header, std::string_view name)
{
    auto const at = header.find(fmt::format("{}=\"", name));
    if (at == std::string_view::npos)
        return {};
    auto const value = header.substr(at + name.size() + 2);
    return value.substr(0, value.find('"'));
}

class launchpad_site final : public site {
public:
    explicit launchpad_site(site_ground ground)
        : ground_{.site = std::move(ground), .flavour = ground_.site.options.launchpad}
    {}

private:
    answer reply(unsigned status, std::string_view type, std::string body) const
    {
        answer a{.status = status, .frame = answer::framing::length};
        a.headers = {
            {"Date", http_time(ground_.site.now())},
            {"Server", "gunicorn"},
            {"X-Powered-By", "Zope (www.zope.org), Python (www.python.org)"},
            {"Vary", "Accept,Accept-Encoding"},
            {"Content-Type", std::string{type}},
            {std::string{framing_mark}, ""}};
        a.body = std::move(body);
        return a;
    }

    answer json(std::string body) const { return reply(200, "application/json", std::move(body)); }
    answer bad(std::string why) const { return reply(400, "text/plain;charset=utf-8", std::move(why)); }
    // What does not exist and what must not be seen look the same.
    answer missing(std::string_view name) const
    {
        return reply(
            404,
            "text/plain;charset=utf-8",
            fmt::format("Object: <lp.systemhomes.WebServiceApplication object>, name: '{}'", name));
    }

    answer answer_to(request const& rq) override
    {
        std::string_view path = rq.path;
        if (!path.starts_with("/devel") || (path.size() > 6 && path[6] != '/'))
            return path == "/"
                       ? reply(200, "text/html;charset=utf-8", "<html><title>Launchpad</title></html>")
                       : missing(path.substr(std::min<std::size_t>(1, path.size())));
        auto const token = oauth(rq.header("Authorization"), "oauth_token");
        if (!token.empty() && token != good_key)
            return reply(401, "text/plain;charset=utf-8", fmt::format("Unknown access token ({}).", token));
        known_ = !token.empty();
        path.remove_prefix(std::min<std::size_t>(7, path.size()));
        auto const operation = field(rq.query, "ws.op").value_or("");
        if (operation == "searchTasks")
            return search(rq, path);
        if (operation == "getBugData" && path == "bugs")
            return bug_data(rq);
        if (path.empty())
            return root();
        if (path.starts_with("bugs/"))
            return one_bug(rq, path.substr(5));
        return one_task(rq, path);
    }

    answer root() const
    {
        auto const api = ground_.api();
        return json(fmt::format(
            "{{\"bugs_collection_link\": \"{0}/bugs\", \"projects_collection_link\": \"{0}/projects\", "
            "\"distributions_collection_link\": \"{0}/distros\", \"me_link\": \"{0}/people/+me\", "
            "\"resource_type_link\": \"{0}/#service-root\"}}",
            api));
    }

    // The bug as this visitor may have it.
    bug const* find(std::string_view id)
    {
        auto const number = read_id(id);
        if (!number)
            return nullptr;
        ground_.site.bugs.record_asked(*number);
        auto const* b = ground_.site.bugs.find(*number);
        return b != nullptr && b->hidden && !known_ ? nullptr : b;
    }

    answer entry(request const& rq, bug const& b, std::string const& tag, std::string body) const
    {
        bool const compressed = ground_.flavour.gzip_etag;
        auto const shown = compressed ? without(tag, "\"") + "-gzip\"" : tag;
        auto const asked = rq.header("If-None-Match");
        bool const same = !asked.empty() && (asked == tag || asked == shown);
        auto a = json(std::move(body));
        a.headers.insert(a.headers.begin() + 3, {"ETag", shown});
        if (same)
            a.status = 304;
        a.tells = {{b.id, b.version()}};
        return a;
    }

    answer one_bug(request const& rq, std::string_view rest)
    {
        auto const slash = rest.find('/');
        auto const* b = find(rest.substr(0, slash));
        if (b == nullptr)
            return missing(rest.substr(0, slash));
        if (slash == std::string_view::npos)
            return entry(rq, *b, etag_of(ground_, *b), bug_entry(ground_, *b));
        if (rest.substr(slash) == "/bug_tasks")
            return collection(rq, tasks_of(*b));
        if (rest.substr(slash) == "/messages")
            return messages(rq, *b);
        return missing(rest.substr(slash + 1));
    }

    answer messages(request const& rq, bug const& b) const
    {
        auto const all = remarks_of(b);
        auto const number = [&](std::string_view name, std::int64_t otherwise) {
            return static_cast<std::size_t>(read_id(field(rq.query, name).value_or("")).value_or(otherwise));
        };
        auto const size = number("ws.size", static_cast<std::int64_t>(ground_.flavour.page));
        if (size > largest_page)
            return bad(fmt::format("Maximum for ws.size is {}.", largest_page));
        auto const begin = std::min(number("ws.start", 0), all.size());
        auto const end = std::min(begin + size, all.size());
        auto body = fmt::format("{{\"start\": {}, \"total_size\": {}, ", begin, all.size());
        if (end < all.size())
            body += fmt::format(
                "\"next_collection_link\": \"{}\", ",
                link(rq, fmt::format("ws.size={}&ws.start={}", size, end)));
        body += "\"entries\": [";
        for (auto i = begin; i < end; ++i) {
            body += i == begin ? "" : ", ";
            body += fmt::format(
                "{{\"self_link\": \"{0}/{1}/+bug/{2}/comments/{3}\", \"owner_link\": \"{0}/~{4}\", "
                "\"date_created\": \"{5}+00:00\", \"date_deleted\": null, \"visible\": true, \"content\": ",
                ground_.api(),
                ground_.target_path(0),
                b.id,
                i,
                all[i].author.substr(0, all[i].author.find('@')),
                without(iso_time(all[i].at), "Z"));
            append_json(body, all[i].text);
            body += '}';
        }
        return json(body + "]}");
    }

    // {target}/+bug/N: the task itself.
    answer one_task(request const& rq, std::string_view path)
    {
        auto const at = path.rfind("/+bug/");
        if (at == std::string_view::npos)
            return missing(path);
        auto const* b = find(path.substr(at + 6));
        if (b != nullptr)
            for (auto const& t : tasks_of(*b))
                if (ground_.target_path(t.target) == path.substr(0, at))
                    return entry(rq, *b, etag_of(ground_, t), task_entry(ground_, t));
        return missing(path.substr(at + 6));
    }

    answer bug_data(request const& rq)
    {
        auto const* b = find(field(rq.query, "bug_id").value_or(""));
        if (b == nullptr)
            return json("[]");
        auto const first = tasks_of(*b).front();
        std::string title;
        append_json(title, b->title);
        auto a = json(fmt::format(
            "[{{\"id\": {0}, \"information_type\": \"{1}\", \"is_private\": {2}, \"importance\": \"{3}\", "
            "\"status\": \"{4}\", \"bug_summary\": {5}, \"bug_url\": \"{6}/{7}/+bug/{0}\", "
            "\"different_pillars\": false}}]",
            b->id,
            b->hidden ? "Private" : "Public",
            b->hidden,
            first.importance(),
            first.status(),
            title,
            ground_.site.origin,
            ground_.target_path(first.target)));
        a.tells = {{b->id, b->version()}};
        return a;
    }

    answer search(request const& rq, std::string_view path)
    {
        auto const& words = ground_.site.bugs.words();
        task_search const wanted{rq.query, words};
        if (!wanted.error.empty())
            return bad(wanted.error);
        bool const everywhere = path == "bugs";
        bool const distro = path == ground_.flavour.distro;
        bool is_target = everywhere || distro;
        for (std::size_t target = 0; target < 3; ++target)
            is_target = is_target || path == ground_.target_path(target);
        if (!is_target)
            return missing(path);
        std::vector<task> candidates;
        for (auto const& b : ground_.site.bugs.all())
            for (auto const& t : b.hidden && !known_ ? std::vector<task>{} : tasks_of(b))
                if (everywhere || (distro && t.target != 0) || path == ground_.target_path(t.target))
                    candidates.push_back(t);
        return collection(rq, wanted.choose(std::move(candidates), words));
    }

    answer collection(request const& rq, std::vector<task> const& all)
    {
        auto const size_text = field(rq.query, "ws.size");
        auto const size = static_cast<std::size_t>(
            size_text ? read_id(*size_text).value_or(0) : ground_.flavour.page);
        if (size > largest_page)
            return bad(fmt::format("Maximum for ws.size is {}.", largest_page));
        if (size == 0)
            return bad("ws.size: Invalid value.");
        if (field(rq.query, "ws.show").value_or("") == "total_size")
            return json(std::to_string(all.size()));
        // The memo says where the page begins; the number beside it is for people.
        auto const place = field(rq.query, "memo").value_or(field(rq.query, "ws.start").value_or("0"));
        auto const begin = std::min(static_cast<std::size_t>(read_id(place).value_or(0)), all.size());
        auto const end = std::min(begin + size, all.size());

        answer a = json("");
        auto& out = a.body;
        fmt::format_to(std::back_inserter(out), "{{\"start\": {}, ", begin);
        if (end < all.size() && ground_.flavour.size_link)
            fmt::format_to(
                std::back_inserter(out), "\"total_size_link\": \"{}\", ", link(rq, "ws.show=total_size"));
        else
            fmt::format_to(std::back_inserter(out), "\"total_size\": {}, ", all.size());
        fmt::format_to(
            std::back_inserter(out),
            "\"resource_type_link\": \"{}/#bug_task-page-resource\", ",
            ground_.api());
        if (end < all.size())
            fmt::format_to(
                std::back_inserter(out),
                "\"next_collection_link\": \"{}\", ",
                link(rq, fmt::format("ws.size={}&memo={}&ws.start={}", size, end, end)));
        if (begin > 0)
            fmt::format_to(
                std::back_inserter(out),
                "\"prev_collection_link\": \"{}\", ",
                link(rq, fmt::format("ws.size={0}&direction=backwards&memo={1}", size, begin)));
        out += "\"entries\": [";
        for (auto i = begin; i < end; ++i) {
            out += i == begin ? "" : ", ";
            auto& rows = rows_[all[i].place];
            out += rows.row(
                "task", *all[i].of, [&](std::string& row, bug const&) { row = task_entry(ground_, all[i]); });
            a.tells.push_back({all[i].of->id, all[i].of->version()});
        }
        out += "]}";
        return a;
    }

    // The request's own address with its place in the collection replaced by `place`.
    std::string link(request const& rq, std::string_view place) const
    {
        std::string_view const target = rq.target;
        auto const mark = target.find('?');
        auto made = fmt::format("{}{}?", ground_.site.origin, target.substr(0, mark));
        for (auto const part : split(mark == std::string_view::npos ? "" : target.substr(mark + 1), '&')) {
            auto const name = part.substr(0, part.find('='));
            bool const of_place = name == "ws.size" || name == "ws.start" || name == "memo"
                                  || name == "direction" || name == "ws.show";
            if (!part.empty() && !of_place)
                made += fmt::format("{}&", part);
        }
        return made + std::string{place};
    }

    launchpad_ground ground_;
    row_cache rows_[3];  // by the task's place in its bug
    bool known_ = false; // the visitor of the request that is being answered
};

} // namespace

mock_kind launchpad_kind() noexcept
{
    return {
        .name = "launchpad",
        .make = [](site_ground ground) -> std::unique_ptr<site> {
            return std::make_unique<launchpad_site>(std::move(ground));
        },
        .words = launchpad_words,
        .set_flavour = set_launchpad_flavour,
        .api_path = "/devel",
        .retry_after = 900};
}

} // namespace checkwatches::mock
