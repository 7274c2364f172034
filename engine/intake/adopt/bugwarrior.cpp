#include "engine/intake/adopt/bugwarrior.hpp"

#include "adapters/wire/text.hpp"
#include "engine/core/toml_text.hpp"
#include "engine/intake/adopt/clean_text.hpp"
#include "engine/intake/adopt/ini.hpp"
#include "engine/intake/adopt/trackers.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

namespace checkwatches::intake {
namespace {

// All that is read of a target; whatever else stands there may be a secret.
constexpr std::array<std::string_view, 13> wanted_keys{
    "base_uri",
    "base_url",
    "host",
    "include_repos",
    "issue_urls",
    "repo",
    "scheme",
    "service",
    "targets",
    "url",
    "uri",
    "use_https",
    "username"};

// "github.host" as "host": older files put the service in front of each key.
std::string_view without_service(std::string_view key)
{
    auto const dot = key.rfind('.');
    return dot == std::string_view::npos ? key : key.substr(dot + 1);
}

bool is_wanted(std::string_view key)
{
    return std::ranges::find(wanted_keys, without_service(key)) != wanted_keys.end();
}

std::vector<std::string> split(std::string_view list)
{
    std::vector<std::string> out;
    constexpr std::string_view separators = ",\n";
    for (std::size_t at = 0; at <= list.size();) {
        auto const end = std::min(list.find_first_of(separators, at), list.size());
        if (auto const item = wire::trimmed(list.substr(at, end - at)); !item.empty())
            out.emplace_back(item);
        at = end + 1;
    }
    return out;
}

struct value {
    spot at{};
    std::vector<std::string> items{};
};

struct section {
    std::string name{};
    spot at{};
    std::map<std::string, value, std::less<>> values{};

    std::string text(std::string_view key) const
    {
        auto const found = values.find(key);
        return found == values.end() || found->second.items.empty() ? std::string{}
                                                                    : found->second.items.front();
    }
    std::vector<std::string> list(std::string_view key) const
    {
        auto const found = values.find(key);
        return found == values.end() ? std::vector<std::string>{} : found->second.items;
    }
    spot place_of(std::string_view key) const
    {
        auto const found = values.find(key);
        return found == values.end() ? at : found->second.at;
    }
};

spot spot_of(toml::source_region const& at)
{
    return {.line = at.begin.line, .column = at.begin.column};
}

std::vector<std::string> items_of(toml::node const& node)
{
    std::vector<std::string> out;
    auto const add = [&](toml::node const& one) {
        if (auto const text = one.value<std::string>(); text && !flaw_of(*text))
            out.push_back(*text);
        else if (auto const flag = one.value_exact<bool>())
            out.emplace_back(*flag ? "true" : "false");
    };
    if (auto const* const list = node.as_array()) {
        for (auto const& one : *list)
            add(one);
        return out;
    }
    if (auto const text = node.value<std::string>(); text && text->find_first_of(",\n") != std::string::npos)
        return split(*text);
    add(node);
    return out;
}

// The tables of a file, those below "flavor" under their own names.
void read_tables(toml::table const& from, std::string const& above, std::vector<section>& out)
{
    for (auto const& [key, node] : from) {
        auto const* const table = node.as_table();
        if (table == nullptr)
            continue;
        auto const name = above + fit_name(key.str());
        if (above.empty() && name == "flavor") {
            read_tables(*table, "flavor.", out);
            continue;
        }
        section made{.name = name, .at = spot_of(node.source())};
        for (auto const& [inner, setting] : *table)
            if (is_wanted(inner.str()))
                made.values[std::string{without_service(inner.str())}] = {
                    .at = spot_of(setting.source()), .items = items_of(setting)};
        out.push_back(std::move(made));
    }
}

std::vector<section> read_sections(std::string_view text, std::vector<leftover>& rest)
{
    std::vector<std::pair<std::string, spot>> names;
    auto const settings = read_ini(text, is_wanted, names, rest);
    std::vector<section> out;
    std::map<std::string, std::size_t> places;
    for (auto& [name, at] : names) {
        places[name] = out.size();
        out.push_back({.name = std::move(name), .at = at});
    }
    for (auto const& setting : settings)
        out[places[setting.section]].values[std::string{without_service(setting.key)}] = {
            .at = setting.at, .items = split(setting.value)};
    return out;
}

class targets_reader {
public:
    adopted read(std::vector<section> const& sections, std::vector<leftover> rest)
    {
        out_.rest = std::move(rest);
        std::set<std::string> wanted;
        std::set<std::string> there;
        for (auto const& one : sections) {
            there.insert(one.name);
            if (one.name != "general" && !one.name.starts_with("flavor."))
                continue;
            for (auto const& target : one.list("targets"))
                wanted.insert(target);
        }
        for (auto const& one : sections) {
            if (!one.values.contains("service"))
                continue;
            if (wanted.empty() || wanted.contains(one.name))
                read_target(one);
            else
                leave(one.at, leftover::why::left_out, one.name, "it is none of the targets");
            wanted_found_.insert(one.name);
        }
        for (auto const& target : wanted)
            if (!wanted_found_.contains(target))
                leave(
                    {},
                    leftover::why::bad,
                    quoted_briefly(target),
                    there.contains(target) ? "this target has no service"
                                           : "there is no section for this target");
        return std::move(out_);
    }

private:
    void read_target(section const& target)
    {
        auto const service = target.text("service");
        named_tracker named{
            .at = target.place_of("service"),
            .name = target.name,
            .type = service,
            .plain = is_plain(target)};
        for (std::string_view const key : {"base_uri", "base_url", "url", "uri", "host"})
            if (auto address = target.text(key); !address.empty()) {
                named.at = target.place_of(key);
                named.address = std::move(address);
                break;
            }
        auto const bugs = target.list("issue_urls");
        named.projects = projects_of(target, service);
        // A target that is a list of bugs needs no tracker beside theirs.
        if (bugs.empty() || !named.projects.empty())
            adopt_tracker(named, out_);
        for (auto const& bug : bugs) {
            auto const at = target.place_of("issue_urls");
            if (auto const flaw = flaw_of(bug))
                leave(at, leftover::why::bad, target.name, "the address of a bug " + *flaw);
            else
                out_.watches.push_back(
                    {.at = at, .name = target.name, .url = bug, .usual_label = target.name});
        }
    }

