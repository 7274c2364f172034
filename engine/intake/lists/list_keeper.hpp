#pragma once

#include "engine/core/clock.hpp"
#include "engine/core/log.hpp"
#include "engine/intake/lists/folder_watch.hpp"
#include "engine/intake/lists/list_book.hpp"
#include "engine/intake/lists/list_waiting.hpp"
#include "engine/net/client.hpp"
#include "storage/background_reader.hpp"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace checkwatches::intake {

// What a keeper works with; all of it outlives the keeper.
struct keeper_parts {
    std::string database{}; // its path
    asio::any_io_executor executor{};
    net::client& over;
    adapters::registry const& kinds;
    clock const& time;
};

// Keeps watch lists beside a running engine: what blocks is done on a thread of its own, where it may wait
// for the disk and the database. All calls are made on the loop's thread. Errors are those of list_book, or
// of kind storage.
class list_keeper {
public:
    list_keeper(keeper_parts const& parts, std::unique_ptr<storage::reader> read);

    void configure(list_settings settings);
    list_settings const& settings() const noexcept { return settings_; }

    awaitable<result<look_report>> look(bool settle, std::string force);
    awaitable<result<put_report>> put(std::string name, list_format format, std::string text, bool force);
    awaitable<result<look_report>> drop(std::string name);

    // Asks the trackers that entries wait for what they are, and watches what can be watched then. One that
    // does not tell is asked again after a while that doubles, up to half a day. `more`: there is more to do
    // right away.
    struct met {
        list_news news{};
        bool more = false;
    };
    awaitable<result<met>>
    meet_waiting(std::vector<credential> credentials, std::chrono::seconds capabilities_last);

    // Tells that something happened in the folder; it may be that nothing does.
    folder_watch& folder() noexcept { return folder_; }

private:
    struct put_off {
        utc_time until{};
        std::chrono::seconds delay{};
    };

    std::set<std::string> put_off_now() const;
    void put_off_all(newcomers const& asked);

    keeper_parts parts_;
    list_settings settings_;
    std::map<std::string, put_off> put_off_; // by newcomer_key
    folder_watch folder_;
    list_book book_;                    // of the thread
    storage::background_reader thread_; // which ends before the book
};

} // namespace checkwatches::intake
