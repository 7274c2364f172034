#include "engine/app/resident.hpp"

#include <algorithm>

namespace checkwatches::app {
namespace {

constexpr std::chrono::seconds settles_in{1};         // a file that is being written
constexpr std::chrono::milliseconds gathers_for{200}; // what happens in a folder comes in bursts
constexpr std::chrono::seconds waiting_every{30};     // entries that wait are looked for

} // namespace

awaitable<void> resident::keep_lists()
{
    std::string said;
    for (;;) {
        auto const looked = co_await host_.look_at_lists(true, {});
        auto const trouble = looked ? std::string{} : to_string(looked.error());
        if (!trouble.empty() && trouble != said)
            log_.write(log_level::error, "cannot look for watch lists", {{"why", trouble}});
        if (trouble.empty() && !said.empty())
            log_.write(log_level::notice, "watch lists are read again", {});
        said = trouble;
        if (looked && looked->changed != 0)
            log_.write(
                log_level::info,
                "watch lists changed",
                {{"changed", looked->changed}, {"lists", looked->lists}});
        if (looked && looked->waits)
            host_.ring_for_waiting();

        clock::duration pause = host_.lists().settings().sweep;
        if (looked && looked->is_unsettled)
            pause = std::min<clock::duration>(pause, settles_in);
        if (looked && looked->news.held_until)
            pause = std::clamp<clock::duration>(
                *looked->news.held_until - host_.time().now(), clock::duration{settles_in}, pause);
        co_await list_alarm_.wait(pause);
        co_await host_.time().sleep(gathers_for);
    }
}

awaitable<void> resident::watch_list_folder()
{
    auto& folder = host_.lists().folder();
    if (!folder.works()) {
        log_.write(
            log_level::notice, "the system tells nothing of folders", {{"lists", "looked for by the clock"}});
        co_return;
    }
    for (;;) {
        co_await folder.changed();
        list_alarm_.ring();
        co_await host_.time().sleep(gathers_for);
    }
}

awaitable<void> resident::meet_waiting()
{
    for (;;) {
        auto const more = co_await host_.meet_waiting();
        if (!more)
            log_.write(
                log_level::error, "cannot take in what lists name", {{"why", to_string(more.error())}});
        bool const goes_on = more && *more;
        if (!goes_on)
            co_await host_.list_bell().wait(waiting_every);
    }
}

} // namespace checkwatches::app
