#pragma once

#include "adapters/adapter.hpp"

#include <algorithm>
#include <cstddef>
#include <deque>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace checkwatches::test {

// An answer as a tracker sends it.
inline adapters::reply answer(unsigned status, std::string content_type, std::string body)
{
    adapters::reply out;
    out.status = status;
    out.headers.emplace_back("Content-Type", std::move(content_type));
    out.body = std::move(body);
    return out;
}

inline web_url url(std::string_view text)
{
    return parse_url(text).value();
}

// A tracker that answers from a script and records what it was asked. An answer belongs to a method and a
// target ("/path?query"), or is given in order to whatever no such answer fits. A request without an answer
// throws, so that the test fails.
class scripted_remote final : public adapters::remote {
public:
    explicit scripted_remote(std::string_view base) : base_{url(base)} {}

    void set_api(std::string_view address) { api_ = url(address); }
    void set_credential(bool with_user)
    {
        credential_ = true;
        user_ = with_user;
    }

    // Answers this method and target. Given more than once for the same, the answers come in that order and
    // the last one stays. A `target` that ends in "*" stands for everything that starts so.
    void on(std::string method, std::string target, result<adapters::reply> what)
    {
        auto const same = std::ranges::find_if(
            rules_, [&](rule const& r) { return r.method == method && r.target == target; });
        if (same != rules_.end())
            same->answers.push_back(std::move(what));
        else
            rules_.push_back({std::move(method), std::move(target), {std::move(what)}});
    }
    // Answers everything that no rule fits by a function of the request, once next() has run out.
    void serve(std::function<result<adapters::reply>(adapters::request const&)> server)
    {
        server_ = std::move(server);
    }
    // Answers the next request that no rule fits.
    void next(result<adapters::reply> what) { queue_.push_back(std::move(what)); }

    std::vector<adapters::request> const& asked() const noexcept { return asked_; }
    // "GET /path?query" of each request, in order.
    std::vector<std::string> lines() const
    {
        std::vector<std::string> out;
        for (auto const& rq : asked_)
            out.push_back(rq.method + " " + rq.url.target());
        return out;
    }
    // How many requests had a target that starts so.
    std::size_t count(std::string_view target_start) const
    {
        return static_cast<std::size_t>(std::ranges::count_if(
            asked_, [&](adapters::request const& rq) { return rq.url.target().starts_with(target_start); }));
    }

    web_url const& base() const noexcept override { return base_; }
    std::optional<web_url> const& api() const noexcept override { return api_; }
    bool has_credential() const noexcept override { return credential_; }
    bool has_user() const noexcept override { return user_; }

    awaitable<result<adapters::reply>> ask(adapters::request rq) override
    {
        asked_.push_back(rq);
        auto out = take(rq);
        if (out.has_value()) {
            if (out->url.host.empty())
                out->url = rq.url;
            out->request = rq.method + " " + rq.url.text();
        }
        co_return out;
    }

private:
    struct rule {
        std::string method;
        std::string target;
        std::deque<result<adapters::reply>> answers;

        bool fits(adapters::request const& rq) const
        {
            auto const asked = rq.url.target();
            std::string_view const wanted = target;
            bool const same = wanted.ends_with('*') ? asked.starts_with(wanted.substr(0, wanted.size() - 1))
                                                    : asked == wanted;
            return method == rq.method && same;
        }
    };

    result<adapters::reply> take(adapters::request const& rq)
    {
        auto const found = std::ranges::find_if(rules_, [&](rule const& r) { return r.fits(rq); });
        auto* const answers = found == rules_.end() ? &queue_ : &found->answers;
        if (answers->empty() && server_)
            return server_(rq);
        if (answers->empty())
            throw std::logic_error{"no answer in the script for " + rq.method + " " + rq.url.text()};
        auto out = answers->front();
        if (answers == &queue_ || answers->size() > 1)
            answers->pop_front();
        return out;
    }

    web_url base_;
    std::optional<web_url> api_;
    bool credential_ = false;
    bool user_ = false;
    std::vector<rule> rules_;
    std::deque<result<adapters::reply>> queue_;
    std::function<result<adapters::reply>(adapters::request const&)> server_;
    std::vector<adapters::request> asked_;
};

} // namespace checkwatches::test
