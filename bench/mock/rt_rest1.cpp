#include "bench/mock/rt.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace checkwatches::mock {

namespace {

// "Sat Nov 21 22:51:48 2026", in the zone of the user: here UTC.
std::string rt_time(std::int64_t t)
{
    return fmt::format("{:%a %b %d %H:%M:%S %Y}", fmt::gmtime(static_cast<std::time_t>(t)));
}

// A value of several lines: the further ones stand below its beginning.
std::string indented(std::string_view name, std::string_view value)
{
    std::string out = fmt::format("{}: ", name);
    std::string const indent(out.size(), ' ');
    for (char const c : value) {
        out += c;
        if (c == '\n')
            out += indent;
    }
    return out + "\n";
}

// One request to REST 1.0.
class rest1_call {
public:
    rest1_call(rt_ground& at, request const& rq) : at_{at}, fields_{parse_form(rq.body)}
    {
        for (auto const& field : rq.query)
            fields_.push_back(field);
        a_.headers = {{"Date", http_time(at.site.now())}};
        enter(rq);
        a_.headers.insert(
            a_.headers.begin(),
            {"Set-Cookie", fmt::format("{}={}; path=/; HttpOnly", cookie_name, session_)});
        a_.headers.emplace_back("Content-Type", "text/plain; charset=utf-8");
        a_.headers.emplace_back("X-Frame-Options", "DENY");
        a_.headers.emplace_back(framing_mark, "");
    }

    answer serve(std::string_view path)
    {
        if (who_ == rt_visitor::nobody)
            return say(
                "401 Credentials required", wrong_ ? "\nYour username or password is incorrect\n" : "");
        if (path == "show" || path == "ticket/show")
            return show();
        if (path == "search/ticket")
            return search();
        if (path.starts_with("ticket/")) {
            auto const rest = path.substr(7);
            auto const slash = rest.find('/');
            auto const id = read_id(rest.substr(0, slash));
            auto const what = slash == std::string_view::npos ? "show" : rest.substr(slash + 1);
            if (id && what == "show")
                return say("200 Ok", "\n" + ticket(*id, {}) + "\n");
            if (id && what == "history")
                return say("200 Ok", "\n" + history(*id) + "\n");
        }
        return say("200 Ok", fmt::format("\n# Invalid object specification: '{0}'\n\nid: {0}\n\n", path));
    }

private:
    static constexpr std::string_view cookie_name = "RT_SID_mock.example.org.80";

    answer say(std::string_view status, std::string_view text)
    {
        a_.body = fmt::format("RT/{} {}\n{}\n", at_.version, status, text);
        return std::move(a_);
    }

    // Finds out who asks, and opens a session for him.
    void enter(request const& rq)
    {
        auto const user = field(fields_, "user");
        auto const pass = field(fields_, "pass").value_or("");
        session_ = rq.cookie(cookie_name);
        auto const known = at_.known.find(session_);
        if (user) {
            if (*user == good_user && pass == good_password)
                who_ = rt_visitor::member;
            else if (at_.guest && *user == "guest" && pass == "guest")
                who_ = rt_visitor::guest;
            wrong_ = who_ == rt_visitor::nobody;
        }
        else if (rq.header("Authorization").starts_with("token ")) {
            who_ = has_token(at_, rq) ? rt_visitor::member : rt_visitor::nobody;
        }
        else if (known != at_.known.end() && (at_.session_length == 0 || known->second.second > 0)) {
            who_ = known->second.first ? rt_visitor::member : rt_visitor::guest;
            --known->second.second;
            return;
        }
        session_ = hex_tag(scramble(++at_.sessions));
        if (who_ != rt_visitor::nobody)
            at_.known[session_] = {who_ == rt_visitor::member, at_.session_length};
    }

    bool is_member() const { return who_ == rt_visitor::member; }

    // The fields of a ticket that were asked for; all where none was.
    std::string ticket(std::int64_t id, std::vector<std::string> const& wanted)
    {
        at_.site.bugs.record_asked(id);
        auto const* const named = at_.site.bugs.find(id);
        if (named == nullptr)
            return fmt::format("# Ticket {} does not exist.\n\n", id);
        auto const& b = at_.effective(*named);
        if (b.hidden && !is_member())
            return fmt::format("# You are not allowed to display ticket {}.\n\n", id);
        a_.tells.push_back({b.id, b.version()});
        auto const& now = b.now();
        std::pair<std::string_view, std::string> const all[]{
            {"id", fmt::format("ticket/{}", b.id)},
            {"Queue", "General"},
            {"Owner", "Nobody"},
            {"Creator", "root"},
            {"Subject", b.title},
            {"Status", now.status},
            {"Priority", now.priority},
            {"Cc", ""},
            {"Created", rt_time(b.created)},
            {"Due", "Not set"},
            {"LastUpdated", rt_time(now.since)}};
        std::string out;
        for (auto const& [name, value] : all)
            if (wanted.empty() || name == "id" || std::ranges::find(wanted, name) != wanted.end())
                out += value.empty() ? fmt::format("{}:\n", name) : indented(name, value);
        return out;
    }

