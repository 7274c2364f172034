#include "bench/mock/trac.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <tuple>

namespace checkwatches::mock {

namespace {

constexpr std::array types{"defect", "enhancement", "task"};

// "5", "1-5": an inclusive range; nothing where it is neither.
std::optional<std::pair<std::int64_t, std::int64_t>> read_range(std::string_view text)
{
    auto const dash = text.find('-');
    auto const from = read_id(text.substr(0, dash));
    auto const to = dash == std::string_view::npos ? from : read_id(text.substr(dash + 1));
    if (!from || !to)
        return std::nullopt;
    return std::pair{*from, *to};
}

bool is_constraint(std::string_view name)
{
    constexpr std::array names{
        "summary",
        "owner",
        "type",
        "status",
        "priority",
        "milestone",
        "component",
        "version",
        "severity",
        "resolution",
        "keywords",
        "cc",
        "reporter",
        "changetime",
        "time"};
    return std::ranges::find(names, name) != names.end();
}

// "start..end": from start on; an empty end is open.
bool in_interval(std::int64_t t, std::string_view text)
{
    auto const dots = text.find("..");
    auto const start = read_time(text.substr(0, dots));
    auto const end = dots == std::string_view::npos ? std::nullopt : read_time(text.substr(dots + 2));
    return (!start || t >= *start) && (!end || t < *end);
}

bool matches(
    trac_ground const& at, bug const& b, std::string_view name, std::vector<std::string> const& values)
{
    bool any = false;
    for (std::string_view value : values) {
        if (name == "changetime" || name == "time") {
            any = any || in_interval(name == "time" ? b.created : b.now().since, value);
            continue;
        }
        bool const negated = value.starts_with('!');
        if (negated)
            value.remove_prefix(1);
        any = any || ((ticket_field(at, b, name) == value) != negated);
    }
    return any;
}

} // namespace

std::string ticket_field(trac_ground const& at, bug const& b, std::string_view field)
{
    auto const& now = b.now();
    if (field == "id")
        return std::to_string(b.id);
    if (field == "status")
        return now.status;
    if (field == "resolution")
        return now.resolution.empty() && !at.flavour.labels ? "--" : now.resolution;
    if (field == "priority")
        return now.priority;
    if (field == "severity")
        return now.severity;
    if (field == "summary")
        return b.title;
    if (field == "type")
        return types[static_cast<std::size_t>(b.id) % types.size()];
    if (field == "time")
        return trac_time(b.created);
    if (field == "changetime")
        return trac_time(now.since);
    if (field == "reporter")
        return "alice";
    if (field == "owner")
        return "bob";
    if (field == "description")
        return fmt::format("Desc {}\nsecond line, with \"quotes\"", b.id);
    if (field == "milestone")
        return fmt::format("milestone{}", b.id % 3 + 1);
    if (field == "component")
        return fmt::format("component{}", b.id % 2 + 1);
    if (field == "version")
        return "1.0";
    if (field == "keywords")
        return fmt::format("k{}, k2", b.id);
    return field == "cc" ? "alice x@…" : "";
}

trac_query::trac_query(form const& fields, bool old)
{
    for (auto const& [name, value] : fields) {
        if (name == "id" && !value.empty()) {
            asks_ids = true;
            for (auto const part : split(value, ',')) {
                auto const range = read_range(part);
                bad_ids = bad_ids || !range;
                if (range)
                    ids.push_back(*range);
            }
        }
        else if (name == "order") {
            order = value;
        }
        else if (name == "desc") {
            descending = value == "1";
        }
        else if (name == "max") {
            most = static_cast<std::size_t>(read_id(value).value_or(0));
        }
        else if (is_constraint(name) && !(old && (name == "changetime" || name == "time"))) {
            auto const at = std::ranges::find(constraints, name, [](auto const& c) { return c.first; });
            if (at == constraints.end())
                constraints.push_back({name, {value}});
            else
                at->second.push_back(value);
        }
    }
    if (!asks_ids && constraints.empty())
        constraints.push_back({"status", {"!closed"}});
}

std::vector<bug const*> trac_query::run(trac_ground const& at, bool known) const
{
    auto const& bugs = at.site.bugs;
    auto const all = static_cast<std::int64_t>(bugs.all().size());
    std::vector<bug const*> found;
    for (auto const& [from, to] : ids) {
        if (from == to || to > all)
            at.site.bugs.record_asked(to);
        for (auto id = std::max<std::int64_t>(from, 1); id <= std::min(to, all); ++id) {
            if (from != to)
                at.site.bugs.record_asked(id);
            found.push_back(bugs.find(id));
        }
    }
    if (!asks_ids)
        for (auto const& b : bugs.all())
            found.push_back(&b);

    std::erase_if(found, [&](bug const* b) {
        return (b->hidden && !known) || !std::ranges::all_of(constraints, [&](auto const& c) {
                   return matches(at, *b, c.first, c.second);
               });
    });
    auto const& words = bugs.words();
    auto const key = [&](bug const* b) {
        auto const place = order == "priority" ? rank(words.priorities, b->now().priority)
                           : order == "status" ? rank(words.statuses, b->now().status)
                                               : 0;
        auto text = order == "resolution" || order == "summary" ? ticket_field(at, *b, order) : std::string{};
        return std::tuple{place, std::move(text), b->id};
    };
    std::ranges::sort(found, {}, key);
    auto const repeated = std::ranges::unique(found);
    found.erase(repeated.begin(), repeated.end());
    if (descending)
        std::ranges::reverse(found);
    return found;
}

} // namespace checkwatches::mock
