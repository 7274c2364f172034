#include "engine/feed/fedora_message.hpp"

#include "storage/chain.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <set>

namespace checkwatches::feed {
namespace {

namespace json = boost::json;

constexpr std::string_view change_schema = "checkwatches.change.v1";
constexpr std::string_view check_schema = "checkwatches.check.v1";
constexpr std::size_t longest_topic = 255;  // bytes; AMQP's short string
constexpr std::size_t longest_header = 255; // …
// The headers must fit into one frame; the body names all labels and owners.
constexpr std::size_t most_filters = 200;

constexpr std::int64_t info = 20;
constexpr std::int64_t warning = 30;

// ISO 8601 with an offset and whole seconds, as Python's isoformat() writes it.
std::string with_offset(utc_time t)
{
    auto text = format_time(t);
    text.pop_back();
    return text + "+00:00";
}

json::value text_or_null(std::string_view text)
{
    if (text.empty())
        return nullptr;
    return json::string{text};
}
json::value known_or_null(std::optional<std::string> const& text)
{
    if (!text)
        return nullptr;
    return json::string{*text};
}
json::value time_or_null(std::optional<utc_time> const& t)
{
    if (!t)
        return nullptr;
    return json::string{with_offset(*t)};
}
template <class Word>
json::value title_or_null(std::optional<Word> const& w)
{
    if (!w)
        return nullptr;
    return json::string{title(*w)};
}

// What the watches of the bug say, each once, without what is empty.
std::set<std::string> all_of(event const& e, std::string storage::watch::*which)
{
    std::set<std::string> out;
    for (auto const& w : e.watches)
        if (!(w.*which).empty())
            out.insert(w.*which);
    return out;
}

json::array array_of(std::set<std::string> const& texts)
{
    json::array out;
    for (auto const& text : texts)
        out.emplace_back(text);
    return out;
}

// A package, a user: nothing that would surprise whoever takes such a header apart.
bool is_plain_name(std::string_view text)
{
    constexpr std::string_view plain =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._+~";
    return !text.empty() && text.find_first_not_of(plain) == std::string_view::npos;
}

std::string_view word(label_meaning m)
{
    switch (m) {
    case label_meaning::rpm: return "rpm";
    case label_meaning::container: return "container";
    case label_meaning::module: return "module";
    case label_meaning::flatpak: return "flatpak";
    case label_meaning::nothing: break;
    }
    return {};
}

void add_filters(std::vector<std::string>& to, std::string_view kind, std::set<std::string> const& names)
{
    for (auto const& name : names) {
        auto header = fmt::format("fedora_messaging_{}_{}", kind, name);
        if (to.size() < most_filters && is_plain_name(name) && header.size() <= longest_header)
            to.push_back(std::move(header));
    }
}

json::object change_of(event const& e)
{
    auto const& c = e.change->what;
    return {
        {"change_id", c.id},
        {"at", with_offset(c.at)},
        {"field", c.field},
        {"old", known_or_null(c.before)},
        {"new", known_or_null(c.after)},
        {"remote_old", known_or_null(c.remote_before)},
        {"remote_new", known_or_null(c.remote_after)},
        {"reason", text_or_null(c.reason)},
        {"actor", text_or_null(c.actor)},
        {"hash", storage::hash_of(c)},
        {"previous", known_or_null(c.previous)}};
}

json::object check_of(event const& e)
{
    auto const& c = e.check->what;
    json::value age = nullptr;
    if (c.last_success) {
        auto const span = std::max(c.at - *c.last_success, utc_time::duration::zero());
        age = std::chrono::floor<std::chrono::seconds>(span).count();
    }
    return {
        {"check_id", c.id},
        {"at", with_offset(c.at)},
        {"outcome", checkwatches::word(c.how)},
        {"error", text_or_null(c.error)},
        {"duplicate", c.is_duplicate},
        {"last_checked", time_or_null(c.last_checked)},
        {"last_success", time_or_null(c.last_success)},
        {"age_s", std::move(age)}};
}

} // namespace

std::int64_t severity_of(event const& e)
{
    bool const is_new_failure = e.check && !e.check->what.is_duplicate && !is_success(e.check->what.how);
    return is_new_failure ? warning : info;
}

json::object body_of(event const& e)
{
    json::object out = e.change ? change_of(e) : check_of(e);
    auto const& kind = e.change ? e.change->kind : e.check->kind;
    auto const& remote_id = e.change ? e.change->remote_id : e.check->remote_id;
    // Of a check the words after it; of a change those that the bug has when it is told.
    auto const state = e.check ? e.check->what.state : e.state;
    auto const weight = e.check ? e.check->what.weight : e.weight;
    out["tracker"] = text_or_null(e.tracker());
    out["kind"] = text_or_null(kind);
    out["remote_id"] = text_or_null(remote_id);
    out["url"] = text_or_null(e.url);
    out["title"] = text_or_null(e.title);
    out["status"] = title_or_null(state);
    out["importance"] = title_or_null(weight);
    out["labels"] = array_of(all_of(e, &storage::watch::label));
    out["owners"] = array_of(all_of(e, &storage::watch::owner));
    return out;
}

fedora_message make_message(event const& e, fedora_settings const& how, utc_time now)
{
    fedora_message m;
    m.schema = e.change ? change_schema : check_schema;
    m.topic = how.prefix.empty() ? m.schema : how.prefix + "." + m.schema;
    m.id = e.uuid;
    m.severity = severity_of(e);
    m.schema_package = how.schema_package;
    m.sent_at = with_offset(now);
    if (how.labels != label_meaning::nothing)
        add_filters(m.filters, word(how.labels), all_of(e, &storage::watch::label));
    add_filters(m.filters, "user", all_of(e, &storage::watch::owner));
    m.body = json::serialize(body_of(e));
    m.about = e.tracker() + "#" + (e.change ? e.change->remote_id : e.check->remote_id);
    return m;
}

std::string line_of(fedora_message const& m)
{
    json::object headers{
        {"fedora_messaging_schema", m.schema},
        {"fedora_messaging_severity", m.severity},
        {"sent-at", m.sent_at},
        {"priority", 0}};
    if (!m.schema_package.empty())
        headers["fedora_messaging_schema_package"] = m.schema_package;
    for (auto const& name : m.filters)
        headers[name] = true;
    // The body is JSON already; what goes around it is put together by hand.
    return fmt::format(
        "{{\"topic\":{},\"headers\":{},\"id\":{},\"body\":{},\"queue\":null,\"priority\":0}}\n",
        json::serialize(json::string{m.topic}),
        json::serialize(headers),
        json::serialize(json::string{m.id}),
        m.body);
}

result<std::string> read_topic_prefix(std::string_view text)
{
    auto const wrong = [](std::string what) {
        return error{.kind = error_kind::configuration, .message = std::move(what)};
    };
    if (text.size() > 1 && text.ends_with('.'))
        text.remove_suffix(1);
    if (text.size() + 1 + change_schema.size() > longest_topic)
        return wrong(fmt::format(
            "a topic has at most {} bytes: the prefix may have {}",
            longest_topic,
            longest_topic - 1 - change_schema.size()));
    constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
    bool const has_empty_word = text.starts_with('.') || text.ends_with('.')
                                || text.find("..") != std::string_view::npos;
    if (has_empty_word || text.find_first_not_of(plain) != std::string_view::npos)
        return wrong(fmt::format(
            "\"{}\" is no prefix of topics: it has words of letters, digits, \"-\" and \"_\" with dots between "
            "them, such as \"org.fedoraproject.prod\"",
            text));
    return std::string{text};
}

} // namespace checkwatches::feed
