#include "engine/feed/digest/transitions.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

namespace checkwatches::feed {
namespace {

constexpr std::string_view any = "*";
constexpr std::string_view none = "";

struct transition {
    std::string_view field;
    std::string_view from;
    std::string_view to;
    bool told;
};

// The first row that fits decides. What an operator did, what another meaning of the same words did, and what
// stands in no row is quiet.
constexpr std::array table{
    transition{"status", none, any, false},      // seen for the first time
    transition{"status", any, none, false},      // not known is no news of the bug
    transition{"status", "Unknown", any, false}, // understood for the first time
    transition{"status", any, "Unknown", false}, // a word that we do not know yet: the queue has it
    transition{"status", any, any, true},
    transition{"importance", none, any, false},
    transition{"importance", any, none, false},
    transition{"importance", "Unknown", any, false},
    transition{"importance", any, "Unknown", false},
    transition{"importance", any, any, true},
    transition{"moved_to", any, none, false},
    transition{"moved_to", any, any, true},       // a bug moves once: nothing was there before
    transition{"remote_status", any, any, false}, // only the tracker's words
    transition{"remote_importance", any, any, false},
    transition{"duplicate_of", any, any, false}, // its status tells
};

bool fits(std::string_view wanted, std::optional<std::string> const& word)
{
    return wanted == any || wanted == word.value_or("");
}

} // namespace

bool is_told(storage::change const& c, std::vector<std::string> const& named)
{
    if (!c.actor.empty() || !c.reason.empty() || !c.bug || c.before == c.after)
        return false;
    auto const row = std::ranges::find_if(table, [&](transition const& t) {
        return t.field == c.field && fits(t.from, c.before) && fits(t.to, c.after);
    });
    if (row != table.end() && row->told)
        return true;
    bool const is_quiet_field = c.field == "duplicate_of" || c.field.starts_with("remote_");
    return is_quiet_field && c.after && std::ranges::find(named, c.field) != named.end();
}

} // namespace checkwatches::feed
