#pragma once

#include "adapters/registry.hpp"
#include "bench/mock/farm_thread.hpp"
#include "engine/check/engine.hpp"
#include "engine/net/http_client.hpp"
#include "storage/reader.hpp"
#include "tests/support/counting_client.hpp"
#include "tests/support/simulation.hpp"
#include "tests/support/temporary_folder.hpp"

#include <boost/asio/io_context.hpp>

#include <memory>
#include <string>
#include <vector>

namespace checkwatches::soak {

// A watched mock tracker.
struct place {
    std::string name{};
    std::string kind{}; // of the adapter
    int bugs = 0;
    storage::tracker_id id{};
};

// What the process holds.
struct holdings {
    std::size_t resident = 0; // bytes
    std::size_t descriptors = 0;
    std::size_t database = 0; // bytes of what is stored
};

// A real engine with a real database and real sockets to mock trackers, living in virtual time.
class town {
public:
    // Each line as bench/mock/options.hpp reads it; all bugs of each but the private one are watched.
    explicit town(std::vector<std::string> const& trackers, check::engine_settings settings = {});
    ~town();

    // The engine serves from here; returns when it has loaded.
    void open();
    // It stops, and everything of it is gone, but for the database and the trackers.
    void close();
    void run_for(clock::duration span, std::function<void()> const& each = [] {})
    {
        in_->run_for(span, each);
    }
    void settle() { in_->settle(); }

    test::manual_clock& time() { return time_; }
    mock::farm_thread& farm() { return farm_; }
    check::engine& engine() { return *engine_; }
    std::vector<place> const& places() const { return places_; }
    test::counting_client& client() { return *client_; }
    std::size_t requests() const { return requests_before_ + (client_ ? client_->sent() : 0); }
    std::unique_ptr<storage::reader> read() const { return storage::reader::open(file_).value(); }

    holdings held() const;

    // UTC, however our own clock was set.
    utc_time true_time() const { return began_ + time_.up(); }

private:
    class punctual_client;

    void watch(storage::store& to, std::string const& spec);

    test::manual_clock time_{utc_now()}; // outlives all that sleeps
    utc_time began_{time_.now() - time_.up()};
    test::temporary_folder folder_;
    std::string file_ = folder_.file("w.db");
    mock::farm_thread farm_;
    adapters::registry kinds_;
    silent_logger log_;
    check::engine_settings settings_;
    std::vector<place> places_;
    std::size_t requests_before_ = 0;

    std::unique_ptr<asio::io_context> loop_;
    std::unique_ptr<net::http_client> http_;
    std::unique_ptr<punctual_client> punctual_;
    std::unique_ptr<test::counting_client> client_;
    std::unique_ptr<storage::writer> writer_;
    std::unique_ptr<storage::background_reader> reader_;
    std::unique_ptr<check::engine> engine_;
    std::unique_ptr<test::simulation> in_;
    bool serving_ = false;
};

} // namespace checkwatches::soak
