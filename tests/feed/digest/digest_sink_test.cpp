#include "engine/core/join.hpp"
#include "engine/feed/digest/digest_sink.hpp"
#include "tests/storage/samples.hpp"
#include "tests/support/print.hpp"
#include "tests/support/run.hpp"

#include <fmt/format.h>

#include <mutex>

namespace checkwatches::feed {
namespace {

using namespace std::chrono_literals;
using checkwatches::test::run;

// Keeps what it takes; before that it gives the answers that it was told to give.
class scripted_mailer final : public mailer {
public:
    mail_outcome send(outgoing_mail const& what, send_limit const&) override
    {
        std::lock_guard const guard{guard_};
        ++tries_;
        if (!answers_.empty()) {
            auto out = answers_.front();
            answers_.erase(answers_.begin());
            return out;
        }
        taken_.push_back(what);
        return {};
    }
    void answer(std::size_t times, mail_outcome what)
    {
        std::lock_guard const guard{guard_};
        answers_.assign(times, what);
    }
    std::vector<outgoing_mail> taken() const
    {
        std::lock_guard const guard{guard_};
        return taken_;
    }
    std::size_t tries() const
    {
        std::lock_guard const guard{guard_};
        return tries_;
    }

private:
    mutable std::mutex guard_;
    std::vector<mail_outcome> answers_;
    std::vector<outgoing_mail> taken_;
    std::size_t tries_ = 0;
};

mail_outcome refusal(bool is_refusal)
{
    return {.trouble = error{.kind = error_kind::protocol_error, .message = "no"}, .is_refusal = is_refusal};
}

// A database with two watched bugs, a digest over it, and a way of mail that does as it is told.
struct office {
    storage::test::scratch here{};
    asio::io_context loop{1};
    machine_clock time{};
    silent_logger log{};
    bool offline = false;
    std::vector<storage::bug_id> bugs{};
    std::unique_ptr<storage::writer> out{};
    std::unique_ptr<storage::background_reader> in{};
    std::shared_ptr<scripted_mailer> mail = std::make_shared<scripted_mailer>();
    std::shared_ptr<post_office> post = std::make_shared<post_office>(mail);
    std::unique_ptr<digest_sink> digest{};
    digest_settings settings{.name = "d", .to = {"a@example.org"}};

    office()
    {
        auto s = storage::test::open_store(here.path());
        bugs = storage::test::add_bugs(*s, "bugs.example.org", 2);
        for (auto const bug : bugs)
            s->add_watch(bug, {.label = "curl", .source = "typed"}, utc_now());
        out = std::make_unique<storage::writer>(std::move(s));
        in = std::make_unique<storage::background_reader>(storage::test::open_reader(here.path()));
        open();
    }

    digest_setup setup() const
    {
        return {
            .settings = settings,
            .style = {.store = "01", .domain = "example.org"},
            .head = {.from = {.address = "bugs@example.org"}},
            .post = post};
    }

    // As after a restart, too.
    void open()
    {
        digest = std::make_unique<digest_sink>(
            loop.get_executor(),
            digest_parts{
                .reader = *in,
                .writer = *out,
                .time = time,
                .log = log,
                .url_of = [](auto const&, auto const& base, auto const& id) { return base + id; },
                .is_offline = [this] { return offline; }},
            setup(),
            digest_pace{.look = 2ms, .errors = 2ms, .first_delay = 1ms, .most_delay = 4ms});
        auto begin = [](digest_sink& to) -> awaitable<bool> {
            co_await to.prepare();
            co_return true;
        };
        run(loop, begin(*digest));
    }

    storage::reader const& read()
    {
        reader_ = storage::test::open_reader(here.path());
        return *reader_;
    }

    // A change of the bug is in the log, and the digest is told.
    delivery change(std::size_t bug, std::string const& before, std::string const& after)
    {
        auto const now = utc_now();
        auto settled = storage::test::seen(bugs[bug], now);
        settled.changes.push_back(storage::test::status_change(now, before, after));
        auto s = storage::test::open_store(here.path());
        auto const made = storage::test::apply(*s, storage::test::report_of({settled}, now));
        auto const after_id = made.front().id - 1;
        auto events = read_events(
            read(), event_kind::change, after_id, 1, [](auto const&, auto const& base, auto const& id) {
                return base + id;
            });
        auto told = run(loop, digest->deliver(std::move(events)));
        s->put_sink({.name = "d", .kind = "digest", .changes = made.front().id});
        return told;
    }

