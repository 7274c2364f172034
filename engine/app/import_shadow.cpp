#include "engine/app/import_shadow.hpp"

#include "engine/app/import_report.hpp"
#include "engine/app/import_sources.hpp"
#include "engine/app/json_lines.hpp"
#include "engine/app/stored_words.hpp"
#include "engine/app/table.hpp"
#include "engine/intake/adopt/address.hpp"
#include "engine/intake/adopt/compare.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <fmt/format.h>

#include <map>
#include <set>
#include <utility>

namespace checkwatches::app {
namespace {

namespace json = boost::json;
using intake::comparison;

json::value text_or_null(std::string_view text)
{
    return text.empty() ? json::value(nullptr) : json::value(json::string{text});
}
json::value time_or_null(std::optional<utc_time> const& t)
{
    return t ? json::value(json::string{format_time(*t)}) : json::value(nullptr);
}
template <class Word>
json::value title_or_null(std::optional<Word> const& word)
{
    return word ? json::value(json::string{title(*word)}) : json::value(nullptr);
}

// "Fix Released (RESOLVED FIXED)"
std::string said(std::string_view meaning, std::string const& raw)
{
    if (meaning.empty() || raw == meaning)
        return raw.empty() ? "-" : raw;
    return raw.empty() ? std::string{meaning} : fmt::format("{} ({})", meaning, raw);
}
template <class Word>
std::string_view title_of(std::optional<Word> const& word)
{
    return word ? title(*word) : std::string_view{};
}
std::string since(std::optional<utc_time> const& when)
{
    return when ? " since " + format_time(*when) : std::string{};
}

class shadow {
public:
    shadow(
        storage::reader const& in,
        config const& conf,
        adapters::registry const& kinds,
        import_options const& options)
        : in_{in},
          kinds_{kinds},
          options_{options},
          meanings_{meanings_now(in, conf)},
          now_{utc_now()}
    {}

    exit_code run(intake::adopted const& list)
    {
        for (auto const& rest : list.rest)
            pass_over(rest);
        for (auto const& watch : list.watches)
            compare(watch);
        find_what_only_we_watch();
        finish();
        bool differs = unread_ != 0;
        for (auto const& [how, n] : counts_)
            differs = differs || intake::is_difference(how);
        return differs ? exit_code::some_failed : exit_code::done;
    }

private:
    void pass_over(intake::leftover const& rest)
    {
        if (rest.how == intake::leftover::why::left_out)
            return;
        ++unread_;
        unread_names_.insert(rest.name);
        if (!options_.json) {
            fmt::print(stderr, "checkwatches: {}\n", one_line(place_of(rest.at, rest.name) + rest.reason));
            return;
        }
        json::object const out{
            {"comparison", "unreadable"},
            {"name", text_or_null(rest.name)},
            {"file", text_or_null(rest.at.file)},
            {"line", rest.at.line},
            {"column", rest.at.column},
            {"reason", rest.reason}};
        fmt::print("{}\n", json::serialize(out));
    }

    void compare(intake::adopted_watch const& watch)
    {
        auto const url = intake::address_of(watch, &in_, kinds_);
        if (!url) {
            pass_over({.at = watch.at, .name = watch.name, .reason = url.error().message});
            return;
        }
        auto label = watch.what.label;
        if (label.empty())
            label = options_.label.empty() ? watch.usual_label : options_.label;
        if (!label.empty())
            labels_.insert(label);
        auto const ours = stored(*url);
        intake::compared found{.how = comparison::only_they};
        auto const view = watch.theirs.value_or(intake::other_view{});
        if (ours) {
            named_.insert(ours->bug.id);
            found = compare(view, *ours);
        }
        print(found, watch.name, label, intake::shown_address(*url), &view, ours ? &*ours : nullptr);
    }

    // The bug as it is stored, if somebody watches it here.
    std::optional<storage::shown_bug> stored(std::string const& url) const
    {
        auto const link = parse_link(url);
        auto const bug = intake::find_bug(in_, kinds_, *link);
        if (!bug || !*bug || in_.watches(**bug).empty())
            return std::nullopt;
        std::optional<storage::shown_bug> out;
        in_.each_bug({.bugs = {**bug}}, [&](storage::shown_bug const& one) { out = one; });
        return out;
    }

    intake::compared compare(intake::other_view const& theirs, storage::shown_bug const& ours) const
    {
        auto const* const kind = kinds_.find(ours.kind);
        auto const means = [&](raw_words const& words) {
            if (kind == nullptr)
                return verdict{};
            return check::interpreter{*kind, check::overrides_of(meanings_, ours.tracker)}.of(words);
        };
        return intake::compare(theirs, ours.bug, ours.kind, means, now_, options_.fresh_for);
    }

    // A part of their list that could not be read is no part that they do not watch.
    void find_what_only_we_watch()
    {
        unread_names_.erase("");
        if (options_.by_package && !unread_names_.empty()) { // the labels do not say whose bug it is
            fmt::print(
                stderr,
                "checkwatches: what is watched only here is not told: not all of their list was read\n");
            return;
        }
        for (auto const& label : labels_)
            find_ours({.label = label});
        find_ours({.source = source_of(options_)});
    }

    // Bugs that are watched here by this list's label or source, and that the list does not name.
    void find_ours(storage::watch_list which)
    {
        constexpr std::int64_t part = 1000;
        for (;;) {
            auto const watches = in_.list_watches(which, part);
            for (auto const& watch : watches)
                if (!unread_names_.contains(watch.what.label) && named_.insert(watch.on.bug.id).second)
                    print(
                        {.how = comparison::only_we},
                        {},
                        watch.what.label,
                        url_of(kinds_, watch.on.kind, watch.on.base_url, watch.on.bug.remote_id),
                        nullptr,
                        &watch.on);
            if (std::ssize(watches) < part)
                return;
            auto const& last = watches.back();
            which.after = storage::watch_key{
                .bug = last.on.bug.id, .label = last.what.label, .source = last.what.source};
        }
    }

