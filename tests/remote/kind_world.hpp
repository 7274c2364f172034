#pragma once

#include "adapters/registry.hpp"
#include "bench/mock/farm_thread.hpp"
#include "engine/net/http_client.hpp"
#include "engine/remote/look_remote.hpp"
#include "tests/support/found.hpp"
#include "tests/support/print.hpp"
#include "tests/support/run.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <string>
#include <vector>

namespace checkwatches::test {

// A mock tracker, the adapter that its kind names, and a way between them over real sockets. `path`: below
// the mock's address, of a project on it.
struct kind_world {
    explicit kind_world(
        std::string const& spec, std::optional<credential> login = {}, std::string const& path = {})
        : at{mocks.add(spec + ",name=it")},
          kind{*kinds.find(spec.substr(5, spec.find(',') - 5))},
          client{loop.get_executor(), {}},
          bound{client, binding(std::move(login), path)}
    {}

    result<capabilities> probe() { return run(loop, kind.probe(bound)); }
    result<std::vector<comment>> comments(std::string const& id, std::optional<utc_time> since = {})
    {
        return run(loop, kind.read_comments(bound, can, id, since));
    }
    adapters::findings look(std::vector<std::string> const& ids, std::vector<validator> known = {})
    {
        look_remote over{bound, time, std::move(known)};
        auto found = run(loop, kind.look(over, can, ids));
        server_time = over.server_time().value_or(utc_time{});
        validators = over.validators();
        return found;
    }
    adapters::findings look_changed(std::vector<std::string> const& ids, utc_time since)
    {
        look_remote over{bound, time, {}};
        auto found = run(loop, kind.look_changed(over, can, ids, since));
        server_time = over.server_time().value_or(utc_time{});
        return found;
    }

    mock::farm_thread mocks;
    mock::address at;
    adapters::registry kinds;
    adapters::adapter const& kind;
    asio::io_context loop{1};
    net::http_client client;
    bound_remote bound;
    capabilities can{};
    machine_clock time;
    utc_time server_time{};              // of the last look
    std::vector<validator> validators{}; // of the last look

private:
    remote_binding binding(std::optional<credential> login, std::string const& path) const
    {
        auto const api = at.api.empty() ? std::nullopt : std::optional{at.api};
        auto to = bind_to(at.url + path, api, {}).value();
        if (login)
            login->origin = to.api ? to.api->origin() : to.base.origin();
        to.login = std::move(login);
        return to;
    }
};

// A token, or with a name a password.
inline credential login_of(std::string_view value, std::string_view user = {})
{
    return {.user = std::string{user}, .value = secret{std::string{value}}};
}

// "1" to "count", and what a look at them with others came to: how many ended how.
inline std::vector<std::string> ids_up_to(int count, std::vector<std::string> more = {})
{
    std::vector<std::string> out;
    for (int i = 1; i <= count; ++i)
        out.push_back(std::to_string(i));
    out.insert(out.end(), more.begin(), more.end());
    return out;
}

inline std::map<outcome, std::size_t> tally(adapters::findings const& all)
{
    std::map<outcome, std::size_t> out;
    for (auto const& f : all.found)
        ++out[*ended(all, f.remote_id)];
    return out;
}

// How many of these have a status or an importance that the kind does not know.
inline std::size_t unmapped(adapters::adapter const& kind, adapters::findings const& all)
{
    std::size_t out = 0;
    for (auto const& f : all.found)
        if (auto const* const one = std::get_if<sighting>(&f.what))
            out += kind.interpret(one->words).unmapped.size();
    return out;
}

} // namespace checkwatches::test
