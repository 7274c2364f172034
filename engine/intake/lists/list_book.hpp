#pragma once

#include "engine/intake/lists/list_apply.hpp"
#include "engine/intake/lists/list_folder.hpp"
#include "engine/intake/lists/list_settings.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace checkwatches::intake {

// What a look at the folder came to.
struct look_report {
    list_news news{};
    std::int64_t lists = 0;    // that there are
    std::int64_t changed = 0;  // that were read anew, or are gone
    bool is_unsettled = false; // a file is being written: it is to be looked at again soon
    bool waits = false;        // there are entries that wait
};

// A list that was put, as it is kept now.
struct put_report {
    std::optional<list_fault> broken{}; // it is no list: nothing was done
    std::int64_t ignored = 0;           // keys that mean nothing here
    look_report look{};
};

// What is known of a list's file; nullptr: there is no such list.
known_file file_of(storage::watch_list_record const* list, std::string const& database);

// Keeps the folder of watch lists and the database alike. Blocking, for one thread: never the loop's.
class list_book {
public:
    // The kinds outlive it.
    list_book(std::string database, adapters::registry const& kinds);

    // Reads what changed since the last look, and applies it. With `settle` what was written within the last
    // second is left for the next look. What is held of the list `force` is no longer. Errors as for
    // look_into(), where lists are known or the folder is configured; then all stays as it is, and the
    // trouble stands among the lists.
    result<look_report> look(
        storage::reader const& in,
        list_settings const& settings,
        utc_time now,
        bool settle,
        std::string const& force);

    // Puts a list, and applies it. An error of kind usage: no such name; of kind storage.
    result<put_report>
    put(storage::reader const& in,
        list_settings const& settings,
        utc_time now,
        std::string const& name,
        list_format format,
        std::string const& text,
        bool force);
    // Removes a list and its watches. An error of kind not_found: there is none.
    result<look_report>
    drop(storage::reader const& in, list_settings const& settings, utc_time now, std::string const& name);

private:
    using lists_by_name = std::map<std::string, storage::watch_list_record>;
    struct job;

    void look_at(job& doing, found_list const& file, storage::watch_list_record const* known);
    void take_text(
        job& doing,
        std::string const& name,
        std::string const& path,
        std::string const& text,
        storage::watch_list_record const* known);
    void say_bad(job& doing, storage::watch_list_record list, storage::watch_list_record const* known);

    std::string database_;
    adapters::registry const& kinds_;
    std::map<std::string, file_stamp> seen_; // by name: as it was when it was read last
    list_settings of_look_{};                // those that held then
};

} // namespace checkwatches::intake
