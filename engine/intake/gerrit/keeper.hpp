#pragma once

#include "engine/core/clock.hpp"
#include "engine/core/log.hpp"
#include "engine/intake/gerrit/progress.hpp"
#include "engine/intake/gerrit/source.hpp"
#include "engine/intake/gerrit/watches.hpp"
#include "engine/remote/retry.hpp"
#include "storage/background_reader.hpp"
#include "storage/writer.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace checkwatches::intake::gerrit {

// What a keeper works with; all of it outlives the keeper. `from` is a reader that nobody waits for on a
// page: it also reads folders and writes watches, as take_in() does.
struct keeper_parts {
    std::string database{}; // its path
    storage::background_reader& from;
    storage::writer& writer;
    net::client& over;
    adapters::registry const& kinds;
    clock const& time;
    logger& log;
};

// What holds for a round.
struct keeper_settings {
    std::vector<source> sources{};
    std::chrono::seconds keep{std::chrono::days{400}}; // what was said
    retry_policy retry{};
    std::vector<credential> credentials{};
    std::chrono::seconds capabilities_last{};
};

// What a round came to.
struct keeper_report {
    bool added = false;                     // bugs that have to be asked about
    std::vector<storage::bug_id> touched{}; // bugs that gained or lost a watch
    std::vector<std::string> failures{};    // of sources, for people
    std::optional<utc_time> next{};         // when the next source is due
};

// Keeps what is known of rechecks up to date: reads the sources that are due, makes watches of their bugs,
// reads folders of signatures that changed, forgets what is too old, and sources that are not configured any
// more.
class keeper {
public:
    explicit keeper(keeper_parts const& parts) : parts_{parts} {}

    // Does what is due now. An error of kind storage; what a Gerrit does is no error but in the report.
    awaitable<result<keeper_report>> run(keeper_settings settings);

private:
    awaitable<result<std::vector<storage::recheck_source>>>
    configure(keeper_settings const& settings, keeper_report& told);
    awaitable<void> look_after(
        storage::recheck_source known,
        source of,
        keeper_settings const& settings,
        keeper_report& told,
        result<void>& end);
    awaitable<result<void>> read_folder(storage::recheck_source of, bool must_be_there);
    awaitable<result<void>> read_source(
        storage::recheck_source known, source of, keeper_settings const& settings, keeper_report& told);
    awaitable<result<void>> note(storage::recheck_source known, reading done, source const& of);
    awaitable<result<void>> renew(source const& of, keeper_settings const& settings, keeper_report& told);
    awaitable<result<void>> prune(keeper_settings const& settings);
    awaitable<result<std::size_t>> keep_page(storage::recheck_reading brought);
    take_in_parts taking_in() const;
    void tell(source const& of, reading const& done, keeper_report& told);

    keeper_parts parts_;
    std::map<std::string, std::string> stamps_; // of the folders that were read, by source
    std::map<std::string, utc_time> put_off_;   // sources that a budget of ours held back, until then
    utc_time pruned_at_{};
};

} // namespace checkwatches::intake::gerrit
