#include "engine/app/feed_config.hpp"

#include "engine/app/secret_config.hpp"
#include "engine/core/importance.hpp"
#include "engine/core/status.hpp"
#include "engine/feed/webhook_signature.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

namespace checkwatches::app {
namespace {

constexpr std::size_t longest_name = 64;
constexpr double most_rate = 10'000;
constexpr std::array<std::string_view, 6> change_fields{
    "status", "importance", "remote_status", "remote_importance", "duplicate_of", "moved_to"};

template <class IsKnown>
void check_words(
    section& in,
    std::string_view key,
    std::vector<std::string> const& words,
    IsKnown is_known,
    std::string_view example)
{
    for (auto const& one : words)
        if (!is_known(one))
            in.complain(in.where(), fmt::format("\"{}\" has \"{}\", which is none; {}", key, one, example));
}

// A sink's name stands in the database, in addresses of pages and in the log.
bool is_name(std::string_view text)
{
    constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
    return !text.empty() && text.size() <= longest_name
           && text.find_first_not_of(plain) == std::string_view::npos && text.front() != '.';
}

void read_from(section& in, std::optional<std::int64_t>& into)
{
    auto const* const node = in.take("from");
    if (node == nullptr)
        return;
    auto const word = node->value_exact<std::string>();
    auto const id = node->value_exact<std::int64_t>();
    if (word == "beginning")
        into = 0;
    else if (id && *id >= 0)
        into = *id;
    else if (word != "end")
        in.complain(
            node->source(),
            "\"from\" must be \"end\", \"beginning\", or the id of the last change that is known");
}

std::optional<secret> read_key(section& in, std::string const& prefix)
{
    auto const text = read_secret(in, "[[webhook]]", prefix);
    if (!text)
        return std::nullopt;
    auto key = feed::signing_key(*text);
    if (key)
        return std::move(*key);
    in.complain(in.where(), "[[webhook]]: " + key.error().message);
    return std::nullopt;
}

void read_webhook(section& in, std::vector<webhook_config>& into)
{
    auto& one = into.emplace_back();
    read_sink(in, "[[webhook]]", one.common);
    std::optional<web_url> url;
    in.read("url", url);
    if (url)
        one.url = *url;
    else
        in.complain(in.where(), "[[webhook]] needs the key \"url\"");
    if (auto key = read_key(in, ""))
        one.key = std::move(*key);
    if (names_secret(in, "old"))
        one.old_key = read_key(in, "old");
    in.read("checks", one.checks);
    in.read("source", one.from.source);
    in.read("type", one.from.type_prefix);
    if (one.from.type_prefix.empty())
        in.complain(in.where(), "\"type\" must not be empty: it is what the types of events begin with");
}

} // namespace

void read_filter(section& in, feed::filter& into)
{
    in.read("labels", into.labels);
    in.read("owners", into.owners);
    in.read("trackers", into.trackers);
    in.read("statuses", into.statuses);
    in.read("importances", into.importances);
    in.read("fields", into.fields);
    in.read("acts", into.acts);
    check_words(
        in,
        "statuses",
        into.statuses,
        [](auto const& one) { return parse_status(one).has_value(); },
        "statuses are \"New\", \"Confirmed\", \"Fix Released\", …");
    check_words(
        in,
        "importances",
        into.importances,
        [](auto const& one) { return parse_importance(one).has_value(); },
        "importances are \"Critical\", \"High\", \"Medium\", \"Low\", …");
    check_words(
        in,
        "fields",
        into.fields,
        [&](auto const& one) {
            return into.acts || std::ranges::find(change_fields, one) != change_fields.end();
        },
        "fields are \"status\", \"importance\", \"remote_status\", \"remote_importance\", \"duplicate_of\", "
        "\"moved_to\"");
}

void read_sink(section& in, std::string const& what, sink_config& into)
{
    in.read("name", into.name);
    if (!is_name(into.name))
        in.complain(
            in.where(),
            fmt::format(
                "{} needs the key \"name\": at most {} letters, digits, \"-\", \"_\" and \".\"",
                what,
                longest_name));
    in.read("rate", into.rate, 0.0, most_rate);
    read_from(in, into.from);
    read_filter(in, into.wanted);
}

void read_feed(section& top, std::string const& file, std::optional<error>& trouble, feed_config& into)
{
    with_tables(top, "webhook", file, trouble, [&](section& in) { read_webhook(in, into.webhooks); });
    std::set<std::string> seen;
    for (auto const& name : names_of(into))
        if (!seen.insert(name).second)
            top.complain(top.where(), fmt::format("two sinks have the name \"{}\"", name));
}

std::vector<std::string> names_of(feed_config const& conf)
{
    std::vector<std::string> names;
    for (auto const& one : conf.webhooks)
        names.push_back(one.common.name);
    return names;
}

} // namespace checkwatches::app