    static bool is_plain(section const& target)
    {
        auto const https = wire::lower(target.text("use_https"));
        return wire::lower(target.text("scheme")) == "http" || https == "false" || https == "no"
               || https == "0";
    }

    static std::vector<std::string> projects_of(section const& target, std::string const& service)
    {
        auto out = target.list("include_repos");
        if (service == "pagure" && out.empty())
            out = target.list("repo");
        auto const owner = target.text("username");
        for (auto& project : out)
            if (service == "github" && project.find('/') == std::string::npos && !owner.empty())
                project.insert(0, owner + "/");
        return out;
    }

    void leave(spot at, leftover::why how, std::string name, std::string reason)
    {
        out_.rest.push_back({.at = at, .how = how, .name = std::move(name), .reason = std::move(reason)});
    }

    adopted out_;
    std::set<std::string> wanted_found_;
};

error no_toml(spot const& at)
{
    return error{
        .kind = error_kind::unparsable,
        .message = "line " + std::to_string(at.line) + ", column " + std::to_string(at.column)
                   + ": it is no TOML"};
}

result<std::vector<section>> read_sections(std::string_view text)
{
    auto const read = read_toml(text);
    // What the library says of it may quote a value.
    if (auto const* const wrong = std::get_if<toml_fault>(&read))
        return no_toml({.line = wrong->at.line, .column = wrong->at.column});
    std::vector<section> out;
    read_tables(std::get<toml::table>(read), {}, out);
    return out;
}

} // namespace

result<adopted> read_bugwarrior(std::string_view text, bugwarrior_form form)
{
    if (text.size() > largest_settings)
        return error{
            .kind = error_kind::too_large,
            .message = "a configuration is at most " + std::to_string(largest_settings) + " bytes"};
    std::vector<leftover> rest;
    std::vector<section> sections;
    if (form != bugwarrior_form::ini) {
        auto read = read_sections(text);
        if (!read && form == bugwarrior_form::toml)
            return read.error();
        if (read)
            sections = std::move(*read);
        else
            form = bugwarrior_form::ini;
    }
    if (form == bugwarrior_form::ini)
        sections = read_sections(text, rest);
    if (sections.empty())
        return error{.kind = error_kind::unparsable, .message = "it has no section: it configures nothing"};
    return targets_reader{}.read(sections, std::move(rest));
}

} // namespace checkwatches::intake
