#pragma once

#include "engine/app/config.hpp"
#include "engine/app/known_kinds.hpp"
#include "engine/app/run_loop.hpp"
#include "engine/check/engine.hpp"
#include "engine/intake/follow.hpp"
#include "engine/intake/gerrit/keeper.hpp"
#include "engine/intake/lists/list_keeper.hpp"
#include "engine/intake/take_in.hpp"
#include "engine/net/alarm.hpp"
#include "engine/net/http_client.hpp"
#include "engine/serve/web/lore.hpp"

#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace checkwatches::app {

// Everything that an engine works with, in the order of dependence, on a loop of its own. Whoever makes one
// holds the instance lock of the database for as long as the host lives.
class engine_host {
public:
    // Opens the database (makes or migrates it). An error of kind storage or configuration. The log, and who
    // is told what the engine does (may be null), outlive the host.
    static result<std::unique_ptr<engine_host>> open(
        std::string const& database,
        config const& conf,
        logger& log,
        storage::patience with,
        check::engine_observer* told = nullptr);

    asio::io_context& loop() noexcept { return loop_; }
    clock const& time() const noexcept { return time_; }
    net::client& network() noexcept { return *network_; }
    // How much this origin may be asked now.
    net::host_limits limits_of(std::string const& origin) const { return network_->limits_of(origin); }
    // How passes are made where a tracker has no settings of its own.
    check::pass_settings const& pass() const noexcept { return pass_; }
    storage::writer& writer() noexcept { return *writer_; }
    storage::background_reader& reader() noexcept { return *reader_; }
    check::engine& engine() noexcept { return *engine_; }
    known_kinds const& kinds() const noexcept { return kinds_; }

    // Takes watches to where their bugs moved, and the bugs there into the engine. Nothing while we are
    // offline.
    awaitable<result<intake::follow_report>> follow_moves();

    // Reads the Gerrits that are due, and takes the bugs that are rechecked there into the engine. Nothing
    // while we are offline.
    awaitable<result<intake::gerrit::keeper_report>> read_rechecks();

    // Takes a watch in, and its bug into the engine; asks a tracker that is not known what it is. Only as
    // `kind`, where that is not empty.
    awaitable<result<intake::added_watch>> take_in(intake::wanted_watch want, std::string kind);

    // Applies what changed in the folder of watch lists; `force`: of this list also what is held. With
    // `settle` files that are being written are left for the next time.
    awaitable<result<intake::look_report>> look_at_lists(bool settle, std::string force);
    awaitable<result<intake::put_report>>
    put_list(std::string name, intake::list_format format, std::string text, bool force);
    awaitable<result<intake::look_report>> drop_list(std::string name);
    // Asks the trackers that entries of lists wait for what they are, and takes the entries in. Nothing while
    // we are offline. True: there is more to do.
    awaitable<result<bool>> meet_waiting();
    intake::list_keeper& lists() noexcept { return *lists_; }
    // There are new entries that wait: rings for who sleeps at the bell.
    void ring_for_waiting() { list_bell_.ring(); }
    net::alarm& list_bell() noexcept { return list_bell_; }

    // One more reader of the database, for work that is not to hold up the others. An error of kind storage.
    result<std::unique_ptr<storage::background_reader>> another_reader() const;
    // A random number of this database (storage::reader::store_id). An error of kind storage.
    result<std::string> store_id() const;
    // What pages must know of kinds and schedule, by the configuration as it is now. The host outlives it.
    // From any thread.
    std::shared_ptr<serve::lore const> lore() const;

    // Takes over what can change while it runs: all but the network's own settings.
    void reload(config const& conf);

    // Runs `work` (which uses the engine after load()) until it has ended or a signal cancels it, then
    // finishes the engine. Once.
    template <class T>
    result<T> run(awaitable<result<T>> work)
    {
        struct finisher {
            engine_host& host;
            std::chrono::milliseconds bound{};
            ~finisher() { host.finish(bound); }
        } last{*this};
        auto done = run_loop(loop_, std::move(work));
        if (done)
            last.bound = drain_;
        return done;
    }

private:
    engine_host() = default;
    void finish(std::chrono::milliseconds bound);
    awaitable<result<void>> tell_engine(intake::list_news news);

    std::string database_;
    std::chrono::milliseconds drain_{};
    asio::io_context loop_{1};
    machine_clock time_;
    known_kinds kinds_;
    std::unique_ptr<net::http_client> network_;
    std::optional<storage::writer> writer_;
    std::optional<storage::background_reader> reader_;
    std::optional<check::engine> engine_;
    std::optional<storage::background_reader> aside_; // the follower's, who also waits for locks there
    std::optional<intake::follower> follower_;
    std::optional<intake::list_keeper> lists_;
    net::alarm list_bell_{time_};
    std::optional<intake::gerrit::keeper> rechecks_;
    intake::gerrit::keeper_settings of_rechecks_{};
    check::pass_settings pass_;
    intake::duplicate_policy duplicates_{};
    mutable std::mutex lore_guard_; // the readers' threads ask for it, too
    std::shared_ptr<serve::lore const> lore_;
};

} // namespace checkwatches::app
