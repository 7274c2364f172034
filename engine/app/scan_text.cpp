#include "engine/app/scan_text.hpp"

#include "adapters/wire/text.hpp"
#include "engine/app/table.hpp"
#include "engine/intake/lists/watch_list.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <fmt/format.h>

#include <iterator>

namespace checkwatches::app {
namespace {

namespace json = boost::json;

// As a compiler names a place, so that an editor finds it.
std::string path_of(intake::scan::place const& where)
{
    auto const place = where.commit.empty() ? where.text() : "commit " + where.commit;
    return where.folder == "."
               ? place
               : fmt::format("{}{}{}", where.folder, where.commit.empty() ? "/" : ": ", place);
}

std::string lines_of(intake::scan::scan_report const& report)
{
    std::string out;
    for (auto const& link : report.links)
        out += one_line(fmt::format(
                   "{}: {} ({}, {})", path_of(link.where), link.url, link.by, storage::word(link.is)))
               + "\n";
    return out;
}

json::value or_null(std::string const& text)
{
    return text.empty() ? json::value() : json::value(text);
}

std::string objects_of(std::vector<intake::scan::found_bug> const& bugs, std::string const& owner)
{
    std::string out;
    for (auto const& bug : bugs) {
        auto const& at = bug.first;
        out += json::serialize(json::object{
                   {"url", bug.url},
                   {"label", bug.label},
                   {"owner", owner},
                   {"relation", storage::word(bug.is)},
                   {"by", bug.by},
                   {"folder", wire::without_controls(at.folder)},
                   {"file", or_null(wire::without_controls(at.file))},
                   {"line", at.file.empty() ? json::value() : json::value(at.line)},
                   {"commit", or_null(at.commit)},
                   {"places", bug.places}})
               + "\n";
    }
    return out;
}

std::string list_of(std::vector<intake::scan::found_bug> const& bugs, std::string const& owner)
{
    std::vector<storage::list_entry> entries;
    for (auto const& bug : bugs)
        entries.push_back(
            {.url = bug.url, .label = bug.label, .owner = owner, .is = bug.is, .note = note_of(bug)});
    return intake::write_list(entries);
}

} // namespace

std::string note_of(intake::scan::found_bug const& bug)
{
    auto out = fmt::format("{} {}", bug.first.text(), bug.by);
    if (bug.places > 1)
        out += fmt::format(" (and {} more)", bug.places - 1);
    return out;
}

std::string text_of(
    intake::scan::scan_report const& report,
    std::vector<intake::scan::found_bug> const& bugs,
    scan_options const& options)
{
    switch (options.format) {
    case scan_format::lines: return lines_of(report);
    case scan_format::objects: return objects_of(bugs, options.owner);
    case scan_format::watch_list: break;
    }
    return list_of(bugs, options.owner);
}

} // namespace checkwatches::app
