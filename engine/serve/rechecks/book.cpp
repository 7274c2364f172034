#include "engine/serve/rechecks/book.hpp"

#include "engine/core/clock.hpp"
#include "engine/core/status.hpp"
#include "engine/core/url.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>
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

// The projects that stay apart: all, or where there are too many those that named the bug most often.
std::set<std::string_view> projects_apart(std::vector<storage::recheck_hour> const& hours)
{
    std::map<std::string_view, std::int64_t> times;
    for (auto const& hour : hours)
        times[hour.project] += hour.times;
    std::vector<std::pair<std::int64_t, std::string_view>> order;
    for (auto const& [project, n] : times)
        order.emplace_back(-n, project);
    std::ranges::sort(order);
    if (order.size() > most_lines)
        order.resize(most_lines - 1);
    std::set<std::string_view> out;
    for (auto const& [n, project] : order)
        out.insert(project);
    return out;
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
    for (auto const& of : sources_)
        empty_.emplace(of.name, silence(of));
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

recheck_line recheck_book::silence(storage::recheck_source const& of) const
{
    recheck_line out;
    for (std::size_t h = 0; h != hours_shown; ++h)
        if (is_known(of, first_hour_ + hours{h}))
            out.hours[h] = 0;
    return out;
}

std::vector<storage::recheck_count> recheck_book::bugs(storage::reader const& in) const
{
    auto out = in.rechecks().counts(
        first_hour_, first_hour_ + hours{hours_shown - 24}, first_hour_ + hours{hours_shown});
    std::erase_if(out, [&](auto const& one) { return source(one.source) == nullptr; });
    std::set<std::pair<std::string_view, std::string_view>> rechecked;
    for (auto const& one : out)
        rechecked.emplace(one.source, one.bug);
    std::vector<storage::recheck_count> others_signed;
    for (auto const& [name, signature] : signatures_)
        if (signature.is_good() && rechecked.emplace(name, signature.bug).second)
            others_signed.push_back({.source = name, .bug = signature.bug});
    std::ranges::move(others_signed, std::back_inserter(out));
    std::erase_if(out, [&](auto const& one) {
        auto const* const signature = signature_of(one.source, one.bug);
        return signature != nullptr && signature->suppress_graph;
    });
    std::ranges::sort(out, [](auto const& a, auto const& b) {
        return std::tie(b.lately, b.times, a.source, a.bug) < std::tie(a.lately, a.times, b.source, b.bug);
    });
    return out;
}

// The projects that named it most often stay apart, and the others become one line.
std::vector<recheck_line>
recheck_book::lines_of(std::vector<storage::recheck_hour> const& hours, recheck_line const& empty) const
{
    auto const apart = projects_apart(hours);
    std::map<std::string_view, recheck_line> lines; // with an empty name that of the others
    for (auto const& hour : hours) {
        bool const is_apart = apart.contains(hour.project);
        auto const [at, is_new] = lines.try_emplace(is_apart ? hour.project : std::string_view{}, empty);
        auto& line = at->second;
        if (is_new)
            line.project = is_apart ? hour.project : others;
        auto& all = line.hours[static_cast<std::size_t>((hour.hour - first_hour_) / std::chrono::hours{1})];
        if (all)
            *all += hour.times;
        line.times += hour.times;
    }
    std::vector<recheck_line> out;
    for (auto& [name, line] : lines)
        out.push_back(std::move(line));
    std::ranges::sort(out, {}, [](recheck_line const& one) {
        return std::tuple{one.project == others, -one.times, one.project};
    });
    if (out.empty())
        out.push_back(empty);
    return out;
}

rechecked_bug recheck_book::draw(storage::recheck_count const& one, storage::reader const& in) const
{
    auto const hours_of = in.rechecks().hours(
        one.source, one.bug, first_hour_, first_hour_ + hours{hours_shown});
    return {
        .source = one.source,
        .number = one.bug,
        .url = at_of(*source(one.source), one.bug),
        .times = one.times,
        .times_24 = one.lately,
        .lines = lines_of(hours_of, empty_.at(one.source)),
        .signature = signature_of(one.source, one.bug)};
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
