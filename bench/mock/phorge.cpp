#include "bench/mock/kinds.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

namespace checkwatches::mock {

namespace {

// A mock Phorge: Conduit below /api for whoever has the token, and the pages of tasks for anybody.

constexpr status_word statuses[]{
    {"open", true, false},
    {"progress", true, false},
    {"stalled", true, false},
    {"duplicate", false, true},
    {"resolved", false, false},
    {"wontfix", false, false},
    {"invalid", false, false},
    {"spite", false, false},
};
constexpr std::string_view priorities[]{"Unbreak Now!", "Needs Triage", "High", "Normal", "Low", "Wishlist"};
constexpr std::array<int, 6> priority_values{100, 90, 80, 50, 25, 0};
constexpr std::string_view merge_mark = "PHID-TASK-";
constexpr std::size_t largest_page = 100;

std::string phid_of(int id)
{
    return fmt::format("{}{:020}", merge_mark, id);
}

// constraints[ids][0], constraints[ids][1], …
std::vector<std::string_view> all_of(form const& fields, std::string_view name)
{
    std::vector<std::string_view> out;
    for (auto const& [key, value] : fields)
        if (key.starts_with(name) && key.size() > name.size() && key[name.size()] == '[')
            out.emplace_back(value);
    return out;
}

std::string task_json(bug const& b)
{
    auto const& now = b.now();
    std::string out = fmt::format(
        R"({{"id":{},"type":"TASK","phid":"{}","fields":{{"name":)", b.id, phid_of(b.id));
    append_json(out, b.title);
    auto const at = rank(priorities, now.priority);
    fmt::format_to(
        std::back_inserter(out),
        R"(,"description":{{"raw":"It broke."}},"ownerPHID":null,"status":{{"value":"{}","name":"{}",)"
        R"("color":null}},"priority":{{"value":{},"name":"{}","color":"orange"}},"subtype":"default",)"
        R"("dateCreated":{},"dateModified":{}}},"attachments":{{}}}})",
        now.status,
        now.status,
        at < priority_values.size() ? priority_values[at] : 1,
        now.priority,
        b.created,
        now.since);
    return out;
}

class phorge_site final : public site {
public:
    explicit phorge_site(site_ground ground) : ground_{std::move(ground)} {}

    answer answer_to(request const& rq) override
    {
        std::string_view const path = rq.path;
        return path.starts_with("/api/") ? conduit(path.substr(5), parse_form(rq.body)) : page(path);
    }

private:
    answer reply(unsigned status, std::string_view type, std::string body) const
    {
        answer a{.status = status, .frame = answer::framing::length};
        a.headers = {
            {"Date", http_time(ground_.now())},
            {"Server", "Apache"},
            {"X-Frame-Options", "Deny"},
            {"Content-Type", std::string{type}},
            {std::string{framing_mark}, ""}};
        a.body = std::move(body);
        return a;
    }

    answer result(std::string_view json) const
    {
        return reply(
            200,
            "application/json",
            fmt::format(R"({{"result":{},"error_code":null,"error_info":null}})", json));
    }

    answer refuse(std::string_view code, std::string_view info) const
    {
        std::string text;
        append_json(text, info);
        return reply(
            200,
            "application/json",
            fmt::format(R"({{"result":null,"error_code":"{}","error_info":{}}})", code, text));
    }

    answer conduit(std::string_view method, form const& fields)
    {
        auto const token = field(fields, "api.token");
        if (!token)
            return refuse("ERR-INVALID-SESSION", "Session key is not present.");
        if (*token != good_key)
            return refuse("ERR-INVALID-AUTH", "API token is not valid.");
        if (method == "user.whoami")
            return result(
                fmt::format(R"({{"phid":"PHID-USER-1","userName":"{}","realName":"Watcher"}})", "watcher"));
        if (method == "maniphest.search")
            return search(fields);
        if (method == "maniphest.gettasktransactions")
            return transactions(all_of(fields, "ids"));
        return refuse("ERR-CONDUIT-CALL", fmt::format("Conduit API method \"{}\" does not exist.", method));
    }

