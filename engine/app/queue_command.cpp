#include "adapters/registry.hpp"
#include "engine/app/commands.hpp"
#include "engine/app/find_tracker.hpp"
#include "engine/app/known_kinds.hpp"
#include "engine/app/stored_words.hpp"
#include "engine/app/table.hpp"
#include "engine/serve/web/sift.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace checkwatches::app {
namespace {

using word_key = std::tuple<std::string, std::string, std::string>; // tracker, field, word

// How many bugs of these trackers have each word that is not known, as they are stored.
std::map<word_key, std::int64_t> count_bugs(
    storage::reader const& in,
    adapters::registry const& kinds,
    check::overrides const& says,
    std::vector<std::string> const& trackers)
{
    std::map<word_key, std::int64_t> out;
    each_meaning(in, kinds, says, trackers, [&](storage::shown_bug const& shown, verdict const& means) {
        for (auto const& word : means.unmapped)
            ++out[{shown.tracker, word.field, word.word}];
    });
    return out;
}

std::string json_of(storage::unmapped_entry const& entry, std::int64_t bugs)
{
    boost::json::object const out{
        {"tracker", entry.tracker},
        {"field", entry.what.field},
        {"word", entry.what.word},
        {"times", entry.times},
        {"bugs", bugs},
        {"first_seen", format_time(entry.first_seen)},
        {"last_seen", format_time(entry.last_seen)},
        {"setting", serve::setting_for(entry.tracker, entry.what.field, entry.what.word)}};
    return boost::json::serialize(out);
}

} // namespace

exit_code run_queue(global_options const& global, config const& conf, queue_options const& options)
{
    auto const reader = storage::reader::open(global.database);
    if (!reader)
        return fail(reader.error());
    if (auto const known = check_names(**reader, options.trackers); !known)
        return fail(known.error());
    auto entries = (*reader)->unmapped();
    std::erase_if(entries, [&](auto const& entry) {
        return !options.trackers.empty()
               && std::ranges::find(options.trackers, entry.tracker) == options.trackers.end();
    });
    std::set<std::string> names;
    for (auto const& entry : entries)
        names.insert(entry.tracker);
    std::map<word_key, std::int64_t> bugs;
    if (!names.empty())
        bugs = count_bugs(
            **reader, load_kinds(conf).all, meanings_now(**reader, conf), {names.begin(), names.end()});

    table shown{{"TRACKER", "FIELD", "WORD", "TIMES", "BUGS", "FIRST SEEN", "LAST SEEN", "SETTING"}};
    for (auto const& entry : entries) {
        auto const found = bugs.find({entry.tracker, entry.what.field, entry.what.word});
        if (found == bugs.end()) // it has a meaning by now, or no bug has it any more
            continue;
        auto const count = found->second;
        if (options.json)
            fmt::print("{}\n", json_of(entry, count));
        else
            shown.add(
                {entry.tracker,
                 entry.what.field,
                 entry.what.word,
                 fmt::format("{}", entry.times),
                 fmt::format("{}", count),
                 format_time(entry.first_seen),
                 format_time(entry.last_seen),
                 serve::setting_for(entry.tracker, entry.what.field, entry.what.word)});
    }
    if (!options.json && shown.empty())
        fmt::print("Every word of every bug has a meaning.\n");
    else if (!options.json)
        fmt::print("{}", shown.text(terminal_width()));
    return exit_code::done;
}

} // namespace checkwatches::app
