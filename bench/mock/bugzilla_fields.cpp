#include "bench/mock/bugzilla.hpp"

#include <algorithm>
#include <array>

namespace checkwatches::mock {

namespace {

// The fields of 3.4 come first.
constexpr std::array field_names{
    std::string_view{"id"},
    std::string_view{"status"},
    std::string_view{"resolution"},
    std::string_view{"severity"},
    std::string_view{"priority"},
    std::string_view{"summary"},
    std::string_view{"last_change_time"},
    std::string_view{"creation_time"},
    std::string_view{"is_open"},
    std::string_view{"dupe_of"},
    std::string_view{"alias"},
    std::string_view{"product"},
    std::string_view{"component"},
    std::string_view{"assigned_to"},

    std::string_view{"assigned_to_detail"},
    std::string_view{"creator"},
    std::string_view{"creator_detail"},
    std::string_view{"qa_contact"},
    std::string_view{"platform"},
    std::string_view{"op_sys"},
    std::string_view{"groups"},
    std::string_view{"cc"},
    std::string_view{"cc_detail"},
    std::string_view{"keywords"},
    std::string_view{"target_milestone"},
    std::string_view{"whiteboard"},
    std::string_view{"blocks"},
    std::string_view{"depends_on"},
    std::string_view{"url"},
    std::string_view{"is_creator_accessible"},
    std::string_view{"is_cc_accessible"},
    std::string_view{"is_confirmed"},
    std::string_view{"version"},
    std::string_view{"classification"},
    std::string_view{"deadline"},
    std::string_view{"see_also"},
    std::string_view{"flags"},
    std::string_view{"type"}};
constexpr std::size_t fields_of_3_4 = 14;

field_value alias_of(bugzilla_ground const& at, bug const& b)
{
    switch (at.flavour.alias) {
    case alias_form::list:
        return b.alias.empty() ? std::vector<std::string_view>{} : std::vector<std::string_view>{b.alias};
    case alias_form::text_or_null:
        return b.alias.empty() ? field_value{} : field_value{std::string_view{b.alias}};
    case alias_form::text: break;
    }
    return std::string_view{b.alias};
}

std::optional<field_value> changing_value(bugzilla_ground const& at, bug const& b, std::string_view field)
{
    auto const& now = b.now();
    if (field == "id")
        return std::int64_t{b.id};
    if (field == "status")
        return std::string_view{now.status};
    if (field == "resolution")
        return std::string_view{now.resolution};
    if (field == "severity")
        return std::string_view{now.severity};
    if (field == "priority")
        return std::string_view{now.priority};
    if (field == "summary")
        return std::string_view{b.title};
    if (field == "last_change_time")
        return moment{now.since};
    if (field == "creation_time")
        return moment{b.created};
    if (field == "is_open")
        return is_open(at.site.bugs.words(), now.status);
    if (field == "dupe_of")
        return now.duplicate_of == 0 ? field_value{} : field_value{std::int64_t{now.duplicate_of}};
    if (field == "alias")
        return alias_of(at, b);
    if (field == "is_confirmed")
        return now.status != "UNCONFIRMED" && now.status != "REPORTED";
    return std::nullopt;
}

} // namespace

std::vector<std::string_view> known_fields(std::span<std::string_view const> wanted, bool old, bool mozilla)
{
    std::span<std::string_view const> all{field_names};
    all = old ? all.first(fields_of_3_4) : all.first(all.size() - (mozilla ? 0 : 1));
    bool const every = wanted.empty()
                       || std::ranges::any_of(wanted, [](auto w) { return w == "_default" || w == "_all"; });
    if (every)
        return {all.begin(), all.end()};
    std::vector<std::string_view> known;
    for (auto const field : all)
        if (std::ranges::find(wanted, field) != wanted.end())
            known.push_back(field);
    return known;
}

field_value value_of(bugzilla_ground const& at, bug const& b, std::string_view field)
{
    if (auto value = changing_value(at, b, field))
        return *std::move(value);
    if (field == "assigned_to")
        return std::string_view{"dev@example.org"};
    if (field == "assigned_to_detail")
        return person{"dev@example.org"};
    if (field == "creator")
        return std::string_view{"admin@example.org"};
    if (field == "creator_detail")
        return person{"admin@example.org"};
    if (field == "deadline")
        return {};
    if (field == "is_creator_accessible" || field == "is_cc_accessible")
        return true;
    constexpr std::array texts{
        std::pair{std::string_view{"product"}, std::string_view{"Gadget"}},
        std::pair{std::string_view{"component"}, std::string_view{"UI & \"Look\""}},
        std::pair{std::string_view{"platform"}, std::string_view{"PC"}},
        std::pair{std::string_view{"op_sys"}, std::string_view{"Linux"}},
        std::pair{std::string_view{"target_milestone"}, std::string_view{"---"}},
        std::pair{std::string_view{"version"}, std::string_view{"1.0"}},
        std::pair{std::string_view{"classification"}, std::string_view{"Unclassified"}},
        std::pair{std::string_view{"type"}, std::string_view{"defect"}},
        std::pair{std::string_view{"qa_contact"}, std::string_view{}},
        std::pair{std::string_view{"whiteboard"}, std::string_view{}},
        std::pair{std::string_view{"url"}, std::string_view{}}};
    for (auto const& [name, text] : texts)
        if (name == field)
            return text;
    return std::vector<std::string_view>{};
}

std::size_t first_member(bug const& b, std::size_t fields) noexcept
{
    return fields == 0 ? 0 : (static_cast<std::size_t>(b.id) * 7 + b.version()) % fields;
}

} // namespace checkwatches::mock
