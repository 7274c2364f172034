#include "engine/app/stored_words.hpp"

namespace checkwatches::app {

check::overrides meanings_now(storage::reader const& in, config const& conf)
{
    return check::with_stored(conf.engine.pass.meanings, in.meanings());
}

void each_meaning(
    storage::reader const& in,
    adapters::registry const& kinds,
    check::overrides const& says,
    std::vector<std::string> const& trackers,
    std::function<void(storage::shown_bug const&, verdict const&)> const& visit)
{
    in.each_bug({.trackers = trackers}, [&](storage::shown_bug const& shown) {
        auto const* const kind = kinds.find(shown.kind);
        if (kind == nullptr || !shown.bug.seen_at)
            return;
        check::interpreter const words{*kind, check::overrides_of(says, shown.tracker)};
        visit(shown, words.of(shown.bug.words));
    });
}

} // namespace checkwatches::app