    void run_until(std::function<bool()> is_done)
    {
        auto watch = [](office& self, std::function<bool()> done) -> awaitable<bool> {
            while (!done())
                co_await self.time.sleep(1ms);
            co_return true;
        };
        run(loop, beside(digest->run(), watch(*this, std::move(is_done))));
    }
    void run_once()
    {
        auto once = [](digest_sink& of) -> awaitable<bool> {
            co_await of.run_once();
            co_return true;
        };
        run(loop, once(*digest));
    }

private:
    std::unique_ptr<storage::reader> reader_;
};

} // namespace

TEST_CASE("Digest sink: what it confirms is stored, and goes out once", "[digest]")
{
    office o;
    CHECK(o.change(0, "New", "Confirmed").confirmed == 1);
    REQUIRE(o.read().letters("d", false, 9).size() == 1);
    CHECK(o.mail->tries() == 0);
    o.open(); // killed in between
    o.run_until([&] { return o.mail->taken().size() == 1 && o.read().letters("d", false, 9).empty(); });
    o.open();
    o.run_once();
    CHECK(o.mail->taken().size() == 1);
    CHECK(o.mail->taken()[0].to == std::vector<std::string>{"a@example.org"});
}

TEST_CASE("Digest sink: an event that is told again is confirmed, and is no other letter", "[digest]")
{
    office o;
    o.change(0, "New", "Confirmed");
    auto again = read_events(o.read(), event_kind::change, 0, 9, [](auto const&, auto const&, auto const&) {
        return std::string{};
    });
    auto const count = again.size();
    CHECK(run(o.loop, o.digest->deliver(std::move(again))).confirmed == count);
    CHECK(o.read().letters("d", false, 9).size() == 1);
}

TEST_CASE("Digest sink: mail that does not go is waited out, and nothing is lost", "[digest]")
{
    office o;
    o.mail->answer(20, refusal(false));
    o.change(0, "New", "Confirmed");
    o.run_until([&] { return o.mail->taken().size() == 1 && o.read().letters("d", false, 9).empty(); });
    CHECK(o.mail->tries() == 21);
    CHECK(o.read().letters("d", true, 9).empty());
}

TEST_CASE(
    "Digest sink: a letter that is refused again and again is parked, and the next one goes", "[digest]")
{
    office o;
    o.mail->answer(5, refusal(true));
    o.change(0, "New", "Confirmed");
    o.change(1, "New", "Confirmed");
    o.run_until([&] { return o.mail->taken().size() == 1; });
    auto const parked = o.read().letters("d", true, 9);
    REQUIRE(parked.size() == 1);
    CHECK(parked[0].kind == "first");
    CHECK(parked[0].tries == 5);
    CHECK_THAT(parked[0].trouble, Catch::Matchers::Contains("no"));
    storage::test::open_store(o.here.path())->unpark_letters("d");
    o.run_until([&] { return o.mail->taken().size() == 2; });
    CHECK(o.mail->taken()[1].name == parked[0].message_id.substr(0, parked[0].message_id.find('@')));
}

TEST_CASE("Digest sink: while we are offline nothing is an error", "[digest]")
{
    office o;
    auto const before = o.read().bugs({o.bugs[0]}).at(0);
    auto const failed = storage::test::next_check(before, outcome::not_found, "no such bug", utc_now() + 1s);
    auto s = storage::test::open_store(o.here.path());
    storage::test::apply(*s, storage::test::report_of({failed}, utc_now()));
    o.offline = true;
    o.run_once();
    CHECK(o.mail->taken().empty());
    o.offline = false;
    o.run_once();
    CHECK(o.mail->taken().size() == 1);
    o.run_once();
    CHECK(o.mail->taken().size() == 1);
}

TEST_CASE("Digest sink: letters wait while it is muted", "[digest]")
{
    office o;
    o.change(0, "New", "Confirmed");
    auto s = storage::test::open_store(o.here.path());
    s->mute_digest("d", {.from = utc_now() - 1ms, .until = utc_now() + 1h}, utc_now());
    o.run_once();
    CHECK(o.mail->taken().empty());
    s->unmute_digest("d", utc_now());
    o.run_once();
    CHECK(o.mail->taken().size() == 1);
}

TEST_CASE("Digest sink: it goes on by the settings that it is given", "[digest]")
{
    office o;
    o.settings.first = false;
    run(o.loop, [](office& self) -> awaitable<bool> {
        co_await self.digest->change(self.setup());
        co_return true;
    }(o));
    o.change(0, "New", "Confirmed");
    CHECK(o.read().letters("d", false, 9).empty());
    CHECK(o.read().digest("d")->topics.size() == 1);
}

} // namespace checkwatches::feed
