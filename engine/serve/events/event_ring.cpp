#include "engine/serve/events/event_ring.hpp"

#include "engine/serve/http/take_until.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace checkwatches::serve {
namespace {

// The kind in a text that lives for ever.
std::string_view known_kind(std::string_view kind)
{
    auto const* const found = std::ranges::find(event_kinds, kind);
    if (found == event_kinds.end())
        throw std::logic_error{"there is no such kind of event: " + std::string{kind}};
    return *found;
}

} // namespace

bool event_filter::wants_kind(std::string_view kind) const noexcept
{
    return kinds.empty() || std::ranges::find(kinds, kind) != kinds.end();
}

bool event_filter::wants(std::string_view kind, event_subject const& about) const noexcept
{
    return wants_kind(kind) && (tracker.empty() || tracker == about.tracker) && (!bug || bug == about.bug);
}

std::string event_text(event_id const& id, std::string_view kind, std::string_view data)
{
    constexpr std::size_t around = 100; // bytes of what is not data
    std::string out;
    out.reserve(data.size() + around);
    out += "id: ";
    append_id(out, id);
    out.append("\nevent: ").append(kind).append("\n");
    do {
        auto const line = take_until(data, '\n');
        out.append("data: ").append(line).append("\n");
    } while (!data.empty());
    if (out.find('\r') != std::string::npos) // hardly ever
        std::ranges::replace(out, '\r', ' ');
    return out += '\n';
}

std::string missed_text(event_id const& at, event_filter const& filter)
{
    std::string kinds;
    for (auto const kind : event_kinds)
        if (kind != change_event && filter.wants_kind(kind))
            kinds.append(kinds.empty() ? "" : ",").append(fmt::format("\"{}\":null", kind));
    return kinds.empty() ? kinds : event_text(at, missed_event, "{" + kinds + "}");
}

event_ring::event_ring(std::int64_t start, std::int64_t mark, std::size_t most)
    : start_{start},
      mark_{mark},
      most_{most}
{}

void event_ring::push(list& to, std::int64_t& lost, entry next)
{
    if (to.size() == most_) {
        lost = to.front().id.sequence;
        to.pop_front();
    }
    to.push_back(std::move(next));
}

void event_ring::put_change(std::int64_t change, event_subject about, std::string_view data)
{
    mark_ = change;
    ++sequence_;
    push(
        changes_,
        lost_change_,
        {newest(), change_event, std::move(about), event_text(newest(), change_event, data)});
}

void event_ring::put(std::string_view kind, event_subject about, std::string_view data)
{
    auto const known = known_kind(kind);
    ++sequence_;
    push(others_, lost_other_, {newest(), known, std::move(about), event_text(newest(), known, data)});
}

event_ring::batch event_ring::after(event_id const& after, event_filter const& filter)
{
    if (!last_ || last_->after != after || last_->newest != sequence_ || last_->filter != filter)
        last_ = answered{after, sequence_, filter, collect(after, filter)};
    return last_->what;
}

event_ring::batch event_ring::collect(event_id const& after, event_filter const& filter) const
{
    auto const behind = [&](list const& in) {
        return std::ranges::upper_bound(
            in, after.sequence, {}, [](entry const& one) { return one.id.sequence; });
    };
    std::string text;
    std::size_t checks = 0;
    batch out{.last = after};
    auto change = behind(changes_);
    auto other = behind(others_);
    while ((change != changes_.end() || other != others_.end()) && text.size() < most_bytes) {
        bool const is_change = other == others_.end()
                               || (change != changes_.end() && change->id.sequence < other->id.sequence);
        auto const& next = is_change ? *change++ : *other++;
        out.last = next.id;
        if (!filter.wants(next.kind, next.about))
            continue;
        if (next.kind == check_event && ++checks > most_checks)
            ++out.left_out;
        else
            text += next.text;
    }
    if (out.left_out != 0)
        text += event_text(out.last, missed_event, fmt::format(R"({{"check":{}}})", out.left_out));
    if (!text.empty())
        out.text = std::make_shared<std::string const>(std::move(text));
    return out;
}

} // namespace checkwatches::serve
