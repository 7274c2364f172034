#pragma once

#include "adapters/adapter.hpp"
#include "engine/net/client.hpp"

#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <chrono>
#include <deque>
#include <functional>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

namespace checkwatches::test {

// Answers as scripted; remembers what it was asked.
class scripted_kind final : public adapters::adapter {
public:
    result<capabilities> probed = capabilities{.protocol = "fake", .batch = 10};
    std::deque<error> troubles;            // of the next looks; then none
    std::set<std::string> missing;         // not found, these ids
    std::vector<comment> written;          // about each bug
    std::deque<result<void>> comments_end; // how the next attempts to read them end; then well
    mutable std::vector<std::pair<std::string, std::optional<utc_time>>> comments_read; // bug and since
    sighting as{.words = {.status = "OPEN"}, .title = "t"};
    bool throws = false;             // as an adapter with a defect would
    bool asks = false;               // a request with each look, whose answer is not used
    bool asks_conditionally = false; // for each bug by its id, …
    bool asks_all = false;           // … or for all of them by one address
    std::function<bool()> may_answer = [] { return true; }; // looks wait for it
    mutable int probes = 0;
    mutable std::vector<std::vector<std::string>> looks;
    mutable int under_way = 0;
    mutable int most_under_way = 0;

    std::string_view kind() const noexcept override { return "fake"; }
    adapters::kind_features features() const noexcept override { return {}; }
    std::optional<adapters::bug_ref> recognise(web_url const&) const override { return std::nullopt; }
    std::optional<std::string> normalise(std::string_view id) const override { return std::string{id}; }
    web_url bug_url(web_url const& base, std::string_view) const override { return base; }

    awaitable<result<capabilities>> probe(adapters::remote&) const override
    {
        ++probes;
        co_return probed;
    }

    awaitable<adapters::findings>
    look(adapters::remote& at, capabilities const&, std::span<std::string const> ids) const override
    {
        if (throws)
            throw std::logic_error{"a defect"};
        if (asks) {
            adapters::request question{.method = "GET", .url = at.base()};
            co_await at.ask(std::move(question));
        }
        looks.emplace_back(ids.begin(), ids.end());
        auto const number = looks.size() - 1;
        most_under_way = std::max(most_under_way, ++under_way);
        asio::steady_timer pause{co_await asio::this_coro::executor};
        do { // once in any case, so that lanes overlap
            pause.expires_after(std::chrono::milliseconds{1});
            co_await pause.async_wait(use_awaitable);
        } while (!may_answer());
        --under_way;

        adapters::findings out;
        if (number < troubles.size())
            out.trouble = troubles[number];
        else
            for (auto const& id : ids)
                out.found.push_back(find(id));
        co_return out;
    }

    std::vector<adapters::question> conditional_questions(
        adapters::remote const&, capabilities const&, std::span<std::string const> ids) const override
    {
        std::vector<adapters::question> out;
        for (auto const& id : ids)
            if (asks_conditionally)
                out.push_back({.url = asks_all ? "all" : id, .ids = {id}});
        return out;
    }

    adapters::finding find(std::string const& id) const
    {
        if (missing.contains(id))
            return {.remote_id = id, .what = adapters::absence{.why = outcome::not_found, .detail = "gone"}};
        return {.remote_id = id, .what = as};
    }

    awaitable<result<std::vector<comment>>> read_comments(
        adapters::remote&,
        capabilities const&,
        std::string const& remote_id,
        std::optional<utc_time> since) const override
    {
        auto const number = comments_read.size();
        comments_read.emplace_back(remote_id, since);
        if (number < comments_end.size() && !comments_end[number])
            co_return comments_end[number].error();
        std::vector<comment> out;
        for (auto const& one : written)
            if (!since || !one.at || *one.at >= *since)
                out.push_back(one);
        co_return out;
    }

    verdict interpret(raw_words const&) const override
    {
        return {.state = status::new_, .weight = importance::medium};
    }
};

class no_client final : public net::client {
public:
    awaitable<result<net::response>> send(net::request const&, net::cookie_jar&) override
    {
        co_return error{.kind = error_kind::connect_failed};
    }
};

} // namespace checkwatches::test
