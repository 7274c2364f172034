// A mock Redmine: the REST API of 5.0, without a page for people but the first.
//
// Flavours: "5.0"; "3.4" (no is_closed, times with milliseconds, as recorded from older ones); "1.0" (ignores
// issue_id and updated_on and lists the whole tracker); "spanish" (names in the language that it was set up
// in).
// Options: login=1 (login_required), api=0 (the REST API is switched off), most=N (rows of one answer).

#include "bench/mock/kinds.hpp"
#include "bench/mock/row_cache.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace checkwatches::mock {

namespace {

constexpr std::array<std::string_view, 5> own_options{"version", "words", "login", "api", "most"};
constexpr std::size_t usual_rows = 25;
constexpr std::size_t most_rows = 100;
constexpr std::int64_t most_number = 2'147'483'647;

constexpr status_word statuses[]{
    {"New", true, false},
    {"In Progress", true, false},
    {"Resolved", true, false},
    {"Feedback", true, false},
    {"Closed", false, false},
    {"Rejected", false, false},
};
constexpr std::string_view priorities[]{"Low", "Normal", "High", "Urgent", "Immediate"};
constexpr status_word spanish_statuses[]{
    {"Nueva", true, false},
    {"En curso", true, false},
    {"Resuelta", true, false},
    {"Comentarios", true, false},
    {"Cerrada", false, false},
    {"Rechazada", false, false},
};
constexpr std::string_view spanish_priorities[]{"Baja", "Normal", "Alta", "Urgente", "Inmediata"};

vocabulary redmine_words(tracker_options const& options) noexcept
{
    if (options.option("words", "") == "spanish")
        return {spanish_statuses, {}, {}, spanish_priorities, {}};
    return {statuses, {}, {}, priorities, {}};
}

bool set_redmine_flavour(tracker_options& options, std::string_view flavour)
{
    if (flavour == "spanish")
        options.own["words"] = flavour;
    else if (flavour == "5.0" || flavour == "3.4" || flavour == "1.0")
        options.own["version"] = flavour;
    else
        return false;
    return true;
}

// What a list was asked for.
struct list_wish {
    std::vector<std::int64_t> ids{};
    bool any_id = true;
    bool bad_id = false;
    bool huge_id = false;
    bool open_only = true;
    std::optional<std::int64_t> updated_from{};
    std::size_t limit = usual_rows;
    std::size_t offset = 0;
    bool ascending = false;
    bool relations = false;
};

list_wish read_wish(form const& fields, bool old, std::size_t most)
{
    list_wish wish;
    wish.any_id = old || !field(fields, "issue_id");
    for (auto const part : wish.any_id ? std::vector<std::string_view>{} : listed(fields, "issue_id")) {
        auto const id = read_id(part);
        wish.bad_id = wish.bad_id || !id;
        wish.huge_id = wish.huge_id || (id && *id > most_number);
        if (id)
            wish.ids.push_back(*id);
    }
    wish.open_only = field(fields, "status_id").value_or("") != "*";
    auto const updated = field(fields, "updated_on").value_or("");
    if (updated.starts_with(">=") && !old)
        wish.updated_from = read_time(updated.substr(2));
    auto const limit = read_id(field(fields, "limit").value_or("")).value_or(usual_rows);
    wish.limit = std::min(static_cast<std::size_t>(limit), most);
    wish.offset = static_cast<std::size_t>(read_id(field(fields, "offset").value_or("")).value_or(0));
    wish.ascending = field(fields, "sort").value_or("") == "id";
    wish.relations = field(fields, "include").value_or("") == "relations";
    return wish;
}

class redmine_site final : public site {
public:
    explicit redmine_site(site_ground ground)
        : ground_{std::move(ground)},
          old_{ground_.options.option("version", "5.0") == "1.0"},
          tells_closed_{ground_.options.option("version", "5.0") == "5.0"},
          most_{static_cast<std::size_t>(read_id(ground_.options.option("most", "")).value_or(most_rows))}
    {}

private:
    enum class visitor { nobody, known, refused };

    static visitor who(request const& rq)
    {
        auto const [user, password] = rq.basic();
        if (!user.empty() || !password.empty()) {
            bool const good = (user == good_user && password == good_password) || user == good_key;
            return good ? visitor::known : visitor::refused;
        }
        auto const key = rq.header("X-Redmine-API-Key");
        // A wrong key is nobody's, and nobody is let in.
        bool const good = key == good_key || field(rq.query, "key").value_or("") == good_key;
        return good ? visitor::known : visitor::nobody;
    }

