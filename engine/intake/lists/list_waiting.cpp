#include "engine/intake/lists/list_waiting.hpp"

#include "engine/core/signature.hpp"
#include "engine/intake/lists/watch_list.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace checkwatches::intake {
namespace {

using storage::entry_state;
using storage::list_entry;
using storage::list_state;

constexpr std::size_t most_asked = 50; // newcomers in a round
constexpr std::size_t most_taken = 5'000;
constexpr std::int64_t part = 1'000; // entries that are read at a time
constexpr std::size_t at_once = 500;
constexpr std::size_t longest_reason = 500;

class collector {
public:
    collector(
        storage::reader const& in, adapters::registry const& kinds, std::set<std::string> const& put_off)
        : in_{in},
          kinds_{kinds},
          put_off_{put_off}
    {}

    waiting_entries run()
    {
        for (auto const& list : in_.watch_lists()) {
            if (list.state == list_state::good && list.waiting != 0)
                take_list(list);
            if (out_.more)
                break;
        }
        return std::move(out_);
    }

private:
    void take_list(storage::watch_list_record const& list)
    {
        std::int64_t after = 0;
        for (;;) {
            auto const rows = in_.list_entries(list.name, true, after, part);
            for (auto const& e : rows) {
                after = e.number;
                if (e.state == entry_state::waiting)
                    take(list, e);
                if (out_.more)
                    return;
            }
            if (static_cast<std::int64_t>(rows.size()) < part)
                return;
        }
    }

    void take(storage::watch_list_record const& list, list_entry const& e)
    {
        waiting_entry one{.list = list.name, .hash = list.hash, .what = e};
        if (e.url.empty()) {
            if (!is_registered(e.tracker))
                return;
        }
        else if (!meet(one)) {
            return;
        }
        if (out_.entries.size() == most_taken)
            out_.more = true;
        else
            out_.entries.push_back(std::move(one));
    }

    // False: not now.
    bool meet(waiting_entry& one)
    {
        auto const url = parse_link(one.what.url);
        auto const all = url ? candidates(kinds_, *url, {}) : url.error();
        if (!all)
            return false;
        one.key = newcomer_key(*all);
        if (out_.fresh.contains(one.key))
            return true;
        if (auto const known = known_.find(one.key); known != known_.end())
            return known->second;
        auto fresh = unknown_trackers(in_, kinds_, {}, {{.url = one.what.url}});
        bool const is_known = fresh.empty();
        if (is_known || put_off_.contains(one.key) || put_off_.size() >= most_put_off) {
            known_.emplace(one.key, is_known);
            return is_known;
        }
        out_.more = out_.fresh.size() == most_asked;
        if (!out_.more)
            out_.fresh.merge(fresh);
        return !out_.more;
    }

    bool is_registered(std::string const& tracker)
    {
        auto const found = registered_.find(tracker);
        if (found != registered_.end())
            return found->second;
        auto const url = parse_url(tracker);
        bool const is_there = in_.tracker_by_name(tracker) || (url && find_tracker(in_, *url));
        registered_.emplace(tracker, is_there);
        return is_there;
    }

    storage::reader const& in_;
    adapters::registry const& kinds_;
    std::set<std::string> const& put_off_;
    std::map<std::string, bool> known_;      // keys: whether the tracker is registered by now, or put off
    std::map<std::string, bool> registered_; // whether there is a tracker of this name or address
    waiting_entries out_;
};

// Entries of lists that were read anew since are gone, or others.
void drop_stale(storage::reader const& in, std::vector<waiting_entry>& entries)
{
    std::map<std::string, std::string> hashes;
    for (auto const& list : in.watch_lists())
        if (list.state == list_state::good)
            hashes.emplace(list.name, list.hash);
    std::erase_if(entries, [&](waiting_entry const& one) {
        auto const now = hashes.find(one.list);
        return now == hashes.end() || now->second != one.hash;
    });
}

void say_why(list_entry& entry, newcomer const& stranger)
{
    entry.state = entry_state::waiting;
    entry.reason = "it could not be told what tracker this is, and is tried again ("
                   + std::string{cut_text(stranger.refusals, longest_reason)} + ")";
}

} // namespace

waiting_entries
find_waiting(storage::reader const& in, adapters::registry const& kinds, std::set<std::string> const& put_off)
{
    return collector{in, kinds, put_off}.run();
}

list_news
settle_waiting(list_work const& with, std::chrono::seconds capabilities_last, waiting_entries waited)
{
    list_news news;
    intake into{with.read, with.write, with.kinds, {}, capabilities_last};
    into.register_all(waited.fresh);
    auto& entries = waited.entries;
    drop_stale(with.read, entries);
    for (std::size_t begin = 0; begin < entries.size(); begin += at_once) {
        auto const end = std::min(begin + at_once, entries.size());
        with.write.in_transaction([&] {
            std::set<storage::bug_id> made;
            for (auto i = begin; i != end; ++i) {
                auto& [list, hash, key, entry] = entries[i];
                auto const before = entry;
                watch_entry(into, source_of(list), entry, made, news);
                auto const stranger = waited.fresh.find(key);
                if (entry.state == entry_state::waiting && stranger != waited.fresh.end())
                    say_why(entry, stranger->second);
                if (entry.state != before.state || entry.reason != before.reason)
                    with.write.put_entry(list, entry);
            }
        });
    }
    return news;
}

} // namespace checkwatches::intake
