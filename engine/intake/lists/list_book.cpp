#include "engine/intake/lists/list_book.hpp"

#include "engine/core/sha256.hpp"
#include "engine/intake/lists/plain_file.hpp"
#include "storage/database_error.hpp"

#include <fmt/format.h>

#include <chrono>
#include <memory>
#include <set>
#include <utility>

namespace checkwatches::intake {
namespace {

using storage::list_state;
using storage::watch_list_record;

// A file that was written a moment ago may not be written to its end.
constexpr std::chrono::milliseconds settles_in{1'000};
constexpr std::size_t many_lists = 10; // whose files may go at once
// What is wrong with the folder itself stands among the lists under this name, which no file can have.
constexpr auto folder_entry = "%";

bool is_fresh(file_stamp const& stamp, utc_time now)
{
    auto const age = now.time_since_epoch() - std::chrono::milliseconds{stamp.written / 1'000'000};
    return age >= std::chrono::milliseconds::zero() && age < settles_in;
}

list_state state_of(list_reading const& list, bool is_off)
{
    if (is_off || !list.enabled)
        return list_state::off;
    return list.frozen ? list_state::frozen : list_state::good;
}

bool is_same(watch_list_record const& a, watch_list_record const& b)
{
    return a.path == b.path && a.state == b.state && a.trouble == b.trouble && a.hash == b.hash;
}

} // namespace

// One look, or one list that is put: what is done with, and what it came to. The database is opened for
// writing only where there is something to write.
struct list_book::job {
    storage::reader const& read;
    list_settings const& settings;
    adapters::registry const& kinds;
    std::string const& database;
    utc_time now{};
    bool settle = false;
    std::string force{};
    std::unique_ptr<storage::store> store{};
    look_report report{};

