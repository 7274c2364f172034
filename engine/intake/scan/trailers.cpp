#include "engine/intake/scan/trailers.hpp"

#include "engine/core/ascii.hpp"
#include "engine/intake/scan/deb_changelog.hpp"
#include "engine/intake/scan/fields.hpp"
#include "engine/intake/scan/text_urls.hpp"

#include <array>
#include <optional>

namespace checkwatches::intake::scan {
namespace {

struct trailer {
    std::string_view name;
    storage::relation is;
};

std::optional<trailer> known_trailer(std::string_view name)
{
    using enum storage::relation;
    constexpr std::array<trailer, 6> all{
        {{"Bug", same},
         {"BugLink", same},
         {"Closes", same},
         {"Fixes", same},
         {"Link", related},
         {"Resolves", same}}};
    for (auto const& one : all)
        if (same_word(name, one.name))
            return one;
    return std::nullopt;
}

} // namespace

void find_in_message(
    std::string_view text, bool of_debian, short_ids const& shorts, bug_addresses& bugs, text_links& into)
{
    each_field(text, field_margin::none, [&](field const& one) {
        auto const known = known_trailer(one.name);
        if (!known)
            return;
        find_urls(text, one.value, said::as_bug, known->is, known->name, bugs, into);
        shorts.find(text, one.value, known->is, bugs, into);
    });
    if (of_debian)
        find_closed(text, bugs, into);
}

} // namespace checkwatches::intake::scan
