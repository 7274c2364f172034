#include "adapters/jira/probe.hpp"

#include "adapters/jira/ask.hpp"
#include "adapters/trouble.hpp"
#include "engine/core/ascii.hpp"

#include <fmt/format.h>

namespace checkwatches::adapters::jira {
namespace {

constexpr unsigned ok = 200;
// No issue changes that far ahead.
constexpr utc_time far_ahead = std::chrono::sys_days{std::chrono::year{2100} / 1 / 1};

class prober {
public:
    explicit prober(remote& at) : at_{at}, login_{login_of(at)} {}

    awaitable<result<capabilities>> run()
    {
        auto wrong = co_await ask_what_it_is();
        if (!wrong && !login_.empty())
            wrong = co_await ask_who_we_are();
        if (!wrong)
            wrong = co_await find_way();
        if (wrong)
            co_return std::move(*wrong);
        co_return std::move(found_);
    }

private:
    awaitable<std::optional<error>> ask_what_it_is()
    {
        auto const answer = co_await at_.ask(get(at_, "rest/api/2/serverInfo", login_));
        if (!answer)
            co_return answer.error();
        auto const in = read_document(*answer, login_);
        if (!in)
            co_return not_told(in.error(), answer->status);
        auto const numbers = wire::array_member(in->root, "versionNumbers");
        auto const address = wire::text_member(in->root, "baseUrl");
        if (answer->status != ok || !numbers || address.empty())
            co_return no_such_kind("Jira", "serverInfo answers with something else", answer->request);
        found_ = capabilities{
            .version = wire::text_member(in->root, "version"),
            .importance = true,
            .comments = true,
            .login = std::string{login_}};
        is_cloud_ = same_word(wire::text_member(in->root, "deploymentType"), "cloud");
        co_return std::nullopt;
    }

    awaitable<std::optional<error>> ask_who_we_are()
    {
        auto const answer = co_await at_.ask(get(at_, "rest/api/2/myself", login_));
        if (!answer)
            co_return answer.error();
        auto const in = read_document(*answer, login_);
        if (!in)
            co_return tracker_trouble(in.error());
        for (auto const key : {"name", "emailAddress", "displayName", "accountId"})
            if (found_.identity.empty())
                found_.identity = wire::text_member(in->root, key);
        if (answer->status == ok && !found_.identity.empty())
            co_return std::nullopt;
        co_return error{
            .kind = error_kind::auth_failed,
            .message = "the login was not accepted: Jira does not say who we are",
            .request = answer->request};
    }

    // The first way that works; an error only where an answer was prevented.
    awaitable<std::optional<error>> find_way()
    {
        constexpr std::size_t keys_of_search = 200;
        constexpr std::size_t keys_of_cloud = 100;
        constexpr std::size_t keys_alone = 20;
        auto const later = fmt::format("updated >= {} ORDER BY key", far_ahead.time_since_epoch().count());
        bool works = false;
        if (!is_cloud_) {
            auto const body = fmt::format(
                R"({{"jql":"{}","startAt":0,"maxResults":1,"fields":["status"]}})", later);
            works = co_await try_way("rest/api/2/search", body, by_search, keys_of_search);
        }
        if (!works && !failed_)
            works = co_await try_way(
                "rest/api/3/issue/bulkfetch",
                R"({"issueIdsOrKeys":["CHECKWATCHES-1"],"fields":["status"]})",
                by_bulk_fetch,
                keys_of_cloud);
        // Cloud's search tells what changed, whatever the way to read all.
        bool const cloud = is_cloud_ || (works && found_.protocol == by_bulk_fetch);
        if (cloud && !failed_) {
            auto const body = fmt::format(R"({{"jql":"{}","maxResults":1,"fields":["status"]}})", later);
            auto const protocol = works ? by_bulk_fetch : by_cloud_search;
            bool const tells = co_await try_way("rest/api/3/search/jql", body, protocol, keys_of_cloud);
            works = works || tells;
        }
        if (failed_)
            co_return std::move(failed_);
        if (!works) {
            found_.protocol = singly;
            found_.batch = keys_alone;
            found_.each = 1;
        }
        co_return std::nullopt;
    }

    // Asks, and takes the way where it is answered with a list of issues.
    awaitable<bool>
    try_way(std::string_view path, std::string body, std::string_view protocol, std::size_t keys)
    {
        auto const answer = co_await at_.ask(post(at_, path, std::move(body), login_));
        if (!answer) {
            failed_ = answer.error();
            co_return false;
        }
        auto const in = read_document(*answer, login_);
        if (!in) {
            note_refusal(in.error(), answer->status);
            co_return false;
        }
        auto const issues = wire::array_member(in->root, "issues");
        // A query that is not understood does not close the way.
        bool const works = issues.has_value() || (answer->status != ok && !in->complaints.empty());
        if (!works)
            co_return false;
        found_.protocol = protocol;
        found_.batch = keys;
        found_.changed_since = issues.has_value() && issues->size() == 0 && !path.ends_with("bulkfetch");
        co_return true;
    }

    void note_refusal(error why, unsigned http_status)
    {
        switch (why.kind) {
        case error_kind::not_found:
        case error_kind::gone:
        case error_kind::forbidden:
        case error_kind::unparsable: return; // another way may be open
        case error_kind::protocol_error:
            if (http_status < 500)
                return;
            break;
        default: break;
        }
        failed_ = tracker_trouble(std::move(why));
    }

    // What an answer to the first question says that tells nothing of a server.
    static error not_told(error why, unsigned http_status)
    {
        if (!is_strange(why.kind, http_status))
            return tracker_trouble(std::move(why));
        return no_such_kind("Jira", why.message, why.request);
    }

    remote& at_;
    std::string_view login_;
    bool is_cloud_ = false;
    capabilities found_;
    std::optional<error> failed_;
};

} // namespace

awaitable<result<capabilities>> probe(remote& at)
{
    prober p{at};
    co_return co_await p.run();
}

} // namespace checkwatches::adapters::jira
