#include "engine/feed/webhook.hpp"
#include "engine/feed/webhook_signature.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/print.hpp"
#include "tests/support/run.hpp"

#include <boost/json/parse.hpp>

#include <deque>

namespace checkwatches::feed {
namespace {

using namespace std::chrono_literals;
namespace json = boost::json;

// Answers what the test says, and keeps what it was asked.
class canned_client final : public net::client {
public:
    awaitable<result<net::response>> send(net::request const& rq, net::cookie_jar&) override
    {
        asked.push_back(rq);
        auto next = std::move(answers.front());
        answers.pop_front();
        co_return next;
    }

    std::deque<result<net::response>> answers{};
    std::vector<net::request> asked{};
};

event some_event(std::int64_t id)
{
    event e;
    e.uuid = uuid_of("0123", event_kind::change, id);
    auto& c = e.change.emplace();
    c.what = {
        .id = id, .at = utc_time{1'700'000'000s}, .field = "status", .before = "New", .after = "Confirmed"};
    c.tracker = "bugs.example.org";
    c.kind = "bugzilla";
    c.remote_id = "7";
    e.url = "https://bugs.example.org/7";
    e.title = "It is broken \xE2\x80\x9Chere\xE2\x80\x9D";
    e.state = status::confirmed;
    e.watches = {{.label = "curl", .source = "typed", .owner = "anna"}};
    return e;
}

// A webhook, its receiver's answers, and a clock that stands still.
struct ground {
    checkwatches::test::manual_clock time{utc_time{1'700'000'100s}};
    canned_client network{};
    webhook_settings how{
        .name = "ci",
        .url = parse_url("https://ci.example.org/hook/T0KEN?a=b").value(),
        .key = secret{"a key that is long enough"},
        .from = {.source = "urn:test"}};

    delivery deliver(std::vector<event> events)
    {
        auto const hook = make_webhook(how, network, time);
        auto work = [](sink& to, std::vector<event> all) -> awaitable<delivery> {
            co_return co_await to.deliver(std::move(all));
        };
        return checkwatches::test::run(work(*hook, std::move(events)));
    }
    delivery deliver_to(net::response answer)
    {
        network.answers.emplace_back(std::move(answer));
        return deliver({some_event(1)});
    }
};

} // namespace

TEST_CASE("A signature is that of the Standard Webhooks", "[feed]")
{
    // The example of their specification's libraries.
    auto const key = signing_key(secret{"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}).value();
    CHECK(
        sign(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, R"({"test": 2432232314})")
        == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

TEST_CASE("A secret is a key in base64, or the key itself, and not too short", "[feed]")
{
    CHECK(signing_key(secret{"twenty-four bytes long.."}).value().reveal() == "twenty-four bytes long..");
    CHECK(
        signing_key(secret{"whsec_YSBrZXkgdGhhdCBpcyBsb25nIGVub3VnaA=="}).value().reveal()
        == "a key that is long enough");
    CHECK_FALSE(signing_key(secret{"whsec_YWJj"}));
    CHECK_FALSE(signing_key(secret{"whsec_this is no base64, is it?"}));
    CHECK_FALSE(signing_key(secret{"whsec_===="}));
    CHECK_FALSE(signing_key(secret{"whsec_"}));
    CHECK_FALSE(signing_key(secret{"short"}));
    CHECK_FALSE(signing_key(secret{std::string(10'000, 'a')}));
}

TEST_CASE("An event is posted as a CloudEvent in structured mode, with its signature", "[feed]")
{
    ground on;
    auto const came = on.deliver_to({.status = 202});
    CHECK(came.confirmed == 1);
    CHECK_FALSE(came.trouble);
    REQUIRE(on.network.asked.size() == 1);
    auto const& rq = on.network.asked[0];
    CHECK(rq.method == "POST");
    CHECK(rq.url.text() == "https://ci.example.org/hook/T0KEN?a=b");
    CHECK(rq.on_redirect == net::redirect_policy::ignore);
    CHECK(net::find_header(rq.headers, "Content-Type") == "application/cloudevents+json; charset=utf-8");
    auto const id = net::find_header(rq.headers, "webhook-id");
    CHECK(id == some_event(1).uuid);
    CHECK(net::find_header(rq.headers, "webhook-timestamp") == "1700000100");
    CHECK(net::find_header(rq.headers, "webhook-signature") == sign(on.how.key, id, 1'700'000'100, rq.body));
    auto const body = json::parse(rq.body).as_object();
    CHECK(body.at("specversion") == "1.0");
    CHECK(body.at("id").as_string() == some_event(1).uuid);
    CHECK(body.at("source") == "urn:test");
    CHECK(body.at("type") == "org.checkwatches.change.v1");
    CHECK(body.at("subject") == "https://bugs.example.org/7");
    CHECK(body.at("time") == "2023-11-14T22:13:20Z");
    CHECK(body.at("datacontenttype") == "application/json");
    CHECK(body.at("dataschema") == "urn:checkwatches:checkwatches.change.v1");
    auto const& data = body.at("data").as_object();
    CHECK(data.at("change_id") == 1);
    CHECK(data.at("new") == "Confirmed");
    CHECK(data.at("status") == "Confirmed");
    CHECK(data.at("labels") == json::array{"curl"});
}

TEST_CASE("While a secret is rotated out both sign", "[feed]")
{
    ground on;
    on.how.old_key = secret{"the key that we had before"};
    on.deliver_to({.status = 200});
    auto const& rq = on.network.asked[0];
    auto const id = net::find_header(rq.headers, "webhook-id");
    CHECK(
        net::find_header(rq.headers, "webhook-signature")
        == sign(on.how.key, id, 1'700'000'100, rq.body) + " "
               + sign(*on.how.old_key, id, 1'700'000'100, rq.body));
}

TEST_CASE("What an answer says of an event", "[feed]")
{
    enum class says { taken, later, refused, over };
    struct sample {
        unsigned status;
        says what;
    };
    auto const one = GENERATE(
        sample{200, says::taken},
        sample{201, says::taken},
        sample{204, says::taken},
        sample{301, says::later},
        sample{307, says::later},
        sample{400, says::refused},
        sample{401, says::refused},
        sample{404, says::refused},
        sample{408, says::later},
        sample{410, says::over},
        sample{413, says::refused},
        sample{422, says::refused},
        sample{425, says::later},
        sample{429, says::later},
        sample{500, says::refused},
        sample{501, says::refused},
        sample{502, says::later},
        sample{503, says::later},
        sample{504, says::later},
        sample{505, says::refused},
        sample{507, says::later});
    CAPTURE(one.status);
    ground on;
    auto const came = on.deliver_to({.status = one.status, .body = "because\n\x1b[31m of <this>"});
    CHECK(came.confirmed == (one.what == says::taken ? 1 : 0));
    CHECK(came.trouble.has_value() == (one.what != says::taken));
    CHECK(came.is_refusal == (one.what == says::refused));
    CHECK(came.is_over == (one.what == says::over));
    if (came.trouble) {
        auto const text = to_string(*came.trouble);
        CHECK_THAT(text, Catch::Contains(std::to_string(one.status)));
        CHECK_THAT(text, Catch::Contains("because [31m of <this>"));
        CHECK_THAT(text, !Catch::Contains("T0KEN")); // an address can be a secret
        CHECK(text.find('\x1b') == std::string::npos);
    }
}

TEST_CASE("A receiver that says when is not asked before", "[feed]")
{
    ground on;
    auto const busy = on.deliver_to({.status = 503, .headers = {{"Retry-After", "120"}}});
    CHECK(busy.trouble->retry_after == 120s);
    on.network.answers.emplace_back(error{.kind = error_kind::rate_limited, .message = "too many"});
    CHECK(on.deliver({some_event(1)}).trouble->retry_after == 60s);
    on.network.answers.emplace_back(error{
        .kind = error_kind::connect_failed,
        .message = "refused",
        .request = "POST https://ci.example.org/hook/T0KEN"});
    auto const away = on.deliver({some_event(1)});
    CHECK_FALSE(away.is_refusal);
    CHECK(away.trouble->request == "POST https://ci.example.org");
}

TEST_CASE("Of several events those are confirmed that came before the trouble", "[feed]")
{
    ground on;
    on.network.answers.emplace_back(net::response{.status = 200});
    on.network.answers.emplace_back(net::response{.status = 400});
    auto const came = on.deliver({some_event(1), some_event(2), some_event(3)});
    CHECK(came.confirmed == 1);
    CHECK(came.is_refusal);
    CHECK(on.network.asked.size() == 2);
}

TEST_CASE("A test says that it is one, and has an id of its own each time", "[feed]")
{
    ground on;
    auto const hook = make_webhook(on.how, on.network, on.time);
    auto work = [](sink& to) -> awaitable<result<std::string>> { co_return co_await to.test(); };
    on.network.answers.emplace_back(net::response{.status = 200, .body = "thank you"});
    on.network.answers.emplace_back(net::response{.status = 403});
    auto const taken = checkwatches::test::run(work(*hook));
    CHECK_THAT(taken.value(), Catch::Contains("200") && Catch::Contains("thank you"));
    CHECK_FALSE(checkwatches::test::run(work(*hook)));
    auto const body = json::parse(on.network.asked[0].body).as_object();
    CHECK(body.at("type") == "org.checkwatches.test.v1");
    CHECK(body.at("id").as_string() == net::find_header(on.network.asked[0].headers, "webhook-id"));
    CHECK(body.at("id") != json::parse(on.network.asked[1].body).as_object().at("id"));
}

} // namespace checkwatches::feed
