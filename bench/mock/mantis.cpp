#include "bench/mock/mantis.hpp"

#include "bench/mock/kinds.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

namespace checkwatches::mock {

namespace {

using word_list = std::string_view[];

constexpr status_word statuses[]{
    {"new", true, false},
    {"feedback", true, false},
    {"acknowledged", true, false},
    {"confirmed", true, false},
    {"assigned", true, false},
    {"resolved", false, true},
    {"closed", false, true},
};
constexpr status_word statuses_with_testing[]{
    {"new", true, false},
    {"feedback", true, false},
    {"confirmed", true, false},
    {"assigned", true, false},
    {"testing", true, false},
    {"resolved", false, true},
    {"closed", false, true},
};
constexpr word_list resolutions{
    "fixed", "reopened", "unable to duplicate", "not fixable", "not a bug", "suspended", "wont fix"};
constexpr word_list priorities{"none", "low", "normal", "high", "urgent", "immediate"};
constexpr word_list severities{"feature", "trivial", "text", "tweak", "minor", "major", "crash", "block"};

constexpr std::array<mantis_word, 8> all_statuses{{
    {10, "new", "new"},
    {20, "feedback", "feedback"},
    {30, "acknowledged", "acknowledged"},
    {40, "confirmed", "confirmed"},
    {50, "assigned", "assigned"},
    {60, "testing", "testing"},
    {80, "resolved", "resolved"},
    {90, "closed", "closed"},
}};
constexpr std::array<mantis_word, 9> all_resolutions{{
    {10, "open", "open"},
    {20, "fixed", "fixed"},
    {30, "reopened", "reopened"},
    {40, "unable to duplicate", "unable to reproduce"},
    {50, "not fixable", "not fixable"},
    {60, "duplicate", "duplicate"},
    {70, "not a bug", "no change required"},
    {80, "suspended", "suspended"},
    {90, "wont fix", "won't fix"},
}};

template <class Table>
mantis_word named(Table const& table, std::string_view name)
{
    auto const found = std::ranges::find(table, name, &mantis_word::name);
    return found == table.end() ? mantis_word{.number = 15, .name = name, .label = name} : *found;
}

// The words of these two go up by ten.
mantis_word counted(std::span<std::string_view const> words, std::string_view name)
{
    return {.number = 10 * (static_cast<int>(rank(words, name)) + 1), .name = name, .label = name};
}

std::string ref_json(std::string_view field, mantis_word const& word, std::string_view more = {})
{
    return fmt::format(
        R"("{}":{{"id":{},"name":"{}","label":"{}"{}}})", field, word.number, word.name, word.label, more);
}

std::string error_json(std::string_view message, int code = 0)
{
    std::string out = "{\"message\":";
    append_json(out, message);
    if (code != 0)
        fmt::format_to(std::back_inserter(out), ",\"code\":{},\"localized\":\"{}.\"", code, message);
    return out + "}";
}

// "select" leaves out what it does not name; what is empty is left out always.
std::string issue_json(bug const& b, std::optional<std::string_view> select)
{
    std::vector<std::string> parts;
    auto const add = [&](std::string_view name, std::string part) {
        auto const wanted = select ? split(*select, ',') : std::vector<std::string_view>{};
        if (!select || std::ranges::find(wanted, name) != wanted.end())
            parts.push_back(std::move(part));
    };
    auto const& now = b.now();
    std::string title;
    append_json(title, b.title);
    add("id", fmt::format("\"id\":{}", b.id));
    add("summary", "\"summary\":" + title);
    add("status", ref_json("status", mantis_status(now), R"(,"color":"#fcbdbd")"));
    add("resolution", ref_json("resolution", mantis_resolution(now)));
    add("priority", ref_json("priority", mantis_priority(now)));
    add("severity", ref_json("severity", mantis_severity(now)));
    auto const at = iso_time(now.since);
    add("updated_at", fmt::format(R"("updated_at":"{}+00:00")", at.substr(0, at.size() - 1)));
    if (now.duplicate_of != 0)
        add("relationships",
            fmt::format(
                R"("relationships":[{{"id":{},"type":{{"id":0,"name":"duplicate-of","label":"duplicate of"}},)"
                R"("issue":{{"id":{}}}}}])",
                b.id,
                now.duplicate_of));
    return fmt::format("{{{}}}", fmt::join(parts, ","));
}

class mantis_site final : public site {
public:
    explicit mantis_site(site_ground ground) : ground_{std::move(ground)} {}

private:
    answer answer_to(request const& rq) override
    {
        std::string_view path = rq.path;
        if (path == "/api/soap/mantisconnect.php")
            return mantis_soap(ground_, rq);
        for (std::string_view const root : {"/api/rest/index.php/", "/api/rest/"}) {
            bool const here = ground_.is_on("rest")
                              && (root.find("index") != root.npos || ground_.is_on("rewrite"));
            if (here && path.starts_with(root))
                return mantis_rest(ground_, rq, path.substr(root.size()));
        }
        return mantis_web(ground_, rq);
    }

    mantis_ground ground_;
};

bool set_mantis_flavour(tracker_options& options, std::string_view flavour)
{
    auto const set = [&](std::initializer_list<std::pair<std::string, std::string>> pairs) {
        for (auto const& [key, value] : pairs)
            options.own.insert_or_assign(key, value);
        return true;
    };
    if (flavour == "2.27")
        return set({{"version", "2.27.1"}});
    if (flavour == "rest") // PHP without SOAP
        return set({{"soap", "0"}});
    if (flavour == "1.2")
        return set({{"version", "1.2.20"}, {"rest", "0"}, {"header_batch", "0"}});
    if (flavour == "web") // the interface only
        return set({{"version", "1.2.20"}, {"rest", "0"}, {"soap", "0"}});
    if (flavour == "closed")
        return set({{"anonymous", "0"}});
    return false;
}

} // namespace

answer mantis_ground::page(unsigned status, std::string_view type, std::string body)
{
    ++answers_;
    answer a{.status = status, .frame = answer::framing::length};
    a.headers = {
        {"Date", http_time(site.now())},
        {"X-Powered-By", "PHP/8.2.36"},
        {"Set-Cookie", fmt::format("PHPSESSID={}; path=/; HttpOnly; SameSite=Lax", hex_tag(answers_))},
        {"Cache-Control", "private, max-age=10800"},
        {"Content-Type", std::string{type}},
        {std::string{framing_mark}, ""}};
    a.body = std::move(body);
    return a;
}

std::optional<mantis_visitor> mantis_ground::visitor(std::string_view user, std::string_view password) const
{
    if (user == good_user && (password == good_password || password == good_key))
        return mantis_visitor{.name = std::string{user}, .known = true};
    if (user.empty() && password.empty() && is_on("anonymous"))
        return mantis_visitor{.name = "anonymous"};
    return std::nullopt;
}

bug const* mantis_ground::find(std::int64_t id)
{
    site.bugs.record_asked(id);
    return site.bugs.find(id);
}

mantis_word mantis_status(bug_state const& state)
{
    return named(all_statuses, state.status);
}

mantis_word mantis_resolution(bug_state const& state)
{
    return state.resolution.empty() ? all_resolutions.front() : named(all_resolutions, state.resolution);
}

mantis_word mantis_priority(bug_state const& state)
{
    return counted(priorities, state.priority);
}

mantis_word mantis_severity(bug_state const& state)
{
    return counted(severities, state.severity);
}

vocabulary mantis_words(tracker_options const& options) noexcept
{
    vocabulary words{statuses, resolutions, "duplicate", priorities, severities};
    if (options.option("testing", "0") == "1")
        words.statuses = statuses_with_testing;
    return words;
}

answer mantis_rest(mantis_ground& at, request const& rq, std::string_view path)
{
    // "Bearer" is a token that nobody has.
    bool const known = rq.header("Authorization") == good_key;
    if (!known && !at.is_on("anonymous")) {
        auto a = at.page(401, "text/html; charset=UTF-8", "");
        a.reason = "API token required";
        a.headers.insert(a.headers.begin(), {"WWW-Authenticate", "Bearer"});
        return a;
    }
    auto const ok = [&](std::string body, std::vector<told> tells) {
        auto a = at.page(200, "application/json", std::move(body));
        std::string const user{known ? good_user : std::string_view{"anonymous"}};
        std::uint64_t sum = scramble(known ? 1 : 2);
        for (char const c : a.body)
            sum = scramble(sum ^ static_cast<unsigned char>(c));
        auto const tag = hex_tag(sum) + hex_tag(sum + 1);
        a.headers.insert(
            a.headers.end() - 1,
            {{"ETag", tag},
             {"X-Mantis-Username", user},
             {"X-Mantis-LoginMethod", known ? "api-token" : "cookie"},
             {"X-Mantis-Version", std::string{at.version()}}});
        if (rq.header("If-None-Match") == tag)
            a.status = 304;
        a.tells = std::move(tells);
        return a;
    };
    auto const refuse = [&](unsigned status, std::string message, int code = 0) {
        auto a = at.page(status, "application/json", error_json(message, code));
        a.reason = message;
        return a;
    };
    auto const select = field(rq.query, "select");
    if (path == "issues" || path == "issues/") {
        std::string body;
        std::vector<told> tells;
        auto const size = static_cast<std::size_t>(
            read_id(field(rq.query, "page_size").value_or("50")).value_or(50));
        for (auto const& b : at.site.bugs.all()) {
            if (tells.size() == size || (b.hidden && !known))
                continue;
            body += (body.empty() ? "" : ",") + issue_json(b, select);
            tells.push_back({b.id, b.version()});
        }
        return ok("{\"issues\":[" + body + "]}", std::move(tells));
    }
    if (!path.starts_with("issues/"))
        return refuse(404, "Not Found");
    // "1,2,3" is read as 1.
    auto const text = path.substr(7);
    auto const id = read_id(text.substr(0, text.find_first_not_of("0123456789")));
    if (!id)
        return refuse(400, fmt::format("'{}' must be numeric", text));
    auto const* b = at.find(*id);
    if (b == nullptr)
        return refuse(404, fmt::format("Issue #{} not found", *id), 1100);
    if (b->hidden && !known)
        return refuse(403, "Access denied for user anonymous.");
    return ok("{\"issues\":[" + issue_json(*b, select) + "]}", {{b->id, b->version()}});
}

mock_kind mantis_kind() noexcept
{
    static constexpr std::array<std::string_view, 8> options{
        "version", "soap", "rest", "rewrite", "web", "header_batch", "anonymous", "testing"};
    return {
        .name = "mantis",
        .make = [](site_ground ground) -> std::unique_ptr<site> {
            return std::make_unique<mantis_site>(std::move(ground));
        },
        .words = mantis_words,
        .set_flavour = set_mantis_flavour,
        .options = options};
}

} // namespace checkwatches::mock
