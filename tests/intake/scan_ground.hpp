#pragma once

#include "engine/intake/scan/short_ids.hpp"
#include "engine/intake/scan/text_link.hpp"
#include "storage/records.hpp"

#include <fmt/format.h>

#include <string>
#include <string_view>

namespace checkwatches::test {

// What recognisers need, and what they found as one text: "by url (relation) [the text at its place]", a line
// each.
class scan_ground {
public:
    adapters::registry const kinds{};
    intake::scan::short_ids shorts{};
    intake::scan::bug_addresses bugs{kinds};
    intake::scan::text_links found{};

    std::string shown(std::string_view text) const
    {
        std::string out;
        for (auto const& link : found)
            out += fmt::format(
                "{} {} ({}) [{}]\n",
                link.by,
                link.url,
                storage::word(link.is),
                text.substr(link.at, link.length));
        return out;
    }
};

} // namespace checkwatches::test
