#include "engine/intake/scan/file_text.hpp"

#include "engine/intake/scan/deb_changelog.hpp"
#include "engine/intake/scan/dep3.hpp"
#include "engine/intake/scan/metadata.hpp"
#include "engine/intake/scan/rpm.hpp"
#include "engine/intake/scan/text_urls.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace checkwatches::intake::scan {

file_kind kind_of(std::string_view path)
{
    if (path == "debian/changelog")
        return file_kind::deb_changelog;
    if (path == "debian/upstream/metadata")
        return file_kind::deb_metadata;
    if (path.starts_with("debian/patches/"))
        return file_kind::deb_patch;
    if (path.ends_with(".spec"))
        return file_kind::rpm_spec;
    return path.ends_with(".changes") ? file_kind::rpm_changes : file_kind::text;
}

void find_in_file(
    file_kind kind, std::string_view text, short_ids const& shorts, bug_addresses& bugs, text_links& into)
{
    text_links found;
    switch (kind) {
    case file_kind::deb_changelog: find_closed(text, bugs, found); break;
    case file_kind::deb_metadata: find_in_metadata(text, bugs, found); break;
    case file_kind::deb_patch: find_in_patch_header(text, shorts, bugs, found); break;
    case file_kind::rpm_spec: find_in_spec(text, shorts, bugs, found); break;
    case file_kind::rpm_changes: find_in_changes(text, shorts, bugs, found); break;
    case file_kind::text: break;
    }
    find_mentions(text, bugs, found);
    // What names the same place is one: what it is there says more than that it is mentioned.
    std::ranges::sort(
        found, {}, [](text_link const& link) { return std::pair{link.at, link.by == mention}; });
    auto const again = std::ranges::unique(found, {}, &text_link::at);
    found.erase(again.begin(), again.end());
    std::ranges::move(found, std::back_inserter(into));
}

} // namespace checkwatches::intake::scan
