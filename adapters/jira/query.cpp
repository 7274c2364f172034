#include "adapters/jira/issues.hpp"
#include "adapters/jira/keys.hpp"
#include "adapters/jira/look.hpp"
#include "adapters/trouble.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace checkwatches::adapters::jira {
namespace {

constexpr unsigned bad_request = 400;
constexpr std::size_t most_pages = 20; // of one query; those of Cloud may be short, and even empty

using keys = std::vector<std::string>;

std::string quoted_list(std::span<std::string const> of)
{
    return fmt::format("\"{}\"", fmt::join(of, "\",\""));
}

// Jira's own word for the next page, as a JSON string.
std::string json_string(std::string_view text)
{
    std::string out = "\"";
    for (char const c : text) {
        if (c == '"' || c == '\\')
            out += '\\';
        out += c;
    }
    return out + '"';
}

// The keys among these that the refusal names.
keys named_in(std::vector<std::string> const& complaints, keys const& asked)
{
    keys named;
    for (auto const& complaint : complaints) {
        std::size_t at = 0;
        while ((at = complaint.find('\'', at)) != std::string::npos) {
            auto const end = complaint.find('\'', ++at);
            auto const key = normal_key(std::string_view{complaint}.substr(at, end - at));
            if (key && std::ranges::find(asked, *key) != asked.end()
                && std::ranges::find(named, *key) == named.end())
                named.push_back(*key);
        }
    }
    return named;
}

class questioner {
public:
    questioner(
        remote& at,
        std::string_view protocol,
        std::string_view login,
        ledger& book,
        std::optional<utc_time> since)
        : at_{at},
          protocol_{protocol},
          login_{login},
          book_{book},
          since_{since}
    {}

    awaitable<ending> run()
    {
        std::vector<keys> waiting{book_.open()};
        while (!waiting.empty() && queries_ < most_queries) {
            auto const list = std::move(waiting.back());
            waiting.pop_back();
            if (list.empty())
                continue;
            auto const refused = co_await ask_for(list);
            if (end_ != ending::asked)
                co_return end_;
            if (refused)
                put_back(waiting, list, *refused);
        }
        co_return end_;
    }

private:
    // Reads all pages of the query for these keys. The refusal where it was answered 400.
    awaitable<std::optional<std::vector<std::string>>> ask_for(keys const& list)
    {
        auto const strangers = book_.strangers();
        place next;
        for (std::size_t page = 0; page != most_pages; ++page) {
            ++queries_;
            auto const answer = co_await at_.ask(request_for(list, next));
            if (!answer) {
                fail(answer.error());
                co_return std::nullopt;
            }
            auto const in = read_document(*answer, login_);
            if (!in) {
                fail(in.error());
                co_return std::nullopt;
            }
            if (answer->status == bad_request)
                co_return in->complaints;
            auto const count = enter_issues(book_, *in);
            if (!count) {
                fail(
                    {.kind = error_kind::protocol_error,
                     .message = "the answer has no list of issues",
                     .request = answer->request});
                co_return std::nullopt;
            }
            if (!advance(next, *in, *count)) {
                // Pages by number may pass an issue over where another one vanishes between them.
                bool const whole = next.ended && (page == 0 || protocol_ == by_cloud_search);
                if (since_ && whole && book_.strangers() == strangers)
                    book_.unmodified(list);
                break;
            }
        }
        co_return std::nullopt;
    }

    // Where the next page begins.
    struct place {
        std::size_t start = 0;
        std::string token{};
        bool ended = false; // the last page was read
    };

    bool advance(place& next, document const& in, std::size_t count) const
    {
        if (protocol_ == by_cloud_search) {
            next.token = wire::text_member(in.root, "nextPageToken");
            next.ended = next.token.empty() || wire::flag_member(in.root, "isLast").value_or(false);
            return !next.ended;
        }
        if (protocol_ == by_bulk_fetch)
            return false;
        next.start += count;
        auto const total = wire::integer_member(in.root, "total");
        next.ended = total && static_cast<std::int64_t>(next.start) >= *total;
        return !next.ended && count != 0;
    }

    request request_for(keys const& list, place const& from) const
    {
        if (protocol_ == by_bulk_fetch)
            return post(
                at_,
                "rest/api/3/issue/bulkfetch",
                fmt::format(R"({{"issueIdsOrKeys":[{}],"fields":[{}]}})", quoted_list(list), field_names),
                login_);
        auto const jql = json_string(jql_for(list, since_));
        if (protocol_ == by_cloud_search) {
            auto body = fmt::format(R"({{"jql":{},"maxResults":100,"fields":[{}])", jql, field_names);
            if (!from.token.empty())
                body += ",\"nextPageToken\":" + json_string(from.token);
            return post(at_, "rest/api/3/search/jql", body + "}", login_);
        }
        return post(
            at_,
            "rest/api/2/search",
            fmt::format(
                R"({{"jql":{},"startAt":{},"maxResults":{},"validateQuery":false,"fields":[{}]}})",
                jql,
                from.start,
                list.size(),
                field_names),
            login_);
    }

    // What is to be asked in the place of a query that was refused. Alone, a key is asked for as an issue.
    static void
    put_back(std::vector<keys>& waiting, keys const& list, std::vector<std::string> const& complaints)
    {
        auto const named = named_in(complaints, list);
        keys rest = list;
        std::erase_if(
            rest, [&](std::string const& key) { return std::ranges::find(named, key) != named.end(); });
        if (!named.empty()) {
            waiting.push_back(std::move(rest));
            return;
        }
        if (list.size() == 1)
            return;
        auto const middle = list.begin() + static_cast<std::ptrdiff_t>(list.size() / 2);
        waiting.emplace_back(middle, list.end());
        waiting.emplace_back(list.begin(), middle);
    }

    void fail(error why)
    {
        end_ = why.kind == error_kind::gone ? ending::removed : ending::trouble;
        if (end_ == ending::trouble)
            book_.trouble(tracker_trouble(std::move(why)));
    }

    remote& at_;
    std::string_view protocol_;
    std::string_view login_;
    ledger& book_;
    std::optional<utc_time> since_;
    ending end_ = ending::asked;
    std::size_t queries_ = 0;
};

} // namespace

std::string jql_for(std::span<std::string const> keys, std::optional<utc_time> since)
{
    auto jql = fmt::format("key in ({})", quoted_list(keys));
    if (since)
        jql += fmt::format(" AND updated >= {}", since->time_since_epoch().count());
    return jql + " ORDER BY key";
}

awaitable<ending> look_by_query(
    remote& at,
    std::string_view protocol,
    std::string_view login,
    ledger& book,
    std::optional<utc_time> since)
{
    questioner q{at, protocol, login, book, since};
    co_return co_await q.run();
}

} // namespace checkwatches::adapters::jira
