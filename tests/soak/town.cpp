#include "tests/soak/town.hpp"

#include "tests/storage/samples.hpp"

#include <boost/asio/co_spawn.hpp>

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <unistd.h>

namespace checkwatches::soak {

// Sets the trackers' clocks before each request: they keep the true time, whatever is done to ours.
class town::punctual_client final : public net::client {
public:
    punctual_client(town& in, net::client& to) : in_{in}, to_{to} {}

    awaitable<result<net::response>> send(net::request const& rq, net::cookie_jar& session) override
    {
        in_.farm_.set_clock(in_.true_time() - utc_now());
        co_return co_await to_.send(rq, session);
    }

private:
    town& in_;
    net::client& to_;
};

town::town(std::vector<std::string> const& trackers, check::engine_settings settings)
    : settings_{std::move(settings)}
{
    auto const to = storage::store::open(file_).value();
    for (auto const& spec : trackers)
        watch(*to, spec);
}

town::~town()
{
    if (engine_)
        close();
}

void town::watch(storage::store& to, std::string const& spec)
{
    auto const options = mock::parse_tracker(spec).value();
    auto const at = farm_.add(options);
    place one{.name = at.name, .kind = options.kind, .bugs = options.bugs};
    storage::tracker row{.kind = one.kind, .name = at.name, .base_url = at.url, .created_at = time_.now()};
    if (!at.api.empty())
        row.api_url = at.api;
    one.id = to.add_tracker(row).value().id;
    to.in_transaction([&] {
        for (int i = 1; i <= options.bugs; ++i)
            if (i != mock::private_bug)
                to.add_bug(one.id, std::to_string(i), time_.now());
    });
    places_.push_back(std::move(one));
}

void town::open()
{
    loop_ = std::make_unique<asio::io_context>(1);
    http_ = std::make_unique<net::http_client>(loop_->get_executor(), net::settings{});
    punctual_ = std::make_unique<punctual_client>(*this, *http_);
    client_ = std::make_unique<test::counting_client>(*punctual_);
    writer_ = std::make_unique<storage::writer>(storage::store::open(file_).value());
    reader_ = std::make_unique<storage::background_reader>(read());
    in_ = std::make_unique<test::simulation>(*loop_, time_, [this] {
        return client_->waiting() != 0 || writer_->health().pending != 0 || reader_->pending() != 0;
    });
    engine_ = std::make_unique<check::engine>(
        check::engine_parts{
            .executor = loop_->get_executor(),
            .time = time_,
            .network = *client_,
            .set_budget = [this](auto const& origin, auto const& b) { http_->set_budget(origin, b); },
            .writer = *writer_,
            .reader = *reader_,
            .kinds = kinds_,
            .log = log_},
        settings_);
    auto live = [this]() -> awaitable<void> {
        auto const loaded = co_await engine_->load();
        if (!loaded)
            throw std::runtime_error(to_string(loaded.error()));
        auto const served = co_await engine_->serve();
        if (!served)
            throw std::runtime_error(to_string(served.error()));
        serving_ = false;
    };
    serving_ = true;
    asio::co_spawn(*loop_, std::move(live), [](std::exception_ptr failed) {
        if (failed)
            std::rethrow_exception(failed);
    });
    in_->settle();
}

void town::close()
{
    engine_->stop();
    in_->settle();
    if (serving_)
        throw std::runtime_error("the engine does not stop");
    requests_before_ += client_->sent();
    engine_.reset();
    in_.reset();
    reader_.reset();
    writer_.reset();
    client_.reset();
    punctual_.reset();
    http_.reset();
    loop_.reset();
}

holdings town::held() const
{
    std::size_t total = 0;
    std::size_t resident = 0;
    std::ifstream{"/proc/self/statm"} >> total >> resident;
    holdings now{.resident = resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE))};
    for ([[maybe_unused]] auto const& fd : std::filesystem::directory_iterator{"/proc/self/fd"})
        ++now.descriptors;
    // The file itself shrinks never, and what was written last is in the journal.
    auto const pages = storage::test::number(
        file_,
        "SELECT page_count - freelist_count"
        " FROM pragma_page_count, pragma_freelist_count");
    now.database = static_cast<std::size_t>(pages * storage::test::number(file_, "PRAGMA page_size"));
    return now;
}

} // namespace checkwatches::soak
