#include "engine/intake/scan/dep3.hpp"

#include "engine/core/ascii.hpp"
#include "engine/intake/scan/deb_changelog.hpp"
#include "engine/intake/scan/fields.hpp"
#include "engine/intake/scan/text_urls.hpp"

#include <algorithm>
#include <array>

namespace checkwatches::intake::scan {
namespace {

bool ends_header(std::string_view line)
{
    constexpr std::array<std::string_view, 7> starts{
        "diff ", "Index: ", "--- ", "+++ ", "*** ", "@@ ", "=== "};
    return trimmed(line) == "---"
           || std::ranges::any_of(starts, [&](std::string_view start) { return line.starts_with(start); });
}

std::string_view header_of(std::string_view text)
{
    for (std::size_t begin = 0; begin < text.size();) {
        auto const end = line_end(text, begin);
        if (ends_header(text.substr(begin, end - begin)))
            return text.substr(0, begin);
        begin = end + 1;
    }
    return text;
}

bool names_bugs(std::string_view field)
{
    constexpr std::string_view of_vendor = "bug-";
    return same_word(field, "bug") || same_word(field, "forwarded")
           || (field.size() > of_vendor.size() && same_word(field.substr(0, of_vendor.size()), of_vendor));
}

} // namespace

void find_in_patch_header(
    std::string_view text, short_ids const& shorts, bug_addresses& bugs, text_links& into)
{
    auto const header = header_of(text);
    each_field(header, field_margin::comment, [&](field const& one) {
        if (!names_bugs(one.name))
            return;
        constexpr auto is = storage::relation::same;
        auto const before = into.size();
        find_urls(header, one.value, said::as_bug, is, one.name, bugs, into);
        shorts.find(header, one.value, is, bugs, into);
        if (into.size() != before)
            return;
        if (same_word(one.name, "bug-debian"))
            find_numbers(header, one.value, debian_bugs, is, one.name, bugs, into);
        else if (same_word(one.name, "bug-ubuntu"))
            find_numbers(header, one.value, launchpad_bugs, is, one.name, bugs, into);
    });
}

} // namespace checkwatches::intake::scan
