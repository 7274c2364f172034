#include "engine/intake/adopt/bts_link.hpp"
#include "engine/intake/adopt/bugwarrior.hpp"
#include "engine/intake/adopt/clean_text.hpp"
#include "engine/intake/adopt/csv_list.hpp"
#include "engine/intake/adopt/forwarded.hpp"
#include "engine/intake/adopt/launchpad_watches.hpp"
#include "tests/fuzz/claim.hpp"

using namespace checkwatches;

namespace {

void check_spot(intake::spot const& at, std::size_t lines)
{
    fuzz::claim(at.line >= 0 && at.column >= 0, "a place is not before the beginning");
    fuzz::claim(static_cast<std::size_t>(at.line) <= lines, "a place is in the text");
}

// What holds for each list, however damaged its text was.
void check(intake::adopted const& list, std::size_t lines)
{
    for (auto const& watch : list.watches) {
        check_spot(watch.at, lines);
        fuzz::claim(
            !watch.url.empty() || (!watch.tracker.empty() && !watch.bug.empty()), "a watch names a bug");
        for (auto const* const text :
             {&watch.url, &watch.tracker, &watch.bug, &watch.what.label, &watch.usual_label})
            fuzz::claim(!intake::flaw_of(*text), "what is taken over can be stored");
    }
    for (auto const& tracker : list.trackers) {
        check_spot(tracker.at, lines);
        auto const url = parse_url(tracker.url);
        fuzz::claim(url && url->query.empty(), "a tracker has an address without a query");
        fuzz::claim(!tracker.kind.empty(), "a tracker has a kind");
    }
    for (auto const& rest : list.rest) {
        check_spot(rest.at, lines);
        fuzz::claim(!rest.reason.empty(), "what is not taken over has a reason");
    }
}

void check(result<intake::adopted> const& list, std::size_t lines)
{
    if (list)
        check(*list, lines);
    else
        fuzz::claim(
            list.error().kind == error_kind::unparsable || list.error().kind == error_kind::too_large,
            "a text that is no list is unparsable or too large");
}

} // namespace

// Which list it is, and its text.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    if (size == 0)
        return 0;
    auto const text = fuzz::as_text(data + 1, size - 1);
    // YAML and TOML know other line ends, too; the end of the text is behind the last.
    auto const lines = text.size() + 2;
    switch (data[0] % 7) {
    case 0: check(intake::read_csv_list(text), lines); break;
    case 1: check(intake::read_forwarded(text), lines); break;
    case 2: check(intake::read_bts_link(text), lines); break;
    case 3: check(intake::read_bugwarrior(text, intake::bugwarrior_form::ini), lines); break;
    case 4: check(intake::read_bugwarrior(text, intake::bugwarrior_form::toml), lines); break;
    case 5: {
        intake::adopted list;
        for (auto const& [number, view] : intake::read_usertags(text, list.rest)) {
            fuzz::claim(!number.empty(), "tags are of a bug");
            fuzz::claim(!view.status.empty(), "a bug is listed for what is said of it");
        }
        check(list, lines);
        break;
    }
    default: {
        auto const page = intake::read_watch_page(
            {.status = 200, .headers{{"Content-Type", "application/json"}}, .body = std::string{text}}, "1");
        if (page)
            check(intake::adopted{.watches = page->watches, .rest = page->rest}, lines);
    }
    }
    return 0;
}
