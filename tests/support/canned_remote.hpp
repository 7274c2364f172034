#pragma once

#include "adapters/adapter.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace checkwatches::test {

// A remote that answers from a function, keeps what it was asked, and sends nothing.
class canned_remote final : public adapters::remote {
public:
    using answer = result<adapters::reply>;
    using answering = std::function<answer(adapters::request const&)>;

    canned_remote(std::string_view base, answering f)
        : base_{parse_url(base).value()},
          answering_{std::move(f)}
    {}

    web_url const& base() const noexcept override { return base_; }
    std::optional<web_url> const& api() const noexcept override { return api_; }
    bool has_credential() const noexcept override { return credential; }
    bool has_user() const noexcept override { return user; }

    awaitable<result<adapters::reply>> ask(adapters::request rq) override
    {
        asked.push_back(rq);
        auto out = answering_(rq);
        if (out) {
            out->url = rq.url;
            out->request = rq.method + " " + redacted(rq.url);
        }
        co_return out;
    }

    void set_api(std::string_view url) { api_ = parse_url(url).value(); }

    // "GET /rest/version", one for each request.
    std::vector<std::string> lines() const
    {
        std::vector<std::string> out;
        for (auto const& rq : asked)
            out.push_back(rq.method + " " + rq.url.target());
        return out;
    }

    std::vector<adapters::request> asked;
    bool credential = false;
    bool user = false;

private:
    web_url base_;
    std::optional<web_url> api_;
    answering answering_;
};

// An answer of this status and type.
inline adapters::reply canned(unsigned status, std::string_view content_type, std::string body)
{
    return adapters::reply{
        .status = status,
        .headers{{"Content-Type", std::string{content_type}}, {"Connection", "keep-alive"}},
        .body = std::move(body)};
}

} // namespace checkwatches::test
