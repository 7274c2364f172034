#include "bench/mock/kinds.hpp"
#include "bench/mock/site.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

// A mock Roundup: the REST API, and the export of the index as CSV. Flavours: "2.4", "python"
// (bugs.python.org's statuses and resolutions), "1.5" (no REST; the export gives names), "0.8" (… and numbers
// for names). Options: rest, resolutions, ids (exports give numbers), cap (rows of a page of REST; 0: all),
// require_login.
namespace checkwatches::mock {

namespace {

constexpr status_word classic_statuses[]{
    {"unread", true, false},
    {"deferred", true, false},
    {"chatting", true, false},
    {"need-eg", true, false},
    {"in-progress", true, false},
    {"testing", true, false},
    {"done-cbb", true, false},
    {"resolved", false, false},
};
constexpr std::string_view classic_priorities[]{"critical", "urgent", "bug", "feature", "wish"};
constexpr status_word python_statuses[]{
    {"open", true, false},
    {"closed", false, true},
    {"pending", true, false},
    {"languishing", true, false},
};
constexpr std::string_view python_resolutions[]{
    "accepted", "fixed", "later", "out of date", "postponed", "rejected", "wont fix", "works for me"};
constexpr std::string_view python_priorities[]{"critical", "high", "normal", "low"};
constexpr vocabulary classic{classic_statuses, {}, {}, classic_priorities, {}};
constexpr vocabulary python{python_statuses, python_resolutions, "duplicate", python_priorities, {}};

constexpr std::array options{
    std::string_view{"rest"},
    std::string_view{"resolutions"},
    std::string_view{"ids"},
    std::string_view{"cap"},
    std::string_view{"require_login"}};

bool on(tracker_options const& in, std::string_view key, std::string_view otherwise)
{
    return in.option(key, otherwise) != "0";
}

bool set_roundup_flavour(tracker_options& into, std::string_view flavour)
{
    if (flavour == "python")
        into.own.insert_or_assign("resolutions", "1");
    if (flavour == "1.5" || flavour == "0.8")
        into.own.insert_or_assign("rest", "0");
    if (flavour == "0.8")
        into.own.insert_or_assign("ids", "1");
    return flavour == "2.4" || flavour == "python" || flavour == "1.5" || flavour == "0.8";
}

std::string roundup_time(std::int64_t t)
{
    auto text = plain_time(t);
    std::ranges::replace(text, ' ', '.');
    return text;
}

std::string quoted(std::string_view text)
{
    std::string out;
    append_json(out, text);
    return out;
}

class roundup_site final : public site {
public:
    explicit roundup_site(site_ground ground)
        : at_{std::move(ground)},
          has_resolutions_{on(at_.options, "resolutions", "0")},
          ids_{on(at_.options, "ids", "0")},
          cap_{static_cast<std::size_t>(read_id(at_.options.option("cap", "0")).value_or(0))}
    {}

private:
    static constexpr std::string_view data = "/rest/data/issue";

    answer say(unsigned status, std::string_view type, std::string body) const
    {
        answer a{.status = status, .frame = answer::framing::length};
        a.headers = {
            {"Server", "BaseHTTP/0.6 Python/3.11.2"},
            {"Date", http_time(at_.now())},
            {"Content-Type", std::string{type}},
            {std::string{framing_mark}, ""}};
        a.body = std::move(body);
        return a;
    }
    answer json(std::string body) const { return say(200, "application/json", "{\"data\": " + body + "}"); }
    answer fault(unsigned status, std::string_view words) const
    {
        return say(
            status,
            "application/json",
            fmt::format("{{\"error\": {{\"status\": {}, \"msg\": {}}}}}", status, quoted(words)));
    }
    answer page(unsigned status, std::string_view title) const
    {
        return say(
            status,
            "text/html; charset=utf-8",
            fmt::format(
                "<!DOCTYPE html>\n<html><head><title>{0}</title></head><body><h1>{0}</h1></body></html>\n",
                title));
    }

    answer answer_to(request const& rq) override
    {
        auto const [user, password] = rq.basic();
        auto const header = rq.header("Authorization");
        member_ = (user == good_user && password == good_password)
                  || header == fmt::format("Bearer {}", good_key);
        if (!header.empty() && !member_)
            return fault(401, "Invalid Login");
        std::string_view const path = rq.path;
        bool const closed = on(at_.options, "require_login", "0") && !member_;
        if (path.starts_with("/rest") && on(at_.options, "rest", "1"))
            return closed ? fault(403, "Forbidden.") : rest(rq, path);
        if (closed)
            return page(403, "You are not allowed to view this page");
        if (path == "/issue" && field(rq.query, "@action").value_or("") == "export_csv")
            return export_issues(rq);
        if ((path == "/status" || path == "/priority" || path == "/resolution")
            && field(rq.query, "@action").value_or("") == "export_csv")
            return export_names(path.substr(1));
        if (path.starts_with("/issue"))
            return issue_page(path.substr(6));
        return page(path == "/" ? 200 : 404, path == "/" ? "List of issues" : "Not Found");
    }

