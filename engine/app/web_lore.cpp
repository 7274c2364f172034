#include "engine/app/web_lore.hpp"

#include "engine/app/bug_details.hpp"
#include "engine/app/json_lines.hpp"
#include "engine/check/explain.hpp"
#include "engine/check/settle.hpp"
#include "engine/intake/recognise.hpp"

#include <algorithm>

namespace checkwatches::app {
namespace {

// A preview looks at so many bugs of a tracker, and shows the first of those that would change.
constexpr std::size_t most_looked_at = 20'000;
constexpr std::size_t most_shown = 20;
constexpr std::int64_t page = 1'000;

std::string web_address(std::string address)
{
    return parse_url(address) ? std::move(address) : std::string{};
}

class configured_lore final : public serve::lore {
public:
    configured_lore(adapters::registry const& kinds, config const& conf)
        : kinds_{kinds},
          policy_{conf.engine.pass.policy},
          duplicates_{conf.duplicates},
          meanings_{conf.engine.pass.meanings},
          sinks_{names_of_sinks(conf)}
    {}

    bool has_sink(std::string const& name) const override
    {
        return std::ranges::find(sinks_, name) != sinks_.end();
    }

    std::string
    url_of(std::string const& kind, std::string const& base_url, std::string const& id) const override
    {
        return web_address(app::url_of(kinds_, kind, base_url, id));
    }

    result<std::optional<storage::bug_id>>
    find(storage::reader const& in, std::string const& url) const override
    {
        auto const link = parse_link(url);
        if (!link)
            return link.error();
        return intake::find_bug(in, kinds_, *link);
    }

    std::string why(storage::reader const&, storage::shown_bug const& shown, utc_time) const override
    {
        return why_of(shown.bug, policy_);
    }

    std::vector<std::string>
    explain(storage::reader const& in, storage::shown_bug const& shown, utc_time now) const override
    {
        return bug_details{in, kinds_, policy_, duplicates_, now}.explain(shown).lines;
    }

    bool is_late(storage::bug_state const& bug, utc_time now) const override
    {
        return check::is_stale(policy_, bug, now);
    }

    std::vector<serve::chain_step>
    chain_of(storage::reader const& in, storage::shown_bug const& shown) const override
    {
        auto const chain = intake::chain_of(in, kinds_, shown);
        std::vector<serve::chain_step> out;
        auto const* before = &shown.bug;
        for (auto const& next : chain.bugs) {
            out.push_back(
                {.url = url_of(next.kind, next.base_url, next.bug.remote_id),
                 .remote_id = before->duplicate_of,
                 .bug = next.bug.id});
            before = &next.bug;
        }
        if (!chain.unknown.empty()) {
            auto const& said = before->duplicate_of;
            out.push_back(
                {.url = web_address(chain.unknown), .remote_id = said.empty() ? chain.unknown : said});
        }
        return out;
    }

    std::optional<storage::shown_bug>
    judge_of(storage::reader const& in, storage::shown_bug const& shown) const override
    {
        if (duplicates_ != intake::duplicate_policy::master || shown.bug.duplicate_of.empty())
            return std::nullopt;
        auto const chain = intake::chain_of(in, kinds_, shown);
        auto const* const master = chain.master();
        return master == nullptr ? std::nullopt : std::optional{*master};
    }

    std::vector<unmapped_word>
    unmapped(storage::reader const& in, storage::shown_bug const& shown) const override
    {
        auto const* const kind = kinds_.find(shown.kind);
        if (kind == nullptr || !shown.bug.seen_at)
            return {};
        auto const meant_by = [&](check::overrides const& says) {
            check::interpreter const words{*kind, check::overrides_of(says, shown.tracker)};
            return words.of(shown.bug.words).unmapped;
        };
        auto out = meant_by(meanings_);
        // What is stored is read only where it can make a difference.
        return out.empty() ? out : meant_by(check::with_stored(meanings_, in.meanings()));
    }

    preview preview_meaning(
        storage::reader const& in,
        std::string const& tracker,
        std::string const& field,
        std::string const& key,
        std::string const& means) const override
    {
        preview out;
        auto const at = in.tracker_by_name(tracker);
        auto const* const kind = at ? kinds_.find(at->kind) : nullptr;
        auto const says = words_of(in, tracker, field, key, means);
        if (kind == nullptr || !says)
            return out;
        check::interpreter const words{*kind, &*says};
        storage::bug_list which{.of = at->id};
        while (out.bugs < most_looked_at) {
            auto const some = in.list_bugs(which, page);
            for (auto const& shown : some)
                look_at(shown, words, out);
            if (some.size() < static_cast<std::size_t>(page))
                break;
            which.after = some.back().bug.id;
        }
        return out;
    }

private:
    // What the tracker's words would mean; nothing where this is no meaning.
    std::optional<word_map> words_of(
        storage::reader const& in,
        std::string const& tracker,
        std::string const& field,
        std::string const& key,
        std::string const& means) const
    {
        auto one = check::read_meaning(field, key, means);
        if (!one)
            return std::nullopt;
        one->tracker = tracker;
        auto stored = in.meanings();
        std::erase_if(stored, [&](storage::stored_meaning const& other) {
            return other.tracker == tracker && other.field == one->field && other.key == one->key;
        });
        stored.push_back(std::move(*one));
        auto const all = check::with_stored(meanings_, stored);
        auto const* const says = check::overrides_of(all, tracker);
        return says == nullptr ? word_map{} : *says;
    }

    static void look_at(storage::shown_bug const& shown, check::interpreter const& words, preview& into)
    {
        ++into.bugs;
        auto by = check::remapped(shown.bug, words.of(shown.bug.words), {});
        if (by.empty())
            return;
        ++into.changes;
        if (into.first.size() < most_shown)
            into.first.push_back({.bug = shown, .by = std::move(by)});
    }

    adapters::registry const& kinds_;
    check::schedule_policy policy_;
    intake::duplicate_policy duplicates_;
    check::overrides meanings_;
    std::vector<std::string> sinks_; // names
};

} // namespace

std::shared_ptr<serve::lore const> make_lore(adapters::registry const& kinds, config const& conf)
{
    return std::make_shared<configured_lore>(kinds, conf);
}

} // namespace checkwatches::app
