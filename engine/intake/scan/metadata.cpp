#include "engine/intake/scan/metadata.hpp"

#include "adapters/wire/text.hpp"
#include "engine/intake/scan/text_urls.hpp"

#include <algorithm>
#include <istream>
#include <streambuf>
#include <utility>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

namespace checkwatches::intake::scan {
namespace {

constexpr std::size_t deepest = 32;
constexpr std::size_t longest_key = 64;
// The library goes on for ever at some texts that are no YAML, with documents that hold nothing.
constexpr int most_documents = 16;
// A value may be spread over so many times its bytes, by indentation, and stand so far behind its mark.
constexpr std::size_t most_spread = 4;
constexpr std::size_t most_before = 4096;

// Reads from a text that stays where it is.
class text_buffer : public std::streambuf {
public:
    explicit text_buffer(std::string_view text)
    {
        auto* const begin = const_cast<char*>(
            text.data()); // a streambuf's area to read from is not written to
        setg(begin, begin, begin + text.size());
    }
};

// Takes addresses from the values, which it sees one by one: no alias is ever expanded.
class values final : public YAML::EventHandler {
public:
    values(std::string_view text, bug_addresses& bugs, text_links& into)
        : text_{text},
          bugs_{bugs},
          into_{into}
    {}

    void OnDocumentStart(YAML::Mark const&) override {}
    void OnDocumentEnd() override {}
    void OnNull(YAML::Mark const&, YAML::anchor_t) override { stepped(); }
    void OnAlias(YAML::Mark const&, YAML::anchor_t) override { stepped(); }
    void
    OnScalar(YAML::Mark const& mark, std::string const&, YAML::anchor_t, std::string const& value) override
    {
        if (awaits_key())
            levels_.back().key = wire::without_controls(std::string_view{value}.substr(0, longest_key));
        else
            take(mark, value);
        stepped();
    }
    void OnSequenceStart(
        YAML::Mark const& mark, std::string const&, YAML::anchor_t, YAML::EmitterStyle::value) override
    {
        descend(mark, false);
    }
    void OnSequenceEnd() override { ascend(); }
    void
    OnMapStart(YAML::Mark const& mark, std::string const&, YAML::anchor_t, YAML::EmitterStyle::value) override
    {
        descend(mark, true);
    }
    void OnMapEnd() override { ascend(); }

private:
    struct level {
        bool is_map = false;
        bool at_key = true; // the next scalar is a key
        std::string key{};
    };

    bool awaits_key() const { return !levels_.empty() && levels_.back().is_map && levels_.back().at_key; }
    void stepped()
    {
        if (!levels_.empty())
            levels_.back().at_key = !levels_.back().at_key;
    }
    void descend(YAML::Mark const& mark, bool is_map)
    {
        if (levels_.size() == deepest)
            throw YAML::ParserException(mark, "nested too deeply");
        levels_.push_back({.is_map = is_map});
    }
    void ascend()
    {
        levels_.pop_back();
        stepped();
    }
    // The innermost key that it stands under.
    std::string key() const
    {
        for (auto at = levels_.rbegin(); at != levels_.rend(); ++at)
            if (at->is_map && !at->key.empty())
                return at->key;
        return std::string{mention};
    }
    // Addresses stand in the text as they do in the value, and not far behind its mark; one that is escaped
    // does not.
    void take(YAML::Mark const& mark, std::string const& value)
    {
        text_links found;
        find_urls(
            value,
            {.begin = 0, .end = value.size()},
            said::in_passing,
            storage::relation::related,
            key(),
            bugs_,
            found);
        auto from = std::min(static_cast<std::size_t>(std::max(mark.pos, 0)), text_.size());
        auto const near = text_.substr(0, from + value.size() * most_spread + most_before);
        for (auto& link : found) {
            auto const at = near.find(std::string_view{value}.substr(link.at, link.length), from);
            if (at == std::string_view::npos)
                return;
            link.at = at;
            from = at + link.length;
            into_.push_back(std::move(link));
        }
    }

    std::string_view text_;
    bug_addresses& bugs_;
    text_links& into_;
    std::vector<level> levels_;
};

} // namespace

void find_in_metadata(std::string_view text, bug_addresses& bugs, text_links& into)
{
    text_buffer buffer{text};
    std::istream in{&buffer};
    values handler{text, bugs, into};
    try {
        YAML::Parser parser{in};
        for (int seen = 0; seen != most_documents && parser.HandleNextDocument(handler);)
            ++seen;
    }
    catch (YAML::Exception const&) {
        // What came before it stands; plain addresses behind it are found as in any text.
    }
}

} // namespace checkwatches::intake::scan
