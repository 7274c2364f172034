#include "engine/remote/look_remote.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/print.hpp"
#include "tests/support/run.hpp"

#include <catch2/catch.hpp>

#include <deque>

namespace {

using namespace checkwatches;
using namespace std::chrono_literals;

constexpr utc_time noon = std::chrono::sys_days{std::chrono::year{2026} / 11 / 20} + 12h;
constexpr auto bug_url = "https://bugs.example.org/rest/bug/1";

// A client that answers from a list and keeps what it was asked; each answer takes a while.
class scripted_client final : public net::client {
public:
    explicit scripted_client(test::manual_clock& time) : time_{time} {}

    awaitable<result<net::response>> send(net::request const& rq, net::cookie_jar&) override
    {
        asked.push_back(rq);
        time_.advance(takes);
        auto out = answers.front();
        answers.pop_front();
        if (out.has_value() && out->url.host.empty())
            out->url = rq.url;
        co_return out;
    }

    std::deque<result<net::response>> answers;
    std::vector<net::request> asked;
    std::chrono::milliseconds takes{};

private:
    test::manual_clock& time_;
};

struct world {
    test::manual_clock time{noon};
    scripted_client client{time};
    bound_remote bound{client, {.base = parse_url("https://bugs.example.org/").value()}};

    void answer(unsigned status, net::header_list headers, std::string body = "{}")
    {
        client.answers.push_back(
            net::response{.status = status, .headers = std::move(headers), .body = std::move(body)});
    }
    look_remote look(std::vector<validator> known = {}) { return {bound, time, std::move(known)}; }
    result<adapters::reply> ask(look_remote& over, bool conditional)
    {
        adapters::request rq{.url = parse_url(bug_url).value(), .conditional = conditional};
        return test::run(over.ask(std::move(rq)));
    }
    std::string sent(std::string_view header) const
    {
        return std::string{net::find_header(client.asked.back().headers, header)};
    }
};

} // namespace

TEST_CASE("look_remote: what is known of an answer makes a conditional question, and only of one")
{
    world w;
    auto at = w.look(
        {{.url = bug_url, .etag = "Rn/RiP+ufn", .last_modified = "Sun, 06 Nov 1994 08:49:37 GMT"}});
    w.answer(200, {});
    CHECK(w.ask(at, false).has_value());
    CHECK(w.sent("If-None-Match").empty());
    w.answer(304, {}, "");
    CHECK(w.ask(at, true)->status == 304);
    CHECK(w.sent("If-None-Match") == "Rn/RiP+ufn"); // as it came: Bugzilla does not quote it
    CHECK(w.sent("If-Modified-Since") == "Sun, 06 Nov 1994 08:49:37 GMT");
    CHECK(at.validators().empty());
    CHECK(w.bound.requests() == 2);
    CHECK(w.bound.not_modified() == 1);
    CHECK(w.bound.bytes() == 2);
}

TEST_CASE("look_remote: validators are learnt from whole answers to conditional questions")
{
    world w;
    auto at = w.look();
    w.answer(200, {{"ETag", "\"plain\""}});
    CHECK(w.ask(at, false).has_value());
    CHECK(at.validators().empty());
    w.answer(404, {{"ETag", "\"gone\""}});
    CHECK(w.ask(at, true).has_value());
    CHECK(at.validators().empty());
    w.answer(200, {{"Content-Type", "application/json"}});
    CHECK(w.ask(at, true).has_value());
    CHECK(at.validators().empty());
    w.answer(200, {{"Etag", "\"1-gzip\""}});
    CHECK(w.ask(at, true).has_value());
    CHECK(at.validators() == std::vector<validator>{{.url = bug_url, .etag = "\"1-gzip\""}});
}

TEST_CASE("look_remote: an answer from another address teaches nothing of this one")
{
    world w;
    auto at = w.look();
    w.client.answers.push_back(net::response{
        .status = 200,
        .headers = {{"ETag", "\"1\""}},
        .url = parse_url("https://bugs.example.org/elsewhere").value()});
    CHECK(w.ask(at, true).has_value());
    CHECK(at.validators().empty());
}

TEST_CASE("look_remote: what is asked again after a 304 is learnt anew")
{
    world w;
    auto at = w.look({{.url = bug_url, .etag = "\"1\""}});
    w.answer(304, {}, "");
    CHECK(w.ask(at, true)->status == 304);
    w.answer(200, {{"ETag", "\"1\""}});
    CHECK(w.ask(at, false)->status == 200);
    CHECK(w.sent("If-None-Match").empty());
    CHECK(at.validators() == std::vector<validator>{{.url = bug_url, .etag = "\"1\""}});
}

TEST_CASE("look_remote: a 304 that nobody asked for is no answer")
{
    world w;
    for (bool const conditional : {false, true}) {
        auto at = w.look();
        w.answer(304, {}, "");
        auto const got = w.ask(at, conditional);
        REQUIRE_FALSE(got.has_value());
        CHECK(got.error().kind == error_kind::protocol_error);
    }
}

TEST_CASE("look_remote: the tracker's clock is that of the first answer, less the time it took")
{
    world w;
    auto at = w.look();
    CHECK_FALSE(at.server_time());
    w.client.takes = 2s;
    w.client.answers.emplace_back(error{.kind = error_kind::timeout});
    CHECK_FALSE(w.ask(at, false).has_value());
    CHECK_FALSE(at.server_time());
    w.answer(200, {{"Date", "Fri, 20 Nov 2026 12:00:34 GMT"}});
    CHECK(w.ask(at, false).has_value());
    CHECK(at.server_time() == noon + 32s);
    CHECK(at.skew() == 30s);
    w.answer(200, {{"Date", "Fri, 20 Nov 2026 13:00:00 GMT"}});
    CHECK(w.ask(at, false).has_value());
    CHECK(at.server_time() == noon + 32s);
}

TEST_CASE("look_remote: a date that cannot be read tells no clock")
{
    world w;
    auto at = w.look();
    w.answer(200, {{"Date", "yesterday"}});
    CHECK(w.ask(at, false).has_value());
    CHECK_FALSE(at.server_time());
    CHECK_FALSE(at.skew());
}
