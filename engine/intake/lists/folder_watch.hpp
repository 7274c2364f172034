#pragma once

#include "engine/core/async.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include <optional>
#include <string>

namespace checkwatches::intake {

// Tells that something happened in a folder (inotify), not what. Where the system gives no such thing it
// tells nothing: it spares waiting, and replaces no look.
class folder_watch {
public:
    explicit folder_watch(asio::any_io_executor const& executor);

    bool works() const noexcept { return events_.has_value(); }
    // The folder that it tells of; the same again costs nothing, and finds one that was made anew. Blocking;
    // from any thread.
    void follow(std::string const& folder) const noexcept;
    // Returns once something happened; only where it works. Throws operation_aborted when cancelled.
    awaitable<void> changed();

private:
    int descriptor_ = -1; // whose number never changes, so that follow() may use it from any thread
    std::optional<asio::posix::stream_descriptor> events_;
};

} // namespace checkwatches::intake
