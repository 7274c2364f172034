#include "tests/storage/samples.hpp"

#include "storage/sqlite.hpp"
#include "tests/support/print.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <stdexcept>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

namespace checkwatches::storage::test {
namespace {

std::string shown(std::optional<std::string> const& text)
{
    return text ? fmt::format("\"{}\"", *text) : "-";
}

std::string shown(std::optional<utc_time> const& time)
{
    return time ? fmt::to_string(time->time_since_epoch().count()) : "-";
}

template <class Word>
std::string shown_title(std::optional<Word> const& value)
{
    return std::string{value ? title(*value) : "-"};
}

} // namespace

scratch::scratch()
{
    auto name = (std::filesystem::temp_directory_path() / "checkwatches-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr)
        throw std::runtime_error{"no temporary folder"};
    folder_ = name;
}

scratch::~scratch()
{
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

std::unique_ptr<store> open_store(std::string const& path)
{
    auto opened = store::open(path);
    REQUIRE(opened);
    return std::move(*opened);
}

std::unique_ptr<reader> open_reader(std::string const& path)
{
    auto opened = reader::open(path);
    REQUIRE(opened);
    return std::move(*opened);
}

std::int64_t number(std::string const& path, char const* sql)
{
    return sqlite::database{path, sqlite::access::read}.number(sql);
}

void execute(std::string const& path, char const* sql)
{
    sqlite::database{path, sqlite::access::write}.execute(sql);
}

utc_time at(std::int64_t milliseconds)
{
    return utc_time{std::chrono::milliseconds{1'764'000'000'123 + milliseconds}};
}

tracker add_tracker(store& to, std::string const& name, std::string const& kind)
{
    tracker const wanted{
        .kind = kind, .name = name, .base_url = "https://" + name + "/", .created_at = at(-1'000)};
    auto added = to.add_tracker(wanted);
    REQUIRE(added);
    return *added;
}

std::vector<bug_id> add_bugs(store& to, std::string const& name, int count)
{
    auto const of = add_tracker(to, name).id;
    std::vector<bug_id> ids;
    to.in_transaction([&] {
        for (int i = 1; i <= count; ++i)
            ids.push_back(to.add_bug(of, fmt::to_string(i), at(0)));
    });
    return ids;
}

settled_bug seen(bug_id id, utc_time when)
{
    settled_bug settled;
    settled.after.id = id;
    settled.after.state = status::confirmed;
    settled.after.weight = importance::medium;
    settled.after.words.status = "NEW";
    settled.after.title = "Preferences dialog crashes";
    settled.after.last_outcome = outcome::seen;
    settled.after.checked_at = when;
    settled.after.seen_at = when;
    settled.after.next_check = when + std::chrono::hours{24};
    settled.after.run_began = when;
    settled.after.run_checks = 1;
    return settled;
}

settled_bug next_check(bug_state before, outcome how, std::string detail, utc_time when)
{
    settled_bug out{.facts_changed = false};
    auto& b = before;
    if (b.last_outcome == how && b.error == detail) {
        ++b.run_checks;
        out.run_goes_on = true;
    }
    else {
        if (b.last_outcome) {
            out.ended = check_run{
                .first = b.run_began.value_or(when),
                .last = b.checked_at.value_or(when),
                .how = *b.last_outcome,
                .detail = b.error,
                .times = b.run_checks};
            ++b.runs_ended;
        }
        b.run_began = when;
        b.run_checks = 1;
    }
    b.last_outcome = how;
    b.error = std::move(detail);
    b.checked_at = when;
    if (is_success(how))
        b.seen_at = when;
    b.failures = is_success(how) ? 0 : b.failures + 1;
    b.next_check = when + std::chrono::hours{24};
    out.after = std::move(before);
    return out;
}

change status_change(utc_time when, std::string before, std::string after)
{
    return change{.at = when, .field = "status", .before = std::move(before), .after = std::move(after)};
}

report report_of(std::vector<settled_bug> bugs, utc_time when)
{
    report r{.at = when, .bugs = std::move(bugs)};
    if (!r.bugs.empty())
        r.from = tracker_of(r.bugs.front().after.id);
    return r;
}

report report_with_change(bug_id id, std::string const& text, utc_time when)
{
    auto settled = seen(id, when);
    settled.after.title = text;
    settled.changes.push_back(change{.at = when, .field = "title", .after = text});
    return report_of({settled}, when);
}

std::vector<change> apply(store& to, report const& r)
{
    return apply_whole(to, r).changes;
}

applied apply_whole(store& to, report const& r)
{
    applied out;
    to.in_transaction([&] { out = to.apply(r); });
    return out;
}

std::string text_of(bug_state const& b)
{
    auto const& w = b.words;
    return fmt::format(
        "{} {} {}/{} [{}|{}|{}|{}|{}|{}] \"{}\" dup \"{}\" modified {} replaced {} {} \"{}\" checked {} seen "
        "{} "
        "changed {} next {} failures {} run {} x{} after {} server {} read {} in {}",
        static_cast<std::int64_t>(b.id),
        b.remote_id,
        shown_title(b.state),
        shown_title(b.weight),
        w.status,
        w.resolution,
        w.priority,
        w.severity,
        w.type,
        fmt::join(w.labels, ";"),
        b.title,
        b.duplicate_of,
        shown(b.modified_at),
        b.replaced,
        b.last_outcome ? word(*b.last_outcome) : "-",
        b.error,
        shown(b.checked_at),
        shown(b.seen_at),
        shown(b.changed_at),
        shown(b.next_check),
        b.failures,
        shown(b.run_began),
        b.run_checks,
        b.runs_ended,
        shown(b.server_time),
        shown(b.read_at),
        b.product);
}

std::string text_of(change const& c)
{
    return fmt::format(
        "{} at {} bug {} {} {}>{} {}>{}",
        c.id,
        shown(c.at),
        static_cast<std::int64_t>(c.bug.value_or(bug_id{})),
        c.field,
        shown(c.before),
        shown(c.after),
        shown(c.remote_before),
        shown(c.remote_after));
}

std::string text_of(tracker const& t)
{
    return fmt::format(
        "{} {} {} {} {} {}",
        static_cast<std::int64_t>(t.id),
        t.kind,
        t.name,
        t.base_url,
        shown(t.api_url),
        shown(t.created_at));
}

int in_child(std::function<int()> const& body)
{
    auto const child = fork();
    if (child == 0) {
        try {
            _exit(body());
        }
        catch (...) {
            _exit(99);
        }
    }
    int state = 0;
    waitpid(child, &state, 0);
    return WIFEXITED(state) ? WEXITSTATUS(state) : -1;
}

} // namespace checkwatches::storage::test