    list_work with()
    {
        if (!store) {
            auto opened = storage::store::open(database);
            if (!opened)
                throw storage::database_error{opened.error()};
            store = std::move(*opened);
        }
        return {.read = read, .write = *store, .kinds = kinds, .now = now, .hold = settings.hold};
    }
};

known_file file_of(storage::watch_list_record const* list, std::string const& database)
{
    known_file out{.closed = files_of_database(database)};
    if (list != nullptr) {
        out.path = list->path;
        out.was_good = list->applied_at.has_value();
    }
    return out;
}

list_book::list_book(std::string database, adapters::registry const& kinds)
    : database_{std::move(database)},
      kinds_{kinds}
{}

result<look_report> list_book::look(
    storage::reader const& in,
    list_settings const& settings,
    utc_time now,
    bool settle,
    std::string const& force)
{
    job doing{in, settings, kinds_, database_, now, settle, force};
    if (!settings.enabled)
        return std::move(doing.report);
    lists_by_name known;
    for (auto& list : in.watch_lists())
        known.emplace(list.name, list);
    auto const found = look_into(lists_folder(settings, database_), files_of_database(database_));
    if (!found) {
        // Nobody who has no lists has to make a folder for them.
        bool const is_unused = found.error().kind == error_kind::not_found && settings.folder.empty()
                               && known.empty();
        if (is_unused)
            return std::move(doing.report);
        auto const said = known.find(folder_entry);
        say_bad(
            doing,
            {.name = folder_entry,
             .path = lists_folder(settings, database_),
             .trouble = found.error().message,
             .read_at = now},
            said == known.end() ? nullptr : &said->second);
        return found.error();
    }
    if (known.erase(folder_entry) != 0)
        doing.with().write.drop_watch_list(folder_entry);
    if (settings != of_look_)
        seen_.clear();
    of_look_ = settings;
    std::set<std::string> names;
    for (auto const& file : *found) {
        names.insert(file.name);
        auto const before = known.find(file.name);
        look_at(doing, file, before == known.end() ? nullptr : &before->second);
    }
    std::vector<watch_list_record> gone;
    for (auto& [name, list] : known) {
        doing.report.waits = doing.report.waits || (list.state == list_state::good && list.waiting != 0);
        if (!names.contains(name))
            gone.push_back(list);
    }
    bool const many_go = gone.size() > many_lists && gone.size() * 2 > known.size();
    for (auto& list : gone) {
        seen_.erase(list.name);
        ++doing.report.changed;
        auto const is_forced = list.name == force;
        doing.report.news.take(drop_list(doing.with(), std::move(list), many_go, is_forced));
    }
    doing.report.lists = static_cast<std::int64_t>(names.size());
    return std::move(doing.report);
}

void list_book::look_at(job& doing, found_list const& file, watch_list_record const* known)
{
    bool const is_forced = file.name == doing.force;
    if (auto const seen = seen_.find(file.name); known != nullptr && seen != seen_.end()
                                                 && seen->second == file.stamp && file.trouble.empty()
                                                 && known->path == file.path) {
        if (is_held(*known))
            doing.report.news.take(release_held(doing.with(), *known, is_forced));
        return;
    }
    watch_list_record list{.name = file.name, .path = file.path, .read_at = doing.now};
    if (!file.trouble.empty()) {
        list.trouble = file.trouble;
        return say_bad(doing, std::move(list), known);
    }
    if (doing.settle && is_fresh(file.stamp, doing.now)) {
        doing.report.is_unsettled = true;
        return;
    }
    auto const held = read_text(file, files_of_database(database_));
    if (held.is_gone || held.is_moving) {
        doing.report.is_unsettled = true;
        return;
    }
    if (!held.trouble.empty()) {
        list.trouble = held.trouble;
        return say_bad(doing, std::move(list), known);
    }
    take_text(doing, file.name, file.path, held.text, known);
    seen_.insert_or_assign(file.name, file.stamp);
}

void list_book::say_bad(job& doing, watch_list_record list, watch_list_record const* known)
{
    if (doing.settings.is_off(list.name)) {
        list.state = list_state::off;
        if (known == nullptr || known->state != list.state)
            doing.report.news.take(apply_list(doing.with(), std::move(list), {}, false));
        return;
    }
    list.state = list_state::bad;
    if (known != nullptr) {
        if (is_same(*known, list))
            return;
        list.applied_at = known->applied_at;
    }
    ++doing.report.changed;
    keep_bad(doing.with(), list);
}

void list_book::take_text(
    job& doing,
    std::string const& name,
    std::string const& path,
    std::string const& text,
    watch_list_record const* known)
{
    bool const is_off = doing.settings.is_off(name);
    auto reading = read_list(text, format_of(path));
    watch_list_record list{.name = name, .path = path, .hash = sha256_of(text), .read_at = doing.now};
    if (reading.broken && !is_off) {
        list.trouble = reading.broken->reason;
        list.line = reading.broken->line;
        list.column = reading.broken->column;
        return say_bad(doing, std::move(list), known);
    }
    list.state = state_of(reading, is_off);
    if (known != nullptr) {
        bool const is_known = known->hash == list.hash && known->state == list.state && known->path == path;
        bool const is_forced = name == doing.force;
        if (is_known && is_held(*known)) {
            doing.report.news.take(release_held(doing.with(), *known, is_forced));
            return;
        }
        if (is_known)
            return;
        list.applied_at = known->applied_at;
    }
    check_addresses(reading, kinds_);
    ++doing.report.changed;
    doing.report.waits = true;
    doing.report.news.take(
        apply_list(doing.with(), std::move(list), std::move(reading.entries), name == doing.force));
}

result<put_report> list_book::put(
    storage::reader const& in,
    list_settings const& settings,
    utc_time now,
    std::string const& name,
    list_format format,
    std::string const& text,
    bool force)
{
    if (!is_list_name(name))
        return error{.kind = error_kind::usage, .message = std::string{list_name_rule}};
    if (!settings.enabled)
        return error{.kind = error_kind::usage, .message = "the configuration turns watch lists off"};
    put_report out;
    auto reading = read_list(text, format);
    if (reading.broken) {
        out.broken = std::move(reading.broken);
        return out;
    }
    out.ignored = reading.ignored;
    auto const known = in.watch_list_by_name(name);
    auto const path = put_list(
        lists_folder(settings, database_), name, format, text, file_of(known ? &*known : nullptr, database_));
    if (!path)
        return path.error();
    job doing{in, settings, kinds_, database_, now, false, force ? name : std::string{}};
    seen_.erase(name);
    take_text(doing, name, *path, text, known ? &*known : nullptr);
    out.look = std::move(doing.report);
    return out;
}

result<look_report> list_book::drop(
    storage::reader const& in, list_settings const& settings, utc_time now, std::string const& name)
{
    auto known = is_list_name(name) ? in.watch_list_by_name(name) : std::nullopt;
    if (!known)
        return error{.kind = error_kind::not_found, .message = fmt::format("there is no list \"{}\"", name)};
    auto const folder = lists_folder(settings, database_);
    if (auto const removed = remove_list(folder, name, file_of(&*known, database_)); !removed)
        return removed.error();
    seen_.erase(name);
    job doing{in, settings, kinds_, database_, now, false, {}};
    ++doing.report.changed;
    doing.report.news = drop_list(doing.with(), std::move(*known), false, true);
    return std::move(doing.report);
}

} // namespace checkwatches::intake