    bool shown(bug const& b) const { return !b.hidden || member_; }

    answer rest(request const& rq, std::string_view path)
    {
        if (path == "/rest/" || path == "/rest")
            return json("{\"default_version\": 1, \"supported_versions\": [1], \"links\": []}");
        if (path == data)
            return collection(rq);
        if (!path.starts_with(data) || path[data.size()] != '/')
            return fault(404, "Nothing matches the given URI");
        auto const id = read_id(path.substr(data.size() + 1)).value_or(0);
        at_.bugs.record_asked(id);
        auto const* const b = at_.bugs.find(id);
        if (b == nullptr)
            return fault(404, fmt::format("Issue {} not found", id));
        if (!shown(*b))
            return fault(403, fmt::format("Permission to view issue{} denied", id));
        auto const fields = asked_fields(rq);
        if (!fields)
            return fault(400, "field not valid");
        auto a = json(fmt::format(
            "{{\"id\": \"{0}\", \"type\": \"issue\", \"link\": \"{1}{2}/{0}\", \"attributes\": {{{3}}}, "
            "\"@etag\": "
            "\"\\\"{4}\\\"\"}}",
            id,
            at_.origin,
            data,
            attributes(*b, *fields, verbosity(rq)),
            hex_tag(scramble(static_cast<std::uint64_t>(id) * 1000 + b->version()))));
        a.tells = {{b->id, b->version()}};
        return a;
    }

    static std::int64_t verbosity(request const& rq)
    {
        return read_id(field(rq.query, "@verbose").value_or("1")).value_or(1);
    }

    std::vector<std::string_view> all_fields() const
    {
        std::vector<std::string_view> out{"title", "activity", "status", "priority", "superseder", "keyword"};
        if (has_resolutions_)
            out.emplace_back("resolution");
        return out;
    }

    // The fields that were asked for, all where none was; nothing where one is unknown.
    std::optional<std::vector<std::string_view>> asked_fields(request const& rq) const
    {
        auto const all = all_fields();
        auto const wanted = listed(rq.query, "@fields");
        for (auto const one : wanted)
            if (std::ranges::find(all, one) == all.end())
                return std::nullopt;
        return wanted.empty() ? all : wanted;
    }

    std::string link(std::string_view of, std::string_view word, std::int64_t verbose) const
    {
        if (word.empty())
            return "null";
        auto const id = number_of(of, word);
        return fmt::format(
            "{{\"id\": \"{0}\", \"link\": \"{1}/rest/data/{2}/{0}\"{3}}}",
            id,
            at_.origin,
            of,
            verbose > 1 ? ", \"name\": " + quoted(word) : std::string{});
    }

    std::string
    attributes(bug const& b, std::vector<std::string_view> const& fields, std::int64_t verbose) const
    {
        std::string out;
        for (auto const one : fields) {
            auto const& now = b.now();
            std::string value = "[]";
            if (one == "title")
                value = quoted(b.title);
            else if (one == "activity")
                value = quoted(roundup_time(now.since));
            else if (one == "status")
                value = link("status", now.status, verbose);
            else if (one == "priority")
                value = link("priority", now.priority, verbose);
            else if (one == "resolution")
                value = link("resolution", now.resolution, verbose);
            else if (one == "superseder" && now.duplicate_of != 0)
                value = fmt::format(
                    "[{{\"id\": \"{0}\", \"link\": \"{1}{2}/{0}\"}}]", now.duplicate_of, at_.origin, data);
            out += fmt::format("{}\"{}\": {}", out.empty() ? "" : ", ", one, value);
        }
        return out;
    }

    // A link's id: its place in the vocabulary, from 1 on.
    std::size_t number_of(std::string_view of, std::string_view word) const
    {
        auto const& words = at_.bugs.words();
        if (of == "status")
            return rank(words.statuses, word) + 1;
        return rank(of == "priority" ? words.priorities : words.resolutions, word) + 1;
    }

