#include "engine/intake/gerrit/signature.hpp"

#include "engine/core/signature.hpp"
#include "engine/intake/gerrit/scan.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <set>
#include <sstream>
#include <utility>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

namespace checkwatches::intake::gerrit {
namespace {

constexpr std::string_view extension = ".yaml";
constexpr std::size_t most_ids = 1'000;

// Why a file is left out.
struct refusal {
    std::string why{};
    YAML::Mark at = YAML::Mark::null_mark();
};

std::string shown(std::string const& key)
{
    return std::string{cut_text(key, 40)};
}

void read_text(std::string const& key, YAML::Node const& from, std::string& into)
{
    if (!from.IsScalar() || from.Scalar().empty())
        throw refusal{fmt::format("\"{}\" must be a text", key), from.Mark()};
    into = from.Scalar();
}

void read_flag(std::string const& key, YAML::Node const& from, bool& into)
{
    if (!from.IsScalar() || !YAML::convert<bool>::decode(from, into))
        throw refusal{fmt::format("\"{}\" must be true or false", key), from.Mark()};
}

void read_list(std::string const& key, YAML::Node const& from, std::vector<std::string>& into)
{
    if (!from.IsSequence() || from.size() > most_ids)
        throw refusal{fmt::format("\"{}\" must be a list of at most {} texts", key, most_ids), from.Mark()};
    for (auto const& item : from) {
        std::string text;
        read_text(key, item, text);
        into.push_back(std::move(text));
    }
}

void read_key(
    std::string const& key,
    YAML::Node const& key_node,
    YAML::Node const& from,
    storage::recheck_signature& into)
{
    if (key == "query")
        read_text(key, from, into.query);
    else if (key == "suppress-graph")
        read_flag(key, from, into.suppress_graph);
    else if (key == "suppress-notification")
        read_flag(key, from, into.suppress_notification);
    else if (key == "allow-nonvoting")
        read_flag(key, from, into.allow_nonvoting);
    else if (key == "test_ids")
        read_list(key, from, into.test_ids);
    else
        throw refusal{
            fmt::format(
                "unknown key \"{}\"; expected one of query, suppress-graph, suppress-notification, "
                "allow-nonvoting, test_ids",
                shown(key)),
            key_node.Mark()};
}

// Takes what comes, and does nothing.
class deaf final : public YAML::EventHandler {
public:
    void OnDocumentStart(YAML::Mark const&) override {}
    void OnDocumentEnd() override {}
    void OnNull(YAML::Mark const&, YAML::anchor_t) override {}
    void OnAlias(YAML::Mark const&, YAML::anchor_t) override {}
    void OnScalar(YAML::Mark const&, std::string const&, YAML::anchor_t, std::string const&) override {}
    void
    OnSequenceStart(YAML::Mark const&, std::string const&, YAML::anchor_t, YAML::EmitterStyle::value) override
    {}
    void OnSequenceEnd() override {}
    void OnMapStart(YAML::Mark const&, std::string const&, YAML::anchor_t, YAML::EmitterStyle::value) override
    {}
    void OnMapEnd() override {}
};

// Not by LoadAll(), which never ends where a document begins with a comma (yaml-cpp 0.7).
bool has_one_document(std::string const& text)
{
    std::istringstream in{text};
    YAML::Parser parser{in};
    deaf unheard;
    return parser.HandleNextDocument(unheard) && !parser.HandleNextDocument(unheard);
}

void read_keys(std::string const& text, storage::recheck_signature& into)
{
    auto const all = has_one_document(text) ? YAML::Load(text) : YAML::Node{};
    if (!all.IsMap())
        throw refusal{"it must hold one table of keys and values", YAML::Mark{}};
    std::set<std::string> seen;
    for (auto const& entry : all) {
        if (!entry.first.IsScalar())
            throw refusal{"a key must be a word", entry.first.Mark()};
        auto const key = entry.first.Scalar();
        if (!seen.insert(key).second)
            throw refusal{fmt::format("the key \"{}\" comes twice", shown(key)), entry.first.Mark()};
        read_key(key, entry.first, entry.second, into);
    }
    if (into.query.empty())
        throw refusal{"it has no \"query\", which says what its failures are found by", YAML::Mark{}};
}

storage::recheck_signature refused(std::string const& file, std::string bug, refusal const& why)
{
    storage::recheck_signature out{.file = file, .bug = std::move(bug), .trouble = why.why};
    if (!why.at.is_null()) {
        out.line = why.at.line + 1;
        out.column = why.at.column + 1;
    }
    return out;
}

} // namespace

std::string signature_bug(std::string_view file)
{
    if (!file.ends_with(extension))
        return {};
    file.remove_suffix(extension.size());
    bool const is_number = !file.empty() && file.size() <= most_digits && file.front() != '0'
                           && std::ranges::all_of(file, [](char c) { return c >= '0' && c <= '9'; });
    return is_number ? std::string{file} : std::string{};
}

storage::recheck_signature read_signature(std::string const& file, std::string_view text)
{
    auto const bug = signature_bug(file);
    if (bug.empty())
        return refused(
            file, {}, {"its name must be the number of a bug: 1234.yaml", YAML::Mark::null_mark()});
    if (text.size() > longest_signature)
        return refused(
            file,
            bug,
            {fmt::format("it is longer than {} bytes", longest_signature), YAML::Mark::null_mark()});
    if (!simdjson::validate_utf8(text))
        return refused(file, bug, {"it is no UTF-8", YAML::Mark::null_mark()});
    storage::recheck_signature out{.file = file, .bug = bug};
    try {
        read_keys(std::string{text}, out);
        return out;
    }
    catch (refusal const& why) {
        return refused(file, bug, why);
    }
    catch (YAML::Exception const& wrong) {
        return refused(file, bug, {"it is no YAML: " + wrong.msg, wrong.mark});
    }
}

} // namespace checkwatches::intake::gerrit