    answer head(unsigned status, std::string_view type) const
    {
        answer a{.status = status, .frame = answer::framing::length};
        a.headers = {
            {"Date", http_time(ground_.now())},
            {"X-Frame-Options", "SAMEORIGIN"},
            {"X-Content-Type-Options", "nosniff"},
            {"Content-Type", std::string{type}},
            {"Cache-Control", status == 200 ? "max-age=0, private, must-revalidate" : "no-cache"},
            {std::string{framing_mark}, ""},
            {"Server", "thin"}};
        return a;
    }
    // The bodies of refusals are empty.
    answer empty(unsigned status, bool asks_login = false) const
    {
        auto a = head(status, "application/json");
        if (asks_login)
            a.headers.insert(a.headers.begin() + 4, {"WWW-Authenticate", "Basic realm=\"Redmine API\""});
        return a;
    }
    answer json(request const& rq, std::string body) const
    {
        auto a = head(200, "application/json; charset=utf-8");
        std::uint64_t hash = 14695981039346656037U;
        for (char const c : body)
            hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
        auto const tag = fmt::format("W/\"{:016x}{:016x}\"", hash, scramble(hash));
        a.headers.insert(a.headers.begin() + 4, {"ETag", tag});
        a.body = std::move(body);
        if (rq.header("If-None-Match") == tag)
            a.status = 304;
        return a;
    }

    answer answer_to(request const& rq) override
    {
        std::string_view const path = rq.path;
        if (path == "/")
            return start_page();
        if (!path.ends_with(".json"))
            return empty(404);
        if (ground_.options.option("api", "1") == "0")
            return empty(403);
        auto const by = who(rq);
        if (by == visitor::refused)
            return empty(401, true);
        known_ = by == visitor::known;
        if (!known_ && (path == "/users/current.json" || ground_.options.option("login", "0") == "1"))
            return empty(401, rq.header("X-Redmine-API-Key").empty());
        if (path == "/users/current.json")
            return json(
                rq,
                fmt::format(
                    "{{\"user\":{{\"id\":5,\"login\":\"{0}\",\"firstname\":\"W\",\"lastname\":\"Atcher\","
                    "\"mail\":\"{0}\",\"created_on\":\"2026-01-01T00:00:00Z\"}}}}",
                    good_user));
        if (path == "/issues.json")
            return list(rq);
        constexpr std::string_view single = "/issues/";
        if (path.starts_with(single))
            return one(rq, path.substr(single.size(), path.size() - single.size() - 5));
        return empty(404);
    }

    answer start_page() const
    {
        auto a = head(200, "text/html; charset=utf-8");
        a.body = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<title>Mock Redmine</title>\n"
                 "<meta name=\"description\" content=\"Redmine\" />\n"
                 "<meta name=\"csrf-param\" content=\"authenticity_token\" />\n</head>\n"
                 "<body>Powered by <a href=\"https://www.redmine.org/\">Redmine</a></body>\n</html>\n";
        return a;
    }

    std::string time(std::int64_t t) const
    {
        auto text = iso_time(t);
        if (!tells_closed_) // older versions write milliseconds
            text.insert(text.size() - 1, ".000");
        return text;
    }

    void write_issue(std::string& out, bug const& b, bool relations) const
    {
        auto const& words = ground_.bugs.words();
        auto const& now = b.now();
        bool const open = is_open(words, now.status);
        std::string title;
        append_json(title, b.title);
        constexpr std::array types{"Bug", "Feature", "Support"};
        auto const type = static_cast<std::size_t>(b.id) % types.size();
        fmt::format_to(
            std::back_inserter(out),
            "{{\"id\":{},\"project\":{{\"id\":1,\"name\":\"Public\"}},\"tracker\":{{\"id\":{},\"name\":\"{}"
            "\"}},"
            "\"status\":{{\"id\":{},\"name\":\"{}\"{}}},\"priority\":{{\"id\":{},\"name\":\"{}\"}},"
            "\"author\":{{\"id\":1,\"name\":\"Redmine Admin\"}},\"subject\":{},\"description\":\"desc {}\","
            "\"start_date\":null,\"due_date\":null,\"done_ratio\":0,\"is_private\":{},"
            "\"estimated_hours\":null,\"created_on\":\"{}\",\"updated_on\":\"{}\",\"closed_on\":{}",
            b.id,
            type + 1,
            types[type],
            rank(words.statuses, now.status) + 1,
            now.status,
            !tells_closed_ ? ""
            : open         ? ",\"is_closed\":false"
                           : ",\"is_closed\":true",
            rank(words.priorities, now.priority) + 1,
            now.priority,
            title,
            b.id,
            b.hidden,
            time(b.created),
            time(now.since),
            open ? "null" : "\"" + time(now.since) + "\"");
        if (relations && now.duplicate_of != 0)
            fmt::format_to(
                std::back_inserter(out),
                ",\"relations\":[{{\"id\":{},\"issue_id\":{},\"issue_to_id\":{},"
                "\"relation_type\":\"duplicates\",\"delay\":null}}]",
                b.id,
                b.id,
                now.duplicate_of);
        out += '}';
    }