    // The fields that were asked for; nothing where one of them is refused.
    std::optional<std::vector<std::string>> wanted() const
    {
        std::vector<std::string> out;
        for (auto const name : listed(fields_, "fields"))
            out.emplace_back(name);
        bool const custom = std::ranges::any_of(
            out, [](std::string const& name) { return name.find('{') != std::string::npos; });
        if (custom && !at_.custom_fields)
            return std::nullopt;
        return out;
    }

    answer refuse_fields()
    {
        return say(
            "400 Bad Request",
            fmt::format("\nInvalid field specification: {}\n", field(fields_, "fields").value_or("")));
    }

    // id=ticket/1,2,5-9: in ascending order, one answer for each.
    answer show()
    {
        std::vector<std::int64_t> ids;
        for (auto text : listed(fields_, "id")) {
            constexpr std::string_view kind = "ticket/";
            if (text.starts_with(kind))
                text.remove_prefix(kind.size());
            auto const id = read_id(text);
            if (!id)
                return say("400 Bad Request", fmt::format("\nInvalid object ID specified: '{}'\n", text));
            ids.push_back(*id);
        }
        if (ids.empty())
            return say("400 Bad Request", "\nNo objects specified.\n");
        auto const names = wanted();
        if (!names)
            return refuse_fields();
        std::ranges::sort(ids);
        std::string out;
        for (auto const id : ids)
            out += (out.empty() ? "\n" : "\n--\n\n") + ticket(id, *names);
        return say("200 Ok", out + "\n");
    }

    answer search()
    {
        auto const query = field(fields_, "query").value_or("");
        auto const found = at_.search(query, is_member());
        if (!found)
            return say("400 Bad request", fmt::format("\nInvalid query: '{}'.\n", query));
        auto const names = wanted();
        if (!names)
            return refuse_fields();
        if (found->empty())
            return say("200 Ok", "\nNo matching results.\n\n");
        bool const brief = field(fields_, "format") == "i";
        std::string out;
        for (auto const* const b : *found) {
            if (brief)
                out += fmt::format("{}ticket/{}\n", out.empty() ? "\n" : "", b->id);
            else
                out += (out.empty() ? "\n" : "\n--\n\n") + ticket(b->id, *names);
        }
        return say("200 Ok", out + "\n");
    }

    std::string history(std::int64_t id)
    {
        auto const* const named = at_.site.bugs.find(id);
        if (named == nullptr)
            return fmt::format("# Ticket {} does not exist.\n\n", id);
        auto const& b = at_.effective(*named);
        if (b.hidden && !is_member())
            return fmt::format("# You are not allowed to display ticket {}.\n\n", id);
        auto const remarks = remarks_of(b);
        auto const total = remarks.size() + 1;
        std::string out = transaction(
            b, total, remarks.front().id - 1, "Status", "root", b.created, "Status changed", no_content);
        for (auto const& r : remarks)
            out += "\n--\n\n"
                   + transaction(
                       b,
                       total,
                       r.id,
                       &r == &remarks.front() ? "Create" : "Correspond",
                       r.author,
                       r.at,
                       "Correspondence added",
                       r.text);
        return out;
    }

    static constexpr std::string_view no_content = "This transaction appears to have no content";

    static std::string transaction(
        bug const& b,
        std::size_t total,
        std::int64_t id,
        std::string_view type,
        std::string_view author,
        std::int64_t when,
        std::string_view description,
        std::string_view text)
    {
        return fmt::format(
            "# 1/{} (id/{}/total)\n\nid: {}\nTicket: {}\nTimeTaken: 0\nType: "
            "{}\nField:\nOldValue:\nNewValue:\n"
            "Data:\nDescription: {} by {}\n\n{}\n\nCreator: {}\nCreated: {}\n\nAttachments:\n             "
            "{}: "
            "untitled ({}b)\n\n",
            total,
            id,
            id,
            b.id,
            type,
            description,
            author,
            indented("Content", text),
            author,
            plain_time(when),
            id + 1,
            text.size());
    }

    rt_ground& at_;
    form fields_;
    answer a_{};
    std::string session_;
    rt_visitor who_ = rt_visitor::nobody;
    bool wrong_ = false;
};

} // namespace

answer rt_rest1(rt_ground& at, request const& rq, std::string_view path)
{
    return rest1_call{at, rq}.serve(path);
}

} // namespace checkwatches::mock
