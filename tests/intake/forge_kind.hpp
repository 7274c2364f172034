#pragma once

#include "adapters/registry.hpp"
#include "engine/net/client.hpp"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace checkwatches::test {

// A forge whose bugs are at https://HOST/PROJECT/N; the project "closed" proves to be none of its, and of
// "slow" it cannot be told.
class forge_kind final : public adapters::adapter {
public:
    mutable int probes = 0;

    std::string_view kind() const noexcept override { return "forge"; }
    adapters::kind_features features() const noexcept override { return {}; }
    std::optional<adapters::bug_ref> recognise(web_url const& url) const override
    {
        auto const slash = url.path.rfind('/');
        adapters::bug_ref out{.base = url, .remote_id = url.path.substr(slash + 1)};
        out.base.path.resize(slash);
        out.base.query.clear();
        return out;
    }
    std::optional<std::string> normalise(std::string_view id) const override { return std::string{id}; }
    web_url bug_url(web_url const& base, std::string_view id) const override { return join(base, id); }
    awaitable<result<capabilities>> probe(adapters::remote& at) const override
    {
        ++probes;
        if (at.base().path == "/slow")
            co_return error{.kind = error_kind::timeout};
        if (at.base().path == "/closed")
            co_return error{.kind = error_kind::unsupported, .message = "not a forge"};
        co_return capabilities{.protocol = "fake"};
    }
    awaitable<adapters::findings>
    look(adapters::remote&, capabilities const&, std::span<std::string const>) const override
    {
        co_return adapters::findings{};
    }
    verdict interpret(raw_words const&) const override { return {}; }
};

class no_client final : public net::client {
public:
    awaitable<result<net::response>> send(net::request const&, net::cookie_jar&) override
    {
        co_return error{.kind = error_kind::connect_failed};
    }
};

// A registry of a forge alone; `forge` is set to it.
inline adapters::registry forge_alone(forge_kind const*& forge)
{
    auto one = std::make_unique<forge_kind>();
    forge = one.get();
    std::vector<std::unique_ptr<adapters::adapter const>> all;
    all.push_back(std::move(one));
    return adapters::registry{std::move(all)};
}

} // namespace checkwatches::test
