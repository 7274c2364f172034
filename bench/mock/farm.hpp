#pragma once

#include "bench/mock/tracker.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace checkwatches::mock {

// Many mock trackers on one executor, which is that of a loop run by one thread. The loop outlives the farm;
// all calls are made on its thread, or while it does not run.
class farm {
public:
    explicit farm(asio::any_io_executor executor) : executor_(std::move(executor)) {}
    ~farm() { stop(); }
    farm(farm const&) = delete;
    farm& operator=(farm const&) = delete;

    // A tracker that listens when this returns.
    tracker& add(tracker_options options);
    // Nothing where there is none of this name.
    tracker* find(std::string_view name) noexcept;
    std::span<std::shared_ptr<tracker> const> all() const noexcept { return trackers_; }
    void stop();

private:
    asio::any_io_executor executor_;
    std::vector<std::shared_ptr<tracker>> trackers_;
};

// {"name":…,"kind":…,"url":…} and for Launchpad "api".
std::string describe(tracker const& t);
// {"tracker":…,"requests":…,"not_modified":…,"connections":…,"open":…,"most_open":…,"waiting":…,"most_waiting":…,
//  "ids_asked":…,"ids_missing":…}
std::string traffic_json(tracker& t);

} // namespace checkwatches::mock
