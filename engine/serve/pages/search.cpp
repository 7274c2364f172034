#include "engine/core/ascii.hpp"
#include "engine/core/url.hpp"
#include "engine/serve/pages/page.hpp"
#include "engine/serve/pages/rows.hpp"
#include "engine/serve/pages/text.hpp"

#include <fmt/format.h>

namespace checkwatches::serve::view {
namespace {

namespace json = boost::json;

constexpr std::size_t most_trackers = 20;
constexpr std::int64_t most_labels = 20;
constexpr std::size_t longest_question = 2000;

page elsewhere(std::string path)
{
    return {.location = std::move(path)};
}

// Why an address is no bug's, and apart from it the long list of what would be one.
void put_refusal(json::object& model, error const& why)
{
    constexpr std::string_view known = "; known shapes are ";
    auto const at = why.message.find(known);
    model["why"] = cut(std::string_view{why.message}.substr(0, at), 300);
    model["shapes"] = at == std::string::npos ? std::string{} : why.message.substr(at + known.size());
}

// A bug's address: its page, or the offer to watch it.
page address_page(asked const& with, std::string const& url)
{
    auto const found = with.known.find(with.in, url);
    if (found && *found)
        return elsewhere(path_of(**found));
    page out{.name = "search", .title = "Search"};
    out.sentence = found ? "This bug is not watched." : "No tracker that is known here has this address.";
    out.model["offer"] = true;
    out.model["url"] = url;
    if (!found)
        put_refusal(out.model, found.error());
    out.model["url_href"] = safe_link(url);
    return out;
}

// "bugs.example.org 4711"
std::optional<storage::bug_id> bug_of_tracker(asked const& with, std::string_view text)
{
    auto const blank = text.rfind(' ');
    if (blank == std::string_view::npos)
        return std::nullopt;
    auto const at = with.in.tracker_by_name(std::string{trimmed(text.substr(0, blank))});
    if (!at)
        return std::nullopt;
    auto id = trimmed(text.substr(blank + 1));
    if (id.starts_with('#'))
        id.remove_prefix(1);
    return with.in.find_bug(at->id, std::string{id});
}

json::array trackers_like(asked const& with, std::string const& text)
{
    json::array out;
    auto const wanted = lower(text);
    for (auto const& one : with.in.trackers()) {
        if (out.size() == most_trackers)
            break;
        if (lower(one.name).find(wanted) == std::string::npos
            && lower(one.base_url).find(wanted) == std::string::npos)
            continue;
        out.push_back(json::object{{"href", path_of_tracker(one.name)}, {"name", cut(one.name, 100)}});
    }
    return out;
}

json::array labels_like(asked const& with, std::string const& text)
{
    json::array out;
    auto const add = [&](std::string const& label) {
        out.push_back(
            json::object{{"href", link("/watches", {{"label", label}})}, {"name", cut(label, 100)}});
    };
    storage::watch_list const exact{.label = text};
    if (!with.in.list_watches(exact, 1).empty())
        add(text);
    for (auto const& one : with.in.watch_groups(storage::watch_field::label, text, most_labels))
        if (one.value.starts_with(text))
            add(one.value);
    return out;
}

} // namespace

page refused_watch_page(http_fields const& form, error const& why)
{
    page out{.status = 400, .name = "search", .title = "Watch a bug", .sentence = "This is not watched."};
    auto& model = out.model;
    model["offer"] = true;
    model["url"] = std::string{find_field(form, "url")};
    model["url_href"] = safe_link(find_field(form, "url"));
    model["add_label"] = std::string{find_field(form, "label")};
    model["add_owner"] = std::string{find_field(form, "owner")};
    put_refusal(model, why);
    return out;
}

// Anything that can be pasted: a bug's address, "tracker id", an id, a label, a part of a tracker's name.
page search_page(asked const& with)
{
    std::string const text{trimmed(with.rq.argument("q"))};
    if (text.size() > longest_question)
        throw bad_argument{"That is too long to be searched for."};
    page out{.name = "search", .title = "Search"};
    out.model["offer"] = false;
    out.model["url"] = "";
    if (text.empty()) {
        out.sentence = "Paste the address of a bug, its number, a label or a tracker's name.";
        return out;
    }
    if (parse_url(text))
        return address_page(with, text);
    if (auto const bug = bug_of_tracker(with, text))
        return elsewhere(path_of(*bug));
    auto const number = text.starts_with('#') ? text.substr(1) : text;
    auto bugs = with.in.bugs_numbered(number, most_rows);
    auto trackers = trackers_like(with, text);
    auto labels = labels_like(with, text);
    if (bugs.size() == 1 && trackers.empty() && labels.empty())
        return elsewhere(path_of(bugs.front().bug.id));
    if (trackers.size() == 1 && bugs.empty() && labels.empty())
        return elsewhere(std::string{std::string_view{trackers[0].as_object().at("href").as_string()}});
    if (labels.size() == 1 && bugs.empty() && trackers.empty())
        return elsewhere(std::string{std::string_view{labels[0].as_object().at("href").as_string()}});
    json::array rows;
    for (auto const& one : bugs)
        rows.push_back(row_of(with, one));
    auto const found = rows.size() + trackers.size() + labels.size();
    out.sentence = found == 0 ? fmt::format("Nothing here is called “{}”.", cut(text, 100))
                              : fmt::format(
                                    "“{}” is found {}.",
                                    cut(text, 100),
                                    counted(static_cast<std::int64_t>(found), "time"));
    auto& model = out.model;
    model["nothing"] = found == 0;
    model["caption"] = counted(static_cast<std::int64_t>(rows.size()), "bug") + " with this number";
    model["has_rows"] = !rows.empty();
    model["rows"] = std::move(rows);
    model["has_trackers"] = !trackers.empty();
    model["trackers"] = std::move(trackers);
    model["has_labels"] = !labels.empty();
    model["labels"] = std::move(labels);
    return out;
}

} // namespace checkwatches::serve::view
