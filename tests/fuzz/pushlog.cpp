#include "engine/serve/http/message.hpp"
#include "engine/serve/log/atom.hpp"
#include "engine/serve/log/push_request.hpp"
#include "tests/fuzz/claim.hpp"

#include <string>

using namespace checkwatches;
using namespace checkwatches::serve;

namespace {

void claim_date(std::string_view text)
{
    auto const date = read_push_date(text);
    if (!date)
        return;
    fuzz::claim(text.size() >= 10 && text.size() <= 40, "a date has the length of one");
    using namespace std::chrono;
    constexpr checkwatches::utc_time first = sys_days{year{0} / 1 / 1};
    constexpr checkwatches::utc_time end = sys_days{year{10000} / 1 / 1};
    if (*date >= first && *date < end)
        fuzz::claim(
            read_push_date(format_time(*date)) == floor<seconds>(*date), "what is written is read back");
    if (text.size() == 10)
        fuzz::claim(read_push_date(std::string{text} + " 00:00:00") == date, "a day begins at midnight");
}

void claim_good(push_request const& asked)
{
    fuzz::claim(asked.version == 1 || asked.version == 2, "there are two versions");
    fuzz::claim(
        asked.users.size() <= most_of_a_filter && asked.changesets.size() <= most_of_a_filter,
        "the filters are bounded");
}

} // namespace

// The query of a request for pushes, and a date.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    auto const text = fuzz::as_text(data, size);
    claim_date(text);
    auto const query = read_form(text);
    if (query) {
        for (auto const& [name, value] : *query)
            claim_date(value);
        if (auto const asked = read_push_request(*query)) {
            claim_good(*asked);
            // What begins somewhere by a parameter of a higher rank does so without the others, too.
            auto more = *query;
            more.emplace_back("startdate", "2026-11-22");
            auto const dated = read_push_request(more);
            fuzz::claim(
                dated.has_value() && std::holds_alternative<utc_time>(dated->begin),
                "a date goes before all");
        }
    }
    auto const shown = xml_text(text);
    fuzz::claim(xml_text(shown) == shown, "what XML can have is left as it is");
    return 0;
}