    void print(
        intake::compared const& found,
        std::string const& name,
        std::string const& label,
        std::string const& url,
        intake::other_view const* theirs,
        storage::shown_bug const* ours)
    {
        ++counts_[found.how];
        if (options_.json)
            print_json(found, name, label, url, theirs, ours);
        else if (intake::is_difference(found.how))
            rows_.add(
                {std::string{word(found.how)},
                 url,
                 label,
                 theirs == nullptr ? "" : theirs_in_words(found, *theirs),
                 ours == nullptr ? "" : ours_in_words(found, ours->bug)});
    }

    static std::string theirs_in_words(intake::compared const& found, intake::other_view const& view)
    {
        if (!view.failure.empty())
            return view.failure + since(view.checked_at);
        auto const when = since(view.changed_at ? view.changed_at : view.checked_at);
        if (found.importance && !found.status)
            return said(title_of(found.theirs.weight), view.importance) + when;
        return said(title_of(found.theirs.state), view.status) + when;
    }
    static std::string ours_in_words(intake::compared const& found, storage::bug_state const& bug)
    {
        if (!bug.last_outcome)
            return "not checked yet";
        if (found.how == comparison::we_fail)
            return std::string{word(*bug.last_outcome)} + since(bug.run_began);
        auto const when = since(bug.changed_at ? bug.changed_at : bug.seen_at);
        if (found.importance && !found.status)
            return said(title_of(bug.weight), remote_importance(bug.words)) + when;
        return said(title_of(bug.state), remote_status(bug.words)) + when;
    }

    static void print_json(
        intake::compared const& found,
        std::string const& name,
        std::string const& label,
        std::string const& url,
        intake::other_view const* theirs,
        storage::shown_bug const* ours)
    {
        json::object out{
            {"comparison", word(found.how)},
            {"url", url},
            {"name", text_or_null(name)},
            {"label", text_or_null(label)},
            {"differs",
             found.status       ? json::value("status")
             : found.importance ? json::value("importance")
                                : json::value(nullptr)},
            {"theirs", nullptr},
            {"ours", nullptr}};
        if (theirs != nullptr)
            out["theirs"] = {
                {"status", title_or_null(found.theirs.state)},
                {"importance", title_or_null(found.theirs.weight)},
                {"remote_status", text_or_null(theirs->status)},
                {"remote_importance", text_or_null(theirs->importance)},
                {"error", text_or_null(theirs->failure)},
                {"checked_at", time_or_null(theirs->checked_at)},
                {"changed_at", time_or_null(theirs->changed_at)}};
        if (ours != nullptr) {
            auto const& bug = ours->bug;
            out["ours"] = {
                {"tracker", ours->tracker},
                {"remote_id", bug.remote_id},
                {"status", title_or_null(bug.state)},
                {"importance", title_or_null(bug.weight)},
                {"remote_status", text_or_null(remote_status(bug.words))},
                {"remote_importance", text_or_null(remote_importance(bug.words))},
                {"outcome", bug.last_outcome ? text_or_null(word(*bug.last_outcome)) : json::value(nullptr)},
                {"error", text_or_null(bug.error)},
                {"checked_at", time_or_null(bug.checked_at)},
                {"seen_at", time_or_null(bug.seen_at)},
                {"changed_at", time_or_null(bug.changed_at)}};
        }
        fmt::print("{}\n", json::serialize(out));
    }

    void finish() const
    {
        if (options_.json) {
            json::object counts;
            for (auto const how : intake::all_comparisons)
                counts[word(how)] = count(how);
            counts["unreadable"] = unread_;
            fmt::print("{}\n", json::serialize(json::object{{"shadow", std::move(counts)}}));
            return;
        }
        if (!rows_.empty())
            fmt::print("{}", rows_.text(terminal_width()));
        fmt::print(
            "{} agree, {} differ, {} stale there, {} fail only there, {} fail only here, {} known to "
            "neither, {} not "
            "comparable, {} watched only there, {} only here{}\n",
            count(comparison::agree),
            count(comparison::differ),
            count(comparison::stale_there),
            count(comparison::they_fail),
            count(comparison::we_fail),
            count(comparison::neither),
            count(comparison::not_comparable),
            count(comparison::only_they),
            count(comparison::only_we),
            unread_ == 0 ? "" : fmt::format("; {} could not be read", unread_));
    }

    std::size_t count(comparison how) const
    {
        auto const found = counts_.find(how);
        return found == counts_.end() ? 0 : found->second;
    }

    storage::reader const& in_;
    adapters::registry const& kinds_;
    import_options const& options_;
    check::overrides meanings_;
    utc_time now_;
    table rows_{{"", "bug", "for", "they say", "we say"}};
    std::map<comparison, std::size_t> counts_;
    std::set<std::string> labels_;       // of their list
    std::set<storage::bug_id> named_;    // by their list, or printed
    std::set<std::string> unread_names_; // "lp:7": what of their list could not be read
    std::size_t unread_ = 0;
};

} // namespace

exit_code run_shadow(
    storage::reader const& in,
    config const& conf,
    adapters::registry const& kinds,
    import_options const& options,
    intake::adopted const& list)
{
    return shadow{in, conf, kinds, options}.run(list);
}

} // namespace checkwatches::app
