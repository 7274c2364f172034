#include "engine/intake/adopt/bts_link.hpp"

#include "engine/intake/adopt/clean_text.hpp"
#include "engine/intake/adopt/trackers.hpp"

#include <array>
#include <utility>
#include <yaml-cpp/yaml.h>

namespace checkwatches::intake {
namespace {

spot spot_of(YAML::Mark const& mark)
{
    return {.line = mark.line + 1, .column = mark.column + 1};
}

// The text of a scalar that can stand in a field; empty for anything else.
std::string text_of(YAML::Node const& node)
{
    if (!node || !node.IsScalar())
        return {};
    return flaw_of(node.Scalar()) ? std::string{} : node.Scalar();
}

class remotes_reader {
public:
    result<adopted> read(YAML::Node const& root)
    {
        YAML::Node remotes = root;
        if (root.IsMap())
            for (char const* const name : {"remotes", "trackers", "bts"})
                if (root[name] && (root[name].IsMap() || root[name].IsSequence())) {
                    remotes.reset(root[name]);
                    whole_ = true;
                    break;
                }
        if (!remotes.IsMap() && !remotes.IsSequence())
            return error{
                .kind = error_kind::unparsable, .message = "it is no YAML of trackers, by name or as a list"};
        if (remotes.size() > most_trackers)
            return error{
                .kind = error_kind::too_large,
                .message = "it names more than " + std::to_string(most_trackers) + " trackers"};
        whole_ = whole_ || root.IsSequence();
        for (auto const& entry : remotes) {
            if (remotes.IsMap())
                read_entry(text_of(entry.first), entry.second);
            else
                read_entry(entry.IsMap() ? text_of(entry["name"]) : std::string{}, entry);
        }
        return std::move(out_);
    }

private:
    void read_entry(std::string const& name, YAML::Node const& entry)
    {
        bool const is_tracker = entry.IsMap() && entry["type"];
        if (!is_tracker) {
            // At the top of a file other settings stand beside the trackers.
            leave(
                entry,
                whole_ ? leftover::why::bad : leftover::why::left_out,
                name,
                whole_ ? "a tracker has a type" : "it is no tracker: it has no type");
            return;
        }
        auto const type = text_of(entry["type"]);
        if (type.empty()) {
            leave(entry["type"], leftover::why::bad, name, "its type is no word");
            return;
        }
        std::size_t addresses = 0;
        for (char const* const key : {"uri", "url", "base", "host", "uris", "urls", "hosts"}) {
            YAML::Node const value = entry[key];
            if (!value)
                continue;
            if (value.IsSequence()) {
                for (auto const& one : value)
                    addresses += adopt(name, type, one);
            }
            else {
                addresses += adopt(name, type, value);
            }
        }
        if (addresses == 0)
            adopt_tracker({.at = spot_of(entry.Mark()), .name = name, .type = type}, out_);
    }

    std::size_t adopt(std::string const& name, std::string const& type, YAML::Node const& address)
    {
        auto const text = text_of(address);
        if (text.empty())
            leave(address, leftover::why::bad, name, "its address is no text");
        else if (out_.trackers.size() + out_.rest.size() < most_trackers)
            adopt_tracker({.at = spot_of(address.Mark()), .name = name, .type = type, .address = text}, out_);
        return 1;
    }

    void leave(YAML::Node const& at, leftover::why how, std::string const& name, std::string reason)
    {
        out_.rest.push_back(
            {.at = spot_of(at.Mark()), .how = how, .name = name, .reason = std::move(reason)});
    }

    adopted out_;
    bool whole_ = false; // all entries are trackers
};

} // namespace

result<adopted> read_bts_link(std::string_view text)
{
    if (text.size() > largest_settings)
        return error{
            .kind = error_kind::too_large,
            .message = "a configuration is at most " + std::to_string(largest_settings) + " bytes"};
    try {
        return remotes_reader{}.read(YAML::Load(std::string{text}));
    }
    catch (YAML::Exception const& bad) {
        auto const at = spot_of(bad.mark);
        return error{
            .kind = error_kind::unparsable,
            .message = "line " + std::to_string(at.line) + ", column " + std::to_string(at.column)
                       + ": it is no YAML: " + bad.msg};
    }
}

} // namespace checkwatches::intake
