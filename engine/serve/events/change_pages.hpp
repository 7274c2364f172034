#pragma once

#include "engine/core/async.hpp"
#include "engine/net/line.hpp"
#include "engine/serve/events/event_ring.hpp"
#include "storage/background_reader.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace checkwatches::serve {

// A change as it is told.
struct told_change {
    std::int64_t id{};
    event_subject about{};
    std::string data{};
};

// Reads changes for streams that lie behind. After a restart a thousand of them ask for the same ones at
// once: one read at a time, and what was read last is kept.
class change_pages {
public:
    using describing = std::function<std::string(storage::shown_change const&)>;
    using page = std::shared_ptr<std::vector<told_change> const>;

    static constexpr std::int64_t size = 500;

    change_pages(asio::any_io_executor executor, storage::background_reader& reader, describing describe);

    // The next changes behind `after`, at most `size`.
    awaitable<result<page>> fresh(std::int64_t after);
    // A part of those behind `after` up to `last`, from the first on, and how far it reaches.
    struct part {
        page what{};
        std::int64_t last{};
    };
    awaitable<result<part>> old(std::int64_t after, std::int64_t last);

    // How often the store was asked.
    std::size_t reads() const noexcept { return reads_; }

private:
    struct turn;
    struct kept_page {
        std::int64_t after{};
        std::int64_t last{};
        page what{};
    };

    awaitable<result<page>> read(std::int64_t after, std::int64_t last);
    page find(std::int64_t after, std::int64_t last) const;

    asio::any_io_executor executor_;
    storage::background_reader& reader_;
    describing describe_;
    net::line waiting_{};
    bool is_taken_ = false;
    std::deque<kept_page> kept_{};
    std::size_t reads_ = 0;
};

} // namespace checkwatches::serve