    bool shows(bug const& b) const { return !b.hidden || known_; }

    bool fits(bug const& b, list_wish const& wish) const
    {
        if (!shows(b) || (wish.open_only && !is_open(ground_.bugs.words(), b.now().status)))
            return false;
        if (wish.updated_from && b.now().since < *wish.updated_from)
            return false;
        return wish.any_id || std::ranges::find(wish.ids, b.id) != wish.ids.end();
    }

    answer list(request const& rq)
    {
        auto const wish = read_wish(rq.query, old_, most_);
        if (wish.bad_id) {
            auto a = head(422, "application/json; charset=utf-8");
            a.body = R"({"errors":["Issue is invalid"]})";
            return a;
        }
        if (wish.huge_id)
            return head(500, "text/html; charset=utf-8");
        for (auto const id : wish.ids)
            ground_.bugs.record_asked(id);
        std::vector<bug const*> found;
        for (auto const& b : ground_.bugs.all())
            if (fits(b, wish))
                found.push_back(&b);
        if (!wish.ascending)
            std::ranges::reverse(found);
        auto const begin = std::min(wish.offset, found.size());
        auto const end = std::min(begin + wish.limit, found.size());
        std::string body = "{\"issues\":[";
        std::vector<told> tells;
        for (auto i = begin; i != end; ++i) {
            body += i == begin ? "" : ",";
            body += rows_.row(
                wish.relations ? "relations" : "plain", *found[i], [&](std::string& row, bug const& b) {
                    write_issue(row, b, wish.relations);
                });
            tells.push_back({.id = found[i]->id, .version = found[i]->version()});
        }
        fmt::format_to(
            std::back_inserter(body),
            "],\"total_count\":{},\"offset\":{},\"limit\":{}}}",
            found.size(),
            wish.offset,
            wish.limit);
        auto a = json(rq, std::move(body));
        a.tells = std::move(tells);
        return a;
    }

    answer one(request const& rq, std::string_view id)
    {
        auto const number = read_id(id);
        auto const* const b = number ? ground_.bugs.find(*number) : nullptr;
        if (number)
            ground_.bugs.record_asked(*number);
        if (b == nullptr)
            return empty(404);
        if (!shows(*b))
            return empty(401, true);
        auto const include = field(rq.query, "include").value_or("");
        std::string body = "{\"issue\":";
        write_issue(body, *b, include == "relations");
        if (include == "journals")
            write_journals(body, *b);
        auto a = json(rq, body + "}");
        a.tells = {{.id = b->id, .version = b->version()}};
        return a;
    }

    // In the place of the issue's closing brace: its description, and a journal for each remark, of which the
    // first changes a field only.
    static void write_journals(std::string& out, bug const& b)
    {
        auto const remarks = remarks_of(b);
        out.pop_back();
        out += ",\"journals\":[";
        for (std::size_t i = 0; i != remarks.size(); ++i) {
            std::string text;
            append_json(text, i == 0 ? "" : remarks[i].text);
            fmt::format_to(
                std::back_inserter(out),
                "{}{{\"id\":{},\"user\":{{\"id\":3,\"name\":\"{}\"}},\"notes\":{},\"created_on\":\"{}\","
                "\"private_notes\":false,\"details\":[]}}",
                i == 0 ? "" : ",",
                remarks[i].id,
                remarks[i].author,
                text,
                iso_time(remarks[i].at));
        }
        out += "]}";
    }

    site_ground ground_;
    bool old_;
    bool tells_closed_;
    std::size_t most_;
    row_cache rows_;
    bool known_ = false; // the visitor of the request that is being answered
};

} // namespace

mock_kind redmine_kind() noexcept
{
    return {
        .name = "redmine",
        .make = [](site_ground ground) -> std::unique_ptr<site> {
            return std::make_unique<redmine_site>(std::move(ground));
        },
        .words = redmine_words,
        .set_flavour = set_redmine_flavour,
        .options = own_options};
}

} // namespace checkwatches::mock
