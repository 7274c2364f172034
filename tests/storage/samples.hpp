#pragma once

#include "storage/reader.hpp"
#include "storage/store.hpp"

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace checkwatches::storage::test {

// A folder of its own that goes with everything in it.
class scratch {
public:
    scratch();
    scratch(scratch const&) = delete;
    ~scratch();

    std::string path(std::string const& name = "record.db") const { return folder_ + "/" + name; }
    std::string const& folder() const noexcept { return folder_; }

private:
    std::string folder_;
};

// Opened, or the test ends here.
std::unique_ptr<store> open_store(std::string const& path);
std::unique_ptr<reader> open_reader(std::string const& path);

// The first column of the first row, over a connection of its own.
std::int64_t number(std::string const& path, char const* sql);
void execute(std::string const& path, char const* sql);

// Milliseconds after an arbitrary day.
utc_time at(std::int64_t milliseconds);

tracker add_tracker(store& to, std::string const& name, std::string const& kind = "bugzilla");
// `count` bugs of a tracker named `name`, with the remote ids "1", "2", …
std::vector<bug_id> add_bugs(store& to, std::string const& name, int count);

// A settled check of one bug that was seen and did not change.
settled_bug seen(bug_id id, utc_time when);
// The next check of a bug whose row is `before`: it ends so, for this reason, and goes on with the run before
// or ends it.
settled_bug next_check(bug_state before, outcome how, std::string detail, utc_time when);
change status_change(utc_time when, std::string before, std::string after);
report report_of(std::vector<settled_bug> bugs, utc_time when);
// A report about `id` with one change to "<text>".
report report_with_change(bug_id id, std::string const& text, utc_time when = at(0));
// As a writer takes it.
inline std::shared_ptr<report const> share(report r)
{
    return std::make_shared<report const>(std::move(r));
}
std::vector<change> apply(store& to, report const& r);
// All that applying it came to.
applied apply_whole(store& to, report const& r);

// All fields as one text, to be compared.
std::string text_of(bug_state const& b);
std::string text_of(change const& c);
std::string text_of(tracker const& t);

// Runs `body` in a process of its own and returns its exit code; -1 where a signal ended it.
int in_child(std::function<int()> const& body);

} // namespace checkwatches::storage::test
