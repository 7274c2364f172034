#include "engine/serve/log/atom.hpp"

#include "engine/serve/api/questions.hpp"
#include "engine/serve/http/escapes.hpp"
#include "engine/serve/log/pushes.hpp"
#include "engine/serve/pages/text.hpp"
#include "storage/chain.hpp"

#include <fmt/format.h>
#include <pugixml.hpp>

#include <map>
#include <sstream>
#include <utility>

namespace checkwatches::serve {
namespace {

constexpr std::int64_t entries_of_a_part = 100;
constexpr std::string_view unknown = "\xEF\xBF\xBD";
constexpr std::size_t longest_title = 300;

using fields = std::vector<std::pair<std::string, std::string>>;

fields filters_of(feed_request const& of)
{
    fields out;
    auto const add = [&](std::string_view name, std::optional<std::string> const& value) {
        if (value)
            out.emplace_back(name, *value);
    };
    add("tracker", of.tracker);
    add("label", of.label);
    add("owner", of.owner);
    if (of.kind != change_kind::all)
        out.emplace_back("kind", word(of.kind));
    return out;
}

std::string address_of(feed_request const& of, std::string_view path, std::optional<std::int64_t> before)
{
    auto query = filters_of(of);
    if (before)
        query.emplace_back("before", std::to_string(*before));
    return of.site + view::link(path, std::move(query));
}

std::string title_of(feed_request const& of)
{
    std::string out = "Changes of watched bugs";
    if (of.kind == change_kind::acts)
        out = "What operators did";
    else if (of.kind == change_kind::statuses)
        out = "Changes of the status of watched bugs";
    if (of.tracker)
        out += " at " + *of.tracker;
    if (of.label)
        out += " for " + *of.label;
    if (of.owner)
        out += " of " + *of.owner;
    return out;
}

void put(pugi::xml_node to, char const* name, std::string_view text)
{
    to.append_child(name).text().set(xml_text(text).c_str());
}

void put_link(pugi::xml_node to, char const* relation, std::string_view target, char const* type = nullptr)
{
    auto link = to.append_child("link");
    link.append_attribute("rel") = relation;
    if (type != nullptr)
        link.append_attribute("type") = type;
    link.append_attribute("href") = xml_text(target).c_str();
}

// A sentence a line: what happened, to which bug, what our words for it are.
std::string content_of(feed_entry const& entry)
{
    auto const& c = entry.what.what;
    auto out = description_of(entry.what) + "\n";
    if (!c.actor.empty())
        return out + fmt::format("By {}.\n", c.actor);
    out += fmt::format(
        "{}: {} → {}\n", c.field, c.before.value_or("not known"), c.after.value_or("not known"));
    if (!c.reason.empty())
        out += fmt::format("Because of a {}.\n", c.reason);
    if (!entry.url.empty())
        out += entry.url + "\n";
    return out;
}

void put_entry(pugi::xml_node feed, feed_request const& of, feed_entry const& entry)
{
    auto const& c = entry.what.what;
    auto node = feed.append_child("entry");
    put(node, "id", fmt::format("tag:checkwatches,2026:change/{}", storage::hash_of(c)));
    put(node, "title", view::cut(description_of(entry.what), longest_title));
    put(node, "updated", format_time(c.at));
    put(node, "published", format_time(c.at));
    put(node.append_child("author"), "name", c.actor.empty() ? entry.what.tracker : c.actor);
    if (c.bug)
        put_link(
            node,
            "alternate",
            fmt::format("{}/bugs/{}", of.site, static_cast<std::int64_t>(*c.bug)),
            "text/html");
    else
        put_link(
            node, "alternate", fmt::format("{}/changes?kind=acts&before={}", of.site, c.id + 1), "text/html");
    if (!entry.url.empty())
        put_link(node, "related", entry.url);
    for (auto const& label : entry.labels)
        node.append_child("category").append_attribute("term") = xml_text(label).c_str();
    auto content = node.append_child("content");
    content.append_attribute("type") = "text";
    content.text().set(xml_text(content_of(entry)).c_str());
}

} // namespace

std::string xml_text(std::string_view text)
{
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        auto const first = static_cast<unsigned char>(text[at]);
        std::size_t const size = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
        auto const one = text.substr(at, size);
        if (!is_utf8(one)) {
            out += unknown;
            ++at;
            continue;
        }
        bool const is_control = first < 0x20 && first != '\t' && first != '\n' && first != '\r';
        bool const is_none = one == "\xEF\xBF\xBE" || one == "\xEF\xBF\xBF"; // U+FFFE, U+FFFF
        out += is_control || is_none ? unknown : one;
        at += size;
    }
    return out;
}

result<feed> find_feed(storage::reader const& in, lore const& known, feed_request asked)
{
    feed out;
    storage::change_list which{.before = asked.before};
    if (asked.tracker) {
        auto const of = tracker_named(in, *asked.tracker);
        if (!of)
            return of.error();
        which.of = of->id;
    }
    change_sieve const by{.kind = asked.kind, .label = asked.label, .owner = asked.owner};
    auto found = sift(in, which, by, entries_of_a_part);
    out.next = found.next;
    out.store = in.store_id();
    std::map<storage::bug_id, std::vector<std::string>> labels;
    for (auto& shown : found.changes) {
        feed_entry entry;
        if (auto const bug = shown.what.bug) {
            entry.url = view::safe_link(known.url_of(shown.kind, shown.base_url, shown.remote_id));
            auto const [at, is_new] = labels.try_emplace(*bug);
            if (is_new)
                at->second = labels_of(in, *bug);
            entry.labels = at->second;
        }
        entry.what = std::move(shown);
        out.entries.push_back(std::move(entry));
    }
    auto const engine = in.engine();
    if (!out.entries.empty())
        out.updated = out.entries.front().what.what.at;
    else if (engine)
        out.updated = engine->started_at;
    out.of = std::move(asked);
    return out;
}

std::string atom_of(feed const& what)
{
    auto const& of = what.of;
    pugi::xml_document document;
    auto feed = document.append_child("feed");
    feed.append_attribute("xmlns") = "http://www.w3.org/2005/Atom";
    auto const id = fmt::format(
        "tag:checkwatches,2026:{}{}", what.store, view::link("/changes.atom", filters_of(of)));
    put(feed, "id", id);
    put(feed, "title", view::cut(title_of(of), longest_title));
    put(feed, "updated", format_time(what.updated));
    put(feed.append_child("author"), "name", "checkwatches");
    put(feed, "generator", "checkwatches");
    put_link(feed, "self", address_of(of, "/changes.atom", of.before), "application/atom+xml");
    put_link(feed, "alternate", address_of(of, "/changes", of.before), "text/html");
    if (of.before)
        put_link(feed, "first", address_of(of, "/changes.atom", std::nullopt), "application/atom+xml");
    if (what.next)
        put_link(feed, "next", address_of(of, "/changes.atom", what.next), "application/atom+xml");
    for (auto const& entry : what.entries)
        put_entry(feed, of, entry);
    std::ostringstream out;
    document.save(out, " ", pugi::format_indent, pugi::encoding_utf8);
    return std::move(out).str();
}

} // namespace checkwatches::serve
