#include "adapters/gitlab/probe.hpp"

#include "adapters/gitlab/rest.hpp"
#include "adapters/gitlab/supplement.hpp"
#include "adapters/trouble.hpp"
#include "adapters/wire/text.hpp"

#include <fmt/format.h>

#include <array>

namespace checkwatches::adapters::gitlab {
namespace {

constexpr std::size_t largest_batch = 100;

class prober {
public:
    explicit prober(remote& at) : at_{at} {}

    awaitable<result<capabilities>> run()
    {
        for (auto const& prefix : possible_prefixes(at_)) {
            where_ = place_of(at_, prefix);
            if (where_.project.empty())
                co_return unsupported("names no project of a GitLab");
            auto const found = co_await find_project();
            if (!found)
                co_return found.error();
            if (!*found)
                continue;
            if (!has_issues_)
                co_return unsupported("is a project of a GitLab without issues");
            how_.prefix = prefix;
            co_return co_await describe();
        }
        co_return unsupported("answers, and not as a project of a GitLab");
    }

private:
    error unsupported(std::string_view what) const
    {
        return error{
            .kind = error_kind::unsupported, .message = fmt::format("{} {}", redacted(at_.base()), what)};
    }

    // True where the project is here; an error is one that ends the probe.
    awaitable<result<bool>> find_project()
    {
        if (!at_.has_credential())
            co_return co_await ask_project("");
        // A token of one kind is refused in the place of the other.
        auto const as_token = co_await ask_project("token");
        bool const refused = !as_token && as_token.error().kind == error_kind::auth_failed && is_refused_;
        if (!refused)
            co_return as_token;
        co_return co_await ask_project("bearer");
    }

    awaitable<result<bool>> ask_project(std::string_view way)
    {
        way_ = way;
        auto const answer = co_await at_.ask(get(where_.of_project(""), way));
        if (!answer)
            co_return answer.error();
        auto const in = read_json(*answer);
        if (!in)
            co_return weigh(in.error(), *answer);
        auto const project = in->object();
        if (!project)
            co_return false;
        auto const path = path_name(wire::text_member(*project, "path_with_namespace"));
        if (!path || !wire::integer_member(*project, "id"))
            co_return false;
        where_.project = *path; // GraphQL does not know the old name of a renamed one
        has_issues_ = wire::flag_member(*project, "issues_enabled").value_or(true);
        co_return true;
    }

    // What an answer says that is no project: that there is no GitLab's API here, or why it cannot be told.
    result<bool> weigh(error e, reply const& answer)
    {
        is_refused_ = answer.status == 401;
        if (is_missing_project(answer))
            return error{
                .kind = error_kind::auth_failed,
                .message = fmt::format(
                    "GitLab knows no project {}: it is missing, or private", where_.project),
                .request = answer.request};
        bool const cannot_tell = answer.status == 401 || answer.status == 403 || answer.status >= 500
                                 || e.kind == error_kind::bot_wall || e.kind == error_kind::maintenance
                                 || e.kind == error_kind::rate_limited;
        if (cannot_tell)
            return tracker_trouble(std::move(e));
        return false;
    }

    awaitable<result<capabilities>> describe()
    {
        capabilities can{.batch = largest_batch, .changed_since = true, .importance = true, .login = way_};
        if (!way_.empty()) {
            auto who = co_await ask_text("user", "username");
            if (!who)
                co_return who.error();
            if (who->empty())
                co_return error{
                    .kind = error_kind::auth_failed,
                    .message = "GitLab does not say whose token this is (it needs the scope read_api)"};
            can.identity = std::move(*who);
            can.comments = true;
            auto version = co_await ask_text("version", "version");
            if (!version)
                co_return version.error();
            can.version = std::move(*version);
        }
        if (auto trouble = co_await ask_graphql())
            co_return std::move(*trouble);
        constexpr double hundredth = 0.01; // one request for each batch
        can.each = how_.more == supplement::none ? 0 : hundredth;
        can.protocol = how_.text();
        co_return can;
    }

    // A member of the object that the API answers here; empty where it answers something else.
    awaitable<result<std::string>> ask_text(std::string_view relative, std::string_view key)
    {
        auto const answer = co_await at_.ask(get(join(where_.rest, relative), way_));
        if (!answer)
            co_return answer.error();
        auto const in = read_json(*answer);
        auto const root = in ? in->object() : std::nullopt;
        co_return root ? wire::text_member(*root, key) : std::string{};
    }

    // The most that GraphQL tells here. An error where it was not answered.
    awaitable<std::optional<error>> ask_graphql()
    {
        std::vector<std::string> const some{"1"};
        for (auto const more : {supplement::status, supplement::links}) {
            auto const told = co_await ask_supplement(at_, where_, more, way_, some);
            if (told) {
                how_.more = more;
                co_return std::nullopt;
            }
            auto const why = to_outcome(told.error().kind);
            bool const is_answer = told.error().kind == error_kind::protocol_error
                                   || told.error().kind == error_kind::bot_wall
                                   || told.error().kind == error_kind::auth_failed || !why
                                   || !is_tracker_failure(*why);
            if (!is_answer || told.error().kind == error_kind::not_answered)
                co_return tracker_trouble(told.error());
        }
        co_return std::nullopt;
    }

    remote& at_;
    place where_;
    protocol how_;
    std::string way_;
    bool is_refused_ = false;
    bool has_issues_ = true;
};

} // namespace

awaitable<result<capabilities>> probe(remote& at)
{
    prober p{at};
    co_return co_await p.run();
}

} // namespace checkwatches::adapters::gitlab
