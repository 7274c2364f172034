// Bugzilla, from 2.10 to 5.2, with bugzilla.mozilla.org, Red Hat's, KDE's and IssueZilla. How each of its
// languages is spoken stands in adapters/bugzilla/.

#include "adapters/bugzilla.hpp"

#include "adapters/bugzilla/comments.hpp"
#include "adapters/bugzilla/probe.hpp"
#include "adapters/bugzilla/survey.hpp"
#include "adapters/bugzilla/words.hpp"
#include "adapters/wire/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace checkwatches::adapters {
namespace {

std::string normal_or_as_written(std::string_view id)
{
    return bugzilla::normal_id(id).value_or(std::string{id});
}

// https://host/bugzilla/show_bug.cgi?id=42; IssueZilla's id is called issue.
std::optional<bug_ref> recognise_page(web_url const& url)
{
    constexpr std::string_view page = "/show_bug.cgi";
    if (!url.path.ends_with(page))
        return std::nullopt;
    auto id = url.parameter("id");
    if (!id)
        id = url.parameter("issue");
    if (!id || wire::trimmed(*id).empty())
        return std::nullopt;
    web_url base = url;
    base.path.resize(base.path.size() - page.size() + 1);
    base.query.clear();
    return bug_ref{.base = std::move(base), .remote_id = normal_or_as_written(*id)};
}

// https://bugzilla.example.org/42, Mozilla's https://bugzil.la/42, and the same of those who do not call
// theirs so.
std::optional<bug_ref> recognise_short(web_url const& url)
{
    constexpr std::array<std::string_view, 2> others{"bugs.gentoo.org", "bugs.kde.org"};
    bool const mozilla = url.host == "bugzil.la";
    bool const is_short = mozilla || url.host.starts_with("bugzilla.")
                          || std::ranges::find(others, url.host) != others.end();
    auto const id = std::string_view{url.path}.substr(1);
    if (!is_short || !wire::is_number(id))
        return std::nullopt;
    web_url base = url;
    base.path = "/";
    base.query.clear();
    if (mozilla)
        base = web_url{.scheme = "https", .host = "bugzilla.mozilla.org", .port = 443};
    return bug_ref{.base = std::move(base), .remote_id = normal_or_as_written(id)};
}

class bugzilla_adapter final : public adapter {
public:
    std::string_view kind() const noexcept override { return "bugzilla"; }

    kind_features features() const noexcept override
    {
        return {
            .addresses = "https://HOST/show_bug.cgi?id=N",
            .batch = 500,
            .changed_since = true,
            .importance = true,
            .comments = true,
            .login = "API key, or name and password"};
    }

    std::optional<bug_ref> recognise(web_url const& url) const override
    {
        auto found = recognise_page(url);
        return found ? found : recognise_short(url);
    }

    std::optional<std::string> normalise(std::string_view remote_id) const override
    {
        return bugzilla::normal_id(remote_id);
    }

    web_url bug_url(web_url const& base, std::string_view remote_id) const override
    {
        return join(base, "show_bug.cgi?id=" + percent_encode(remote_id));
    }

    awaitable<result<capabilities>> probe(remote& at) const override { return bugzilla::probe(at); }

    awaitable<findings>
    look(remote& at, capabilities const& can, std::span<std::string const> ids) const override
    {
        return survey(at, can, ids, std::nullopt);
    }

    awaitable<findings> look_changed(
        remote& at, capabilities const& can, std::span<std::string const> ids, utc_time since) const override
    {
        // One second of precision, and replicas that lag behind (Mozilla's advice).
        constexpr auto overlap = std::chrono::minutes{5};
        return survey(at, can, ids, since - overlap);
    }

    std::vector<question> conditional_questions(
        remote const& at, capabilities const& can, std::span<std::string const> ids) const override
    {
        auto const* const how = bugzilla::find_protocol(can.protocol);
        if (how == nullptr)
            return {};
        return bugzilla::questions(bugzilla::place_of(at, can), *how, ids);
    }

    awaitable<result<std::vector<comment>>> read_comments(
        remote& at,
        capabilities const& can,
        std::string const& remote_id,
        std::optional<utc_time> since) const override
    {
        return bugzilla::read_comments(at, bugzilla::place_of(at, can), remote_id, since);
    }

    verdict interpret(raw_words const& words) const override { return bugzilla::interpret(words); }

private:
    static awaitable<findings> survey(
        remote& at, capabilities const& can, std::span<std::string const> ids, std::optional<utc_time> since)
    {
        auto const* const how = bugzilla::find_protocol(can.protocol);
        if (how == nullptr)
            return give_up(can);
        if (!how->tells_changes(can))
            since.reset();
        return bugzilla::survey(at, bugzilla::place_of(at, can), *how, ids, since);
    }

    static awaitable<findings> give_up(capabilities const& can)
    {
        co_return findings{
            .trouble = error{
                .kind = error_kind::unsupported,
                .message = fmt::format("no Bugzilla is asked by \"{}\"", can.protocol)}};
    }
};

} // namespace

std::unique_ptr<adapter const> make_bugzilla()
{
    return std::make_unique<bugzilla_adapter>();
}

} // namespace checkwatches::adapters
