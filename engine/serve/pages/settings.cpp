#include "engine/serve/pages/page.hpp"
#include "engine/serve/pages/rows.hpp"
#include "engine/serve/pages/text.hpp"

#include <fmt/format.h>

namespace checkwatches::serve::view {
namespace {

namespace json = boost::json;

template <class Number>
std::string text_of(std::optional<Number> const& number)
{
    return number ? fmt::to_string(*number) : std::string{};
}

// A choice of yes, no, and what the configuration says.
json::array choices(std::optional<bool> const& is)
{
    return {
        json::object{{"value", "unset"}, {"word", "as the configuration says"}, {"here", !is.has_value()}},
        json::object{{"value", "yes"}, {"word", "yes"}, {"here", is == true}},
        json::object{{"value", "no"}, {"word", "no"}, {"here", is == false}}};
}

} // namespace

page settings_page(asked const& with, storage::tracker const& tracker)
{
    page out{
        .name = "settings",
        .title = "Settings of " + tracker.name,
        .sentence = "A field that is left empty is as the configuration file says."};
    auto const set = with.in.state_of(tracker.id).settings;
    auto& model = out.model;
    model["tracker"] = tracker.name;
    model["path"] = path_of_tracker(tracker.name);
    auto const field = [](std::string_view name, std::string_view word, std::string value) {
        return json::object{{"name", name}, {"word", word}, {"value", std::move(value)}};
    };
    model["numbers"] = json::array{
        field("batch", "Bugs in one request, at most", text_of(set.batch)),
        field("lanes", "Requests under way at a time", text_of(set.lanes)),
        field("connections", "Connections to its host", text_of(set.connections)),
        field("requests_per_second", "Requests a second to its host", text_of(set.requests_per_second))};
    model["switches"] = json::array{
        json::object{
            {"name", "changed_since"},
            {"word", "Ask only for what changed, where it can tell"},
            {"choices", choices(set.changed_since)}},
        json::object{{"name", "comments"}, {"word", "Import comments"}, {"choices", choices(set.comments)}}};
    std::string products;
    for (auto const& one : set.comments_of)
        products += one + "\n";
    model["comments_of"] = products;
    return out;
}

} // namespace checkwatches::serve::view
