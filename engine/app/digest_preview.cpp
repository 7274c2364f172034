#include "engine/app/digest_preview.hpp"

#include "engine/app/json_lines.hpp"
#include "engine/feed/digest/reading.hpp"

#include <algorithm>
#include <utility>

namespace checkwatches::app {
namespace {

constexpr std::int64_t page = 500;

template <class Bugs>
std::set<storage::bug_id> ids_of(Bugs const& bugs)
{
    std::set<storage::bug_id> out;
    for (auto const& bug : bugs)
        out.insert(bug.what.bug);
    return out;
}

class previewer {
public:
    previewer(
        storage::reader const& in,
        feed::digest_settings const& of,
        feed::letter_style const& style,
        adapters::registry const& kinds)
        : in_{in},
          of_{of},
          book_{of, style, state_of(in, of.name)},
          url_of_{[&kinds](auto const& kind, auto const& base_url, auto const& id) {
              return url_of(kinds, kind, base_url, id);
          }}
    {}

    std::vector<storage::digest_letter> letters()
    {
        take_events();
        settle();
        look_at_errors();
        return book_.take_step().letters;
    }

private:
    static storage::digest_state state_of(storage::reader const& in, std::string const& name)
    {
        auto stored = in.digest(name);
        if (stored)
            return std::move(*stored);
        return {.name = name, .created_at = utc_now(), .last_change = in.last_change()};
    }

    void take_events()
    {
        for (auto after = book_.state().last_change;;) {
            auto events = feed::read_events(in_, feed::event_kind::change, after, page, url_of_);
            if (events.empty())
                return;
            after = events.back().id();
            std::erase_if(events, [&](feed::event const& e) { return !of_.wanted.wants(e); });
            std::set<storage::bug_id> bugs;
            for (auto const& e : events)
                if (e.change->what.bug)
                    bugs.insert(*e.change->what.bug);
            auto const around = feed::read_surroundings(in_, of_.name, utc_now(), bugs);
            auto const members = feed::read_members(in_, of_, book_.opened_by(events, around), url_of_);
            book_.take(events, members, around);
        }
    }

    void settle()
    {
        std::set<std::string> topics;
        auto latest = utc_now();
        for (auto const& topic : book_.open()) {
            topics.insert(topic.name);
            latest = std::max(latest, topic.until);
        }
        auto const members = feed::read_members(in_, of_, topics, url_of_);
        std::set<storage::bug_id> bugs;
        for (auto const& [topic, of] : members)
            bugs.merge(ids_of(of));
        book_.settle(members, feed::read_surroundings(in_, of_.name, latest, bugs));
    }

    void look_at_errors()
    {
        storage::bug_id after{};
        do {
            auto const failing = feed::read_failing(in_, book_.troubles(), after, page, url_of_);
            book_.look_at(failing, feed::read_surroundings(in_, of_.name, utc_now(), ids_of(failing)));
        } while (after != storage::bug_id{});
    }

    storage::reader const& in_;
    feed::digest_settings const& of_;
    feed::digest_book book_;
    feed::address_of url_of_;
};

} // namespace

std::vector<storage::digest_letter> preview_letters(
    storage::reader const& in,
    feed::digest_settings const& of,
    feed::letter_style const& style,
    adapters::registry const& kinds)
{
    return previewer{in, of, style, kinds}.letters();
}

} // namespace checkwatches::app
