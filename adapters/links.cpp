#include "adapters/links.hpp"

#include "adapters/wire/text.hpp"

#include <algorithm>
#include <array>

namespace checkwatches::adapters {
namespace {

error nobody()
{
    return error{.kind = error_kind::unsupported, .message = "bugs of this kind are links: nobody is asked"};
}

// What all of them have in common: there is nobody to ask.
class link_kind : public adapter {
public:
    awaitable<result<capabilities>> probe(remote& /*at*/) const override { co_return nobody(); }

    awaitable<findings>
    look(remote& /*at*/, capabilities const& /*can*/, std::span<std::string const> /*ids*/) const override
    {
        co_return findings{.trouble = nobody()};
    }

    verdict interpret(raw_words const& /*words*/) const override { return {}; }
};

class email_kind final : public link_kind {
public:
    std::string_view kind() const noexcept override { return "email"; }
    kind_features features() const noexcept override
    {
        return {.addresses = "mailto:NAME@HOST", .polled = false};
    }

    std::optional<bug_ref> recognise(web_url const& url) const override
    {
        if (url.scheme != "mailto")
            return std::nullopt;
        return bug_ref{.base = {.scheme = "mailto", .path = ""}, .remote_id = url.path};
    }

    std::optional<std::string> normalise(std::string_view id) const override
    {
        auto const at = id.find('@');
        bool const whole = at != 0 && at != std::string_view::npos && at + 1 != id.size();
        return whole ? std::optional{std::string{id}} : std::nullopt;
    }

    web_url bug_url(web_url const& /*base*/, std::string_view id) const override
    {
        return {.scheme = "mailto", .path = std::string{id}};
    }
};

class google_code_kind final : public link_kind {
public:
    std::string_view kind() const noexcept override { return "googlecode"; }
    kind_features features() const noexcept override
    {
        return {.addresses = "https://code.google.com/p/PROJECT/issues/detail?id=N", .polled = false};
    }

    std::optional<bug_ref> recognise(web_url const& url) const override
    {
        constexpr std::string_view tail = "detail";
        auto const id = url.parameter("id");
        if (url.host != "code.google.com" || !url.path.starts_with("/p/")
            || !url.path.ends_with("/issues/detail") || !id)
            return std::nullopt;
        bug_ref out{.base = url, .remote_id = normalise(*id).value_or(*id)};
        out.base.path.resize(out.base.path.size() - tail.size());
        out.base.query.clear();
        return out;
    }

    std::optional<std::string> normalise(std::string_view id) const override { return wire::numeric_id(id); }

    web_url bug_url(web_url const& base, std::string_view id) const override
    {
        return join(base, "detail?id=" + percent_encode(id));
    }
};

class php_kind final : public link_kind {
public:
    std::string_view kind() const noexcept override { return "php"; }
    kind_features features() const noexcept override
    {
        return {.addresses = "https://bugs.php.net/bug.php?id=N", .polled = false};
    }

    std::optional<bug_ref> recognise(web_url const& url) const override
    {
        auto const id = url.parameter("id");
        if (!url.host.ends_with(".php.net") || url.path != "/bug.php" || !id)
            return std::nullopt;
        bug_ref out{.base = url, .remote_id = normalise(*id).value_or(*id)};
        out.base.path = "/";
        out.base.query.clear();
        return out;
    }

    std::optional<std::string> normalise(std::string_view id) const override { return wire::numeric_id(id); }

    web_url bug_url(web_url const& base, std::string_view id) const override
    {
        return join(base, "bug.php?id=" + percent_encode(id));
    }
};

// Addresses from before Allura: they lead to the ticket that a bug became, and do not say which.
class sourceforge_kind final : public link_kind {
public:
    std::string_view kind() const noexcept override { return "sourceforge"; }
    kind_features features() const noexcept override
    {
        return {.addresses = "https://sourceforge.net/support/tracker.php?aid=N", .polled = false};
    }

    std::optional<bug_ref> recognise(web_url const& url) const override
    {
        constexpr std::array<std::string_view, 7> pages{
            "/support/tracker.php",
            "/tracker",
            "/tracker/",
            "/tracker/index.php",
            "/tracker2",
            "/tracker2/",
            "/tracker2/index.php"};
        auto const id = url.parameter("aid");
        bool const is_its = url.host == "sourceforge.net" || url.host.ends_with(".sourceforge.net")
                            || url.host == "sf.net" || url.host.ends_with(".sf.net");
        if (!is_its || !id || std::ranges::find(pages, url.path) == pages.end())
            return std::nullopt;
        return bug_ref{
            .base = {.scheme = "https", .host = "sourceforge.net", .port = 443},
            .remote_id = normalise(*id).value_or(*id)};
    }

    std::optional<std::string> normalise(std::string_view id) const override { return wire::numeric_id(id); }

    web_url bug_url(web_url const& base, std::string_view id) const override
    {
        return join(base, "support/tracker.php?aid=" + percent_encode(id));
    }
};

} // namespace

std::unique_ptr<adapter const> make_email()
{
    return std::make_unique<email_kind>();
}

std::unique_ptr<adapter const> make_google_code()
{
    return std::make_unique<google_code_kind>();
}

std::unique_ptr<adapter const> make_php()
{
    return std::make_unique<php_kind>();
}

std::unique_ptr<adapter const> make_sourceforge()
{
    return std::make_unique<sourceforge_kind>();
}

} // namespace checkwatches::adapters
