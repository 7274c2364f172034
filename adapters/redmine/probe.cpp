#include "adapters/redmine/probe.hpp"

#include "adapters/redmine/ask.hpp"
#include "adapters/redmine/issues.hpp"
#include "adapters/trouble.hpp"
#include "adapters/wire/page.hpp"
#include "adapters/wire/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace checkwatches::adapters::redmine {
namespace {

constexpr unsigned unauthorized = 401;
// No issue changes that far ahead.
constexpr utc_time far_ahead = std::chrono::sys_days{std::chrono::year{2100} / 1 / 1};

// What the pages of a Redmine carry, in lower case.
constexpr std::array<std::string_view, 3> redmine_marks{
    "<meta name=\"description\" content=\"redmine\"", "https://www.redmine.org/", "/javascripts/redmine"};

bool wants_api_login(reply const& answer)
{
    return answer.status == unauthorized
           && answer.header("WWW-Authenticate").find("Redmine API") != std::string_view::npos;
}

class prober {
public:
    explicit prober(remote& at) : at_{at}, login_{login_of(at)} {}

    awaitable<result<capabilities>> run()
    {
        if (!login_.empty()) {
            auto const who = co_await at_.ask(get(at_, "users/current.json", login_));
            if (!who)
                co_return who.error();
            auto const user = read_user(*who);
            if (!user)
                co_return co_await refused(*who, user.error());
            identity_ = *user;
        }
        auto const nobody = std::to_string(greatest_id);
        auto const answer = co_await at_.ask(list_request(at_, login_, nobody));
        if (!answer)
            co_return answer.error();
        auto const page = read_page(*answer);
        if (!page)
            co_return co_await refused(*answer, page.error());
        co_return co_await capabilities_of(*page);
    }

private:
    awaitable<result<capabilities>> capabilities_of(issue_page const& page)
    {
        constexpr std::int64_t most_rows = 100; // of one answer; a site may allow less
        capabilities out{
            .protocol = std::string{by_list},
            .batch = static_cast<std::size_t>(std::clamp(page.limit, std::int64_t{1}, most_rows)),
            .importance = true,
            .comments = true,
            .login = std::string{login_},
            .identity = identity_};
        if (!page.issues.empty()) {
            constexpr std::size_t issues = 20;
            out.protocol = singly;
            out.batch = issues;
            out.each = 1;
            co_return out;
        }
        auto const relative = "issues.json?status_id=*&limit=1&updated_on="
                              + percent_encode(">=" + format_time(far_ahead));
        auto const answer = co_await at_.ask(get(at_, relative, login_));
        if (answer) { // where that was prevented, everything is read in full
            auto const changed = read_page(*answer);
            out.changed_since = changed.has_value() && changed->issues.empty() && changed->total == 0;
        }
        co_return out;
    }

    // The API answered, and not with what was asked for.
    awaitable<error> refused(reply answer, error why)
    {
        if (wants_api_login(answer))
            co_return login_error("the API wants a login", why);
        switch (why.kind) {
        case error_kind::auth_failed:
        case error_kind::forbidden:
        case error_kind::not_found:
        case error_kind::gone:
        case error_kind::unparsable: break;
        case error_kind::protocol_error:
            if (answer.status < 500)
                break;
            [[fallthrough]];
        default: co_return tracker_trouble(std::move(why));
        }
        bool const redmine = co_await shows_redmine();
        bool const shut = why.kind == error_kind::auth_failed || why.kind == error_kind::forbidden;
        if (!redmine) {
            // A login page in front of everything hides what is behind it.
            if (answer.status == unauthorized && login_.empty())
                co_return tracker_trouble(std::move(why));
            co_return no_such_kind("Redmine", "its API " + why.message, why.request);
        }
        if (!shut)
            co_return tracker_trouble(std::move(why));
        co_return login_error("the REST API is switched off or not for us", why);
    }

    // "the API wants a login", or that the one it got is of no use.
    error login_error(std::string_view what, error const& why) const
    {
        auto const refusal = login_.empty() ? std::string{what}
                                            : fmt::format("the credential was not accepted, or {}", what);
        return error{
            .kind = error_kind::auth_failed,
            .message = fmt::format("{}: {}", refusal, why.message),
            .request = why.request};
    }

    awaitable<bool> shows_redmine()
    {
        request rq{.url = at_.base()};
        auto const answer = co_await at_.ask(std::move(rq));
        if (!answer)
            co_return false;
        constexpr std::size_t looked_at = 64 * 1024;
        auto const page = lower(std::string_view{answer->body}.substr(0, looked_at));
        co_return std::ranges::any_of(
            redmine_marks, [&](std::string_view mark) { return page.find(mark) != std::string::npos; });
    }

    remote& at_;
    std::string_view login_;
    std::string identity_;
};

} // namespace

awaitable<result<capabilities>> probe(remote& at)
{
    prober p{at};
    co_return co_await p.run();
}

} // namespace checkwatches::adapters::redmine