    // Repeated id=; a comma list is no list here. Limits count what is hidden, too.
    answer collection(request const& rq)
    {
        auto const fields = asked_fields(rq);
        if (!fields)
            return fault(400, "Field is not valid for issue class.");
        std::vector<bug const*> found;
        bool asked = false;
        for (auto const& [name, value] : rq.query)
            if (name == "id") {
                asked = true;
                auto const id = read_id(value).value_or(0);
                at_.bugs.record_asked(id);
                if (auto const* const b = at_.bugs.find(id))
                    found.push_back(b);
            }
        if (!asked)
            for (auto const& b : at_.bugs.all())
                found.push_back(&b);
        if (auto const range = field(rq.query, "activity")) {
            auto text = std::string{range->substr(0, range->find(';'))};
            std::ranges::replace(text, '.', ' ');
            auto const from = read_time(text);
            if (!from)
                return fault(400, "Not a date spec");
            std::erase_if(found, [&](bug const* b) { return b->now().since < *from; });
        }
        std::ranges::sort(found, {}, &bug::id);
        auto size = static_cast<std::size_t>(
            read_id(field(rq.query, "@page_size").value_or("0")).value_or(0));
        if (cap_ != 0 && (size == 0 || size > cap_))
            size = cap_;
        auto const index = static_cast<std::size_t>(
            read_id(field(rq.query, "@page_index").value_or("1")).value_or(1));
        auto const begin = std::min(found.size(), size * (index - 1));
        auto const end = size == 0 ? found.size() : std::min(found.size(), begin + size);
        std::string rows;
        answer a = json({});
        for (auto i = begin; i != end; ++i) {
            auto const& b = *found[i];
            if (!shown(b))
                continue;
            rows += fmt::format(
                "{}{{\"id\": \"{}\", \"link\": \"{}{}/{}\", {}}}",
                rows.empty() ? "" : ", ",
                b.id,
                at_.origin,
                data,
                b.id,
                attributes(b, *fields, verbosity(rq)));
            a.tells.push_back({b.id, b.version()});
        }
        auto const next = end < found.size()
                              ? fmt::format(
                                    ", \"next\": [{{\"rel\": \"next\", \"uri\": \"{}{}?@page_index={}\"}}]",
                                    at_.origin,
                                    data,
                                    index + 1)
                              : std::string{};
        a.body = fmt::format(
            "{{\"data\": {{\"collection\": [{}], \"@links\": {{\"self\": []{}}}, \"@total_size\": {}}}}}",
            rows,
            next,
            found.size());
        return a;
    }

    answer export_issues(request const& rq)
    {
        auto const all = all_fields();
        auto const columns = listed(rq.query, "@columns");
        for (auto const one : columns)
            if (one != "id" && std::ranges::find(all, one) == all.end())
                return page(400, fmt::format("Column \"{}\" not found in issue", one));
        std::string text = fmt::format("{}\r\n", fmt::join(columns, ","));
        answer a = say(200, "text/csv; charset=utf-8", {});
        for (auto const word : listed(rq.query, "id")) {
            auto const id = read_id(word).value_or(0);
            at_.bugs.record_asked(id);
            auto const* const b = at_.bugs.find(id);
            if (b == nullptr || !shown(*b))
                continue;
            std::string row;
            for (auto const one : columns) {
                row += row.empty() ? "" : ",";
                append_quoted(row, export_cell(*b, one));
            }
            text += row + "\r\n";
            a.tells.push_back({b->id, b->version()});
        }
        a.body = std::move(text);
        return a;
    }

    std::string export_cell(bug const& b, std::string_view column) const
    {
        auto const& now = b.now();
        if (column == "id")
            return std::to_string(b.id);
        if (column == "title")
            return b.title;
        if (column == "activity")
            return ids_ ? roundup_time(now.since) : plain_time(now.since).substr(0, 16);
        std::string_view const word = column == "status"       ? now.status
                                      : column == "priority"   ? now.priority
                                      : column == "resolution" ? now.resolution
                                                               : std::string_view{};
        if (!ids_)
            return std::string{word};
        return word.empty() ? "None" : std::to_string(number_of(column, word));
    }

    answer export_names(std::string_view of) const
    {
        auto const& words = at_.bugs.words();
        std::vector<std::string_view> names;
        if (of == "status")
            for (auto const& one : words.statuses)
                names.push_back(one.word);
        else
            for (auto const one : of == "priority" ? words.priorities : words.resolutions)
                names.push_back(one);
        if (of == "resolution" && !words.duplicate.empty())
            names.push_back(words.duplicate); // behind the others, as number_of() has it
        std::string text = "id,name\r\n";
        for (std::size_t i = 0; i != names.size(); ++i)
            text += fmt::format("{},{}\r\n", i + 1, names[i]);
        return say(200, "text/csv; charset=utf-8", std::move(text));
    }

    answer issue_page(std::string_view text)
    {
        auto const id = read_id(text).value_or(0);
        at_.bugs.record_asked(id);
        auto const* const b = at_.bugs.find(id);
        if (b == nullptr)
            return page(404, "Not Found");
        return shown(*b) ? page(200, fmt::format("Issue {}", id))
                         : page(403, "You are not allowed to view this page");
    }

    site_ground at_;
    bool has_resolutions_;
    bool ids_;
    std::size_t cap_;
    bool member_ = false; // who asks is one
};

} // namespace

mock_kind roundup_kind() noexcept
{
    return {
        .name = "roundup",
        .make = [](site_ground ground) -> std::unique_ptr<site> {
            return std::make_unique<roundup_site>(std::move(ground));
        },
        .words =
            [](tracker_options const& given) noexcept {
                return on(given, "resolutions", "0") ? python : classic;
            },
        .set_flavour = set_roundup_flavour,
        .options = options};
}

} // namespace checkwatches::mock
