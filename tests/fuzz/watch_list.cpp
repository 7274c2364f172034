#include "engine/intake/lists/watch_list.hpp"

#include "engine/core/url.hpp"
#include "tests/fuzz/claim.hpp"

#include <algorithm>

using namespace checkwatches;

namespace {

void check_entry(storage::list_entry const& entry)
{
    fuzz::claim(entry.line >= 1 && entry.column >= 1, "an entry has a place");
    bool const is_bad = entry.state == storage::entry_state::bad;
    fuzz::claim(is_bad != entry.reason.empty(), "what is bad says why, and nothing else does");
    for (auto const* text : {&entry.label, &entry.owner, &entry.note, &entry.tracker, &entry.bug})
        fuzz::claim(fuzz::is_printable(*text) && text->size() <= 1'000, "a text is bounded");
    if (!is_bad)
        fuzz::claim(
            entry.url.empty() ? !entry.tracker.empty() && !entry.bug.empty()
                              : entry.tracker.empty() && entry.bug.empty() && parse_link(entry.url).has_value(),
            "a good entry names one bug");
}

} // namespace

// A list in one of the three forms: which, says the first byte.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    if (size == 0)
        return 0;
    auto const text = fuzz::as_text(data + 1, size - 1);
    auto const list = intake::read_list(text, static_cast<intake::list_format>(data[0] % 3));
    if (list.broken) {
        fuzz::claim(!list.broken->reason.empty() && list.entries.empty(), "a broken list has no entries");
        return 0;
    }
    std::vector<storage::list_entry> good;
    for (auto const& entry : list.entries) {
        check_entry(entry);
        if (entry.state != storage::entry_state::bad)
            good.push_back(entry);
    }
    auto const again = intake::read_list(intake::write_list(good), intake::list_format::json);
    auto const same = [](storage::list_entry const& a, storage::list_entry const& b) {
        return a.url == b.url && a.tracker == b.tracker && a.bug == b.bug && a.label == b.label
               && a.owner == b.owner && a.is == b.is && a.note == b.note;
    };
    fuzz::claim(
        !again.broken && std::ranges::equal(again.entries, good, same), "what is written is read as the same");
    return 0;
}