    answer search(form const& fields)
    {
        auto const limit = read_id(field(fields, "limit").value_or("100")).value_or(0);
        if (limit < 1 || limit > static_cast<std::int64_t>(largest_page))
            return refuse("ERR-CONDUIT-CORE", "Maximum page size for Conduit API method calls is 100.");
        auto const since_text = field(fields, "constraints[modifiedStart]");
        auto const since = read_id(since_text.value_or("")).value_or(0);
        if (since_text && since == 0)
            return refuse("ERR-CONDUIT-CORE", "Epoch 0 is not a date.");
        auto const after = read_id(field(fields, "after").value_or("0")).value_or(0);
        auto const ids = all_of(fields, "constraints[ids]");
        auto const phids = all_of(fields, "constraints[phids]");
        for (auto const id : ids)
            ground_.bugs.record_asked(read_id(id).value_or(0));
        std::string rows;
        std::vector<told> tells;
        std::string cursor = "null";
        for (auto const& b : ground_.bugs.all()) {
            bool const wanted = (ids.empty() || std::ranges::find(ids, std::to_string(b.id)) != ids.end())
                                && (phids.empty() || std::ranges::find(phids, phid_of(b.id)) != phids.end());
            if (!wanted || b.hidden || b.now().since < since || b.id <= after)
                continue;
            if (tells.size() == static_cast<std::size_t>(limit)) {
                cursor = fmt::format("\"{}\"", tells.back().id);
                break;
            }
            rows += (rows.empty() ? "" : ",") + task_json(b);
            tells.push_back({b.id, b.version()});
        }
        auto a = result(fmt::format(
            R"({{"data":[{}],"maps":{{}},"query":{{"queryKey":null}},"cursor":{{"limit":{},"after":{},)"
            R"("before":null,"order":null}}}})",
            rows,
            limit,
            cursor));
        a.tells = std::move(tells);
        return a;
    }

    answer transactions(std::vector<std::string_view> const& ids) const
    {
        std::string out;
        for (auto const id : ids) {
            auto const* b = ground_.bugs.find(read_id(id).value_or(0));
            if (b == nullptr || b->hidden)
                continue;
            out += out.empty() ? "" : ",";
            fmt::format_to(
                std::back_inserter(out), R"("{0}":[{{"taskID":"{0}","transactionType":"title"}})", b->id);
            if (b->now().duplicate_of != 0)
                fmt::format_to(
                    std::back_inserter(out),
                    R"(,{{"taskID":"{}","transactionType":"mergedinto","oldValue":null,"newValue":"{}"}})",
                    b->id,
                    phid_of(b->now().duplicate_of));
            out += "]";
        }
        return result("{" + out + "}");
    }

    // What an anonymous visitor may not see is a form for logging in.
    answer page(std::string_view path)
    {
        auto const id = path.starts_with("/T") ? read_id(path.substr(2)) : std::nullopt;
        ground_.bugs.record_asked(id.value_or(0));
        auto const* b = ground_.bugs.find(id.value_or(0));
        if (b == nullptr)
            return html(404, "404 Not Found", "");
        if (b->hidden)
            return html(200, "Login", "<form><input type=\"password\" name=\"password\"></form>");
        std::string title;
        append_xml(title, b->title);
        return html(200, fmt::format("◉ T{} {}", b->id, title), "");
    }

    answer html(unsigned status, std::string_view title, std::string_view content) const
    {
        return reply(
            status,
            "text/html; charset=UTF-8",
            fmt::format(
                "<!DOCTYPE html><html><head><title>{}</title></head>"
                "<body class=\"phabricator-standard-page\">{}</body></html>",
                title,
                content));
    }

    site_ground ground_;
};

} // namespace

mock_kind phorge_kind() noexcept
{
    return {
        .name = "phorge",
        .make = [](site_ground ground) -> std::unique_ptr<site> {
            return std::make_unique<phorge_site>(std::move(ground));
        },
        .words =
            [](tracker_options const&) noexcept {
                return vocabulary{statuses, {}, "duplicate", priorities, {}};
            }};
}

} // namespace checkwatches::mock
