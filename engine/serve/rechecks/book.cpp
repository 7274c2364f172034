#include "engine/serve/rechecks/book.hpp"

#include "engine/core/clock.hpp"
#include "engine/core/status.hpp"
#include "engine/core/url.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>

namespace checkwatches::serve {
namespace {

using std::chrono::days;
using std::chrono::hours;

constexpr std::size_t most_lines = 10;     // projects of one bug that are shown apart
constexpr std::int64_t most_projects = 20; // … in the queue
constexpr std::int64_t most_reviews = 20;
constexpr days kept_in_sight{366}; // of the gaps that days are judged by
constexpr auto private_bug = "Unknown (Private Bug)";
constexpr auto no_data = "Unable to get launchpad data";
constexpr auto others = "(others)";

std::string at_of(storage::recheck_source const& of, std::string const& bug)
{
    auto out = of.bugs;
    constexpr std::string_view slot = "{id}";
    if (auto const at = out.find(slot); at != std::string::npos)
        out.replace(at, slot.size(), bug);
    return out;
}

// The projects that named it most often stay apart, and the others become one line.
void gather_lines(std::vector<recheck_line>& lines)
{
    std::ranges::sort(lines, {}, [](recheck_line const& one) { return std::pair{-one.times, one.project}; });
    if (lines.size() <= most_lines)
        return;
    auto& rest = lines[most_lines - 1];
    rest.project = others;
    for (auto i = most_lines; i != lines.size(); ++i) {
        rest.times += lines[i].times;
        for (std::size_t h = 0; h != hours_shown; ++h)
            if (rest.hours[h])
                *rest.hours[h] += lines[i].hours[h].value_or(0);
    }
    lines.resize(most_lines);
}

recheck_line& line_of(rechecked_bug& bug, std::string const& project, recheck_line const& empty)
{
    auto const found = std::ranges::find(bug.lines, project, &recheck_line::project);
    if (found != bug.lines.end())
        return *found;
    bug.lines.push_back(empty);
    bug.lines.back().project = project;
    return bug.lines.back();
}

} // namespace

recheck_book::recheck_book(storage::reader const& in, std::string const& only_source, utc_time now)
    : now_{now},
      first_hour_{std::chrono::floor<hours>(now) - hours{hours_shown - 1}}
{
    auto& from = in.rechecks();
    sources_ = from.sources();
    if (!only_source.empty())
        std::erase_if(sources_, [&](auto const& one) { return one.name != only_source; });
    for (auto const& of : sources_)
        for (auto& one : from.signatures(of.name)) {
            if (!one.bug.empty())
                by_bug_.insert_or_assign({of.name, one.bug}, signatures_.size());
            signatures_.emplace_back(of.name, std::move(one));
        }
    all_gaps_ = from.gaps(now - kept_in_sight);
    std::erase_if(all_gaps_, [&](auto const& gap) { return source(gap.source) == nullptr; });
    std::ranges::copy_if(all_gaps_, std::back_inserter(gaps_), [&](auto const& gap) {
        return !gap.ended || *gap.ended > first_hour_;
    });
    hours_ = from.hours(first_hour_);
}

storage::recheck_source const* recheck_book::source(std::string_view name) const noexcept
{
    auto const found = std::ranges::find(sources_, name, &storage::recheck_source::name);
    return found == sources_.end() ? nullptr : &*found;
}

std::optional<utc_time> recheck_book::read_up_to() const noexcept
{
    std::optional<utc_time> out;
    for (auto const& one : sources_) {
        if (!one.read_at)
            return std::nullopt;
        out = std::min(out.value_or(*one.read_at), *one.read_at);
    }
    return out;
}

bool recheck_book::is_late(storage::recheck_source const& of) const noexcept
{
    constexpr std::chrono::minutes grace{10};
    return !of.read_at || now_ - *of.read_at > 2 * of.every + grace;
}

std::string_view recheck_book::status() const noexcept
{
    bool some_late = false;
    for (auto const& one : sources_) {
        if (!one.read_at || now_ - *one.read_at > std::max<clock::duration>(days{1}, 2 * one.every))
            return "red";
        some_late = some_late || is_late(one);
    }
    return some_late ? "yellow" : "green";
}

bool recheck_book::is_known(storage::recheck_source const& of, utc_time hour) const
{
    if (!of.read_at || hour >= *of.read_at || (of.began_at && hour < *of.began_at))
        return false;
    return std::ranges::none_of(all_gaps_, [&](storage::recheck_gap const& gap) {
        return gap.source == of.name && !gap.is_filled && gap.began < hour + hours{1}
               && (!gap.ended || *gap.ended > hour);
    });
}

bool recheck_book::is_day_known(storage::recheck_source const& of, std::int64_t day) const
{
    utc_time const begin{days{day}};
    for (int h = 0; h != 24; ++h)
        if (is_known(of, begin + hours{h}))
            return true;
    return false;
}

storage::recheck_signature const*
recheck_book::signature_of(std::string const& source, std::string const& bug) const
{
    auto const found = by_bug_.find({source, bug});
    return found == by_bug_.end() ? nullptr : &signatures_[found->second].second;
}

rechecked_bug& recheck_book::entry(
    std::map<std::pair<std::string, std::string>, rechecked_bug>& all,
    storage::recheck_source const& of,
    std::string const& bug) const
{
    auto const [found, is_new] = all.try_emplace({of.name, bug});
    auto& one = found->second;
    if (is_new) {
        one.source = of.name;
        one.number = bug;
        one.url = at_of(of, bug);
        one.signature = signature_of(of.name, bug);
    }
    return one;
}

std::vector<rechecked_bug> recheck_book::bugs() const
{
    std::map<std::string, recheck_line> empty; // by source: nothing was said, where it is known
    std::map<std::pair<std::string, std::string>, rechecked_bug> all;
    for (auto const& of : sources_) {
        auto& line = empty[of.name];
        for (std::size_t h = 0; h != hours_shown; ++h)
            if (is_known(of, first_hour_ + hours{h}))
                line.hours[h] = 0;
    }
    for (auto const& [name, signature] : signatures_)
        if (signature.is_good())
            entry(all, *source(name), signature.bug);
    for (auto const& hour : hours_) {
        auto const* const of = source(hour.source);
        if (of == nullptr || hour.bug.empty() || hour.hour > now_)
            continue;
        auto& one = entry(all, *of, hour.bug);
        auto& line = line_of(one, hour.project, empty[of->name]);
        auto const h = static_cast<std::size_t>((hour.hour - first_hour_) / hours{1});
        if (line.hours[h])
            *line.hours[h] += hour.times;
        line.times += hour.times;
        one.times += hour.times;
        one.times_24 += h + 24 >= hours_shown ? hour.times : 0;
    }
    std::vector<rechecked_bug> out;
    for (auto& [key, one] : all) {
        if (one.signature != nullptr && one.signature->suppress_graph)
            continue;
        if (one.lines.empty())
            one.lines.push_back(empty[one.source]);
        gather_lines(one.lines);
        out.push_back(std::move(one));
    }
    std::ranges::sort(out, {}, [](rechecked_bug const& one) {
        return std::tuple{-one.times_24, -one.times, one.source, one.number};
    });
    return out;
}

std::vector<queued_bug> recheck_book::queue(storage::reader const& in, std::int64_t within) const
{
    std::vector<queued_bug> out;
    for (auto const& sum : in.rechecks().sums(now_ - days{within})) {
        auto const* const of = source(sum.source);
        auto const* const signature = signature_of(sum.source, sum.bug);
        bool const has_one = signature != nullptr && signature->is_good();
        if (of == nullptr || has_one)
            continue;
        queued_bug one{.sum = sum};
        if (!sum.bug.empty())
            one.url = at_of(*of, sum.bug);
        if (signature != nullptr)
            one.trouble = signature->trouble;
        out.push_back(std::move(one));
    }
    std::ranges::sort(out, {}, [](queued_bug const& one) {
        return std::tuple{-one.sum.times, one.sum.source, one.sum.bug};
    });
    return out;
}

void fill(queued_bug& one, storage::reader const& in)
{
    auto& from = in.rechecks();
    one.projects = from.projects_of(one.sum.source, one.sum.bug, most_projects);
    one.reviews = from.open_reviews(one.sum.source, one.sum.bug, most_reviews);
}

void look_up(rechecked_bug& one, storage::reader const& in, lore const& known)
{
    one.reviews = in.rechecks().open_reviews(one.source, one.number, most_reviews);
    one.name = no_data;
    one.affects = no_data;
    auto const found = known.find(in, one.url);
    if (!found || !*found)
        return;
    one.bug = **found;
    storage::bug_filter const which{.bugs = {**found}};
    in.each_bug(which, [&](storage::shown_bug const& shown) {
        auto const& bug = shown.bug;
        if (!bug.seen_at) {
            bool const is_private = bug.last_outcome == outcome::forbidden
                                    || bug.last_outcome == outcome::auth_failed;
            one.name = is_private ? private_bug : no_data;
            one.affects = one.name;
            return;
        }
        one.name = bug.title;
        auto const& words = bug.words.status;
        one.affects = fmt::format(
            "({} - {})",
            bug.product.empty() ? shown.tracker : bug.product,
            bug.state ? std::string{title(*bug.state)} : words);
    });
}

std::string review_url(storage::recheck_source const& of, std::int64_t change)
{
    auto const base = parse_url(of.url);
    return base ? join(*base, std::to_string(change)).text() : std::string{};
}

} // namespace checkwatches::serve
