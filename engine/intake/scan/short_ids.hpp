#pragma once

#include "engine/core/error.hpp"
#include "engine/intake/scan/bug_addresses.hpp"
#include "engine/intake/scan/text_link.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace checkwatches::intake::scan {

// What short ids stand for: "boo" for "https://bugzilla.opensuse.org/show_bug.cgi?id={id}". An id is what
// the template asks for: {id} a number ("boo#17"); {project} beside it the path of a project
// ("gh#owner/name#17"); {key} a key of Jira ("jsc#PED-17").
class short_ids {
public:
    // What distributions write: see the table in the source.
    short_ids();

    // One more, in place of what was known of this prefix. An error of kind usage: the prefix is not made of
    // letters and digits with a letter first, or what the template makes of an id is no address.
    result<void> add(std::string const& prefix, std::string const& address);

    // By prefix, in lower case.
    std::map<std::string, std::string, std::less<>> const& all() const noexcept { return all_; }

    // Adds the short ids in a part of a text, found by "boo#", in any case of letters. The end of another
    // word or of an address is no short id.
    void
    find(std::string_view text, span part, storage::relation is, bug_addresses& bugs, text_links& into) const;

private:
    std::map<std::string, std::string, std::less<>> all_;
};

} // namespace checkwatches::intake::scan
