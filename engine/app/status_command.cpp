#include "engine/app/commands.hpp"
#include "engine/app/running_instance.hpp"
#include "engine/app/status_json.hpp"
#include "engine/app/status_text.hpp"
#include "engine/app/table.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace checkwatches::app {
namespace {

// The codes of this command alone: monitoring reads them.
constexpr auto is_alive = static_cast<exit_code>(0);
constexpr auto is_behind = static_cast<exit_code>(1);
constexpr auto is_dead = static_cast<exit_code>(2);

// How long a living instance may take to say how it is.
constexpr std::chrono::milliseconds patience{5'000};

exit_code code_of(verdict v)
{
    switch (v) {
    case verdict::alive: return is_alive;
    case verdict::behind: return is_behind;
    case verdict::not_running: break;
    }
    return is_dead;
}

} // namespace

exit_code run_status(global_options const& global, config const& conf, status_options const& options)
{
    auto const reader = storage::reader::open(global.database);
    if (!reader) {
        fail(reader.error());
        return is_dead;
    }
    auto live = running_instance{global.database}.status(patience);
    auto h = read_health(**reader, utc_now());
    auto const served = names_of_sinks(conf);
    std::erase_if(h.failing_sinks, [&](auto const& sink) {
        return std::ranges::find(served, sink.name) == served.end();
    });
    for (auto const& digest : conf.digests.all)
        if (auto letters = letters_of(**reader, digest.name); letters.waiting + letters.parked != 0)
            h.letters.push_back(std::move(letters));
    if (live)
        h.live = std::move(*live);
    else
        h.silence = live.error().message;
    if (options.json)
        fmt::print("{}\n", json_of(h, options.most_behind));
    else
        fmt::print("{}", text_of(h, options.most_behind, terminal_width()));
    return code_of(judge(h, options.most_behind));
}

} // namespace checkwatches::app
