#include "engine/intake/scan/rpm.hpp"

#include "engine/core/ascii.hpp"
#include "engine/intake/scan/fields.hpp"

namespace checkwatches::intake::scan {
namespace {

// "%files", "%package devel": a section of its own begins; entries of a changelog begin with "*" and "-".
bool begins_section(std::string_view line)
{
    return line.size() > 1 && line[0] == '%' && line[1] >= 'a' && line[1] <= 'z';
}

} // namespace

void find_in_spec(std::string_view text, short_ids const& shorts, bug_addresses& bugs, text_links& into)
{
    bool in_changelog = false;
    for (std::size_t begin = 0; begin < text.size();) {
        span const line{begin, line_end(text, begin)};
        auto const words = trimmed(text.substr(line.begin, line.end - line.begin));
        if (words == "%changelog")
            in_changelog = true;
        else if (begins_section(words))
            in_changelog = false;
        else if (in_changelog)
            shorts.find(text, line, storage::relation::same, bugs, into);
        else if (words.starts_with('#'))
            shorts.find(text, line, storage::relation::related, bugs, into);
        begin = line.end + 1;
    }
}

void find_in_changes(std::string_view text, short_ids const& shorts, bug_addresses& bugs, text_links& into)
{
    shorts.find(text, {.begin = 0, .end = text.size()}, storage::relation::same, bugs, into);
}

} // namespace checkwatches::intake::scan
