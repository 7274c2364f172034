#include "adapters/launchpad/look.hpp"

#include "adapters/doubts.hpp"
#include "adapters/launchpad/names.hpp"
#include "adapters/launchpad/search.hpp"

#include <map>

namespace checkwatches::adapters::launchpad {
namespace {

sighting to_sighting(task_entry const& task, std::size_t replaced)
{
    return sighting{
        .words{.status = task.status, .priority = task.importance},
        .title = task.bug_title,
        .product = pillar_of(task.id),
        .replaced = replaced};
}

sighting to_sighting(task_entry const& task, std::size_t replaced, bug_entry const& bug)
{
    auto out = to_sighting(task, replaced + bug.replaced);
    if (!bug.title.empty())
        out.title = bug.title;
    out.duplicate_of = bug.duplicate_of;
    out.modified = bug.modified;
    return out;
}

constexpr unsigned not_modified = 304;

using ids_by_target = std::map<std::string, std::set<std::string>>;

ids_by_target open_by_target(ledger const& book)
{
    ids_by_target out;
    for (auto const& id : book.open())
        if (auto const target = target_of(id); !target.empty())
            out[target].insert(id);
    return out;
}

class looker {
public:
    looker(remote& at, ledger& book) : at_{at}, root_{api_root(at)}, book_{book}, doubts_{book, false} {}

    awaitable<void> run()
    {
        auto const by_target = open_by_target(book_);
        for (auto const& [target, ids] : by_target) {
            if (ids.size() < fewest_for_search)
                continue;
            bool const go_on = co_await look_by_search(target, ids);
            if (!go_on)
                co_return;
        }
        for (auto const& id : book_.open()) {
            bool const go_on = co_await look_singly(id);
            if (!go_on)
                co_return;
        }
        doubts_.close();
    }

private:
    // Each is false where trouble ended the look.
    awaitable<bool> look_by_search(std::string const& target, std::set<std::string> const& ids);
    awaitable<bool> look_singly(std::string const& id);
    awaitable<bool> enter_with_bug(std::string const& id, task_entry const& task);

    // What asking for an entry came to.
    enum class got {
        entry,
        unchanged, // since the look before
        nothing,   // and what there is to say of it was entered; go_on_ tells whether the look goes on
    };
    // Reads the task into task_.
    awaitable<got> find_task(std::string const& id, bool conditional);
    got enter_task(std::string const& id, reply const& answer);
    // Reads the bug of this id into bugs_, where it is not there.
    awaitable<got> find_bug(std::string const& id, bool conditional);

    awaitable<result<reply>> get(std::string const& path, bool conditional)
    {
        request rq{.url = join(root_, path), .conditional = conditional};
        co_return co_await at_.ask(std::move(rq));
    }

    bool failed(std::string const& id, error const& why, unsigned http_status);
    bool absent(std::string const& id, outcome what, std::string detail)
    {
        book_.absent(id, what, std::move(detail));
        doubts_.clear_up();
        return true;
    }
    bool trouble(error why)
    {
        book_.trouble(std::move(why));
        return false;
    }

    remote& at_;
    web_url root_;
    ledger& book_;
    doubts doubts_;
    task_entry task_;
    std::map<std::string, bug_entry> bugs_; // by number: several tasks of one bug may be watched
    std::set<std::string> unchanged_bugs_;  // by number
    bool go_on_ = true;
};

awaitable<bool> looker::look_by_search(std::string const& target, std::set<std::string> const& ids)
{
    search_wish const everything;
    search_wish const no_duplicates{.omit_duplicates = true};
    auto const all = co_await search(at_, root_, target, ids, everything);
    if (all.how == search_result::end::trouble)
        co_return trouble(*all.why);
    if (all.how == search_result::end::unusable || all.found.empty())
        co_return true;
    std::set<std::string> found;
    for (auto const& [id, task] : all.found)
        found.insert(id);
    auto const without_duplicates = co_await search(at_, root_, target, found, no_duplicates);
    if (without_duplicates.how == search_result::end::trouble)
        co_return trouble(*without_duplicates.why);
    for (auto const& [id, task] : all.found) {
        if (task.status.empty())
            continue; // asked singly
        if (without_duplicates.found.contains(id)) {
            book_.sighted(id, to_sighting(task, all.replaced));
            continue;
        }
        bool const go_on = co_await enter_with_bug(id, task);
        if (!go_on)
            co_return false;
    }
    doubts_.clear_up();
    co_return true;
}

awaitable<bool> looker::look_singly(std::string const& id)
{
    auto task = co_await find_task(id, true);
    if (task == got::unchanged) {
        auto const bug = co_await find_bug(id, true);
        if (bug == got::unchanged)
            co_return absent(id, outcome::unmodified, {});
        if (bug == got::nothing)
            co_return go_on_;
        task = co_await find_task(id, false);
    }
    if (task != got::entry)
        co_return go_on_;
    co_return co_await enter_with_bug(id, task_);
}

awaitable<looker::got> looker::find_task(std::string const& id, bool conditional)
{
    bool const bare = target_of(id).empty();
    auto const path = bare ? "bugs/" + id + "/bug_tasks" : id;
    bool const may_be_same = conditional && !bare; // collections have no ETag
    auto const answer = co_await get(path, may_be_same);
    if (!answer) {
        go_on_ = trouble(answer.error());
        co_return got::nothing;
    }
    if (answer->status == not_modified)
        co_return got::unchanged;
    co_return enter_task(id, *answer);
}

looker::got looker::enter_task(std::string const& id, reply const& answer)
{
    if (target_of(id).empty()) {
        auto const tasks = read_tasks(answer, root_);
        auto const* const chosen = tasks ? chosen_task(tasks->tasks) : nullptr;
        if (chosen != nullptr && !chosen->status.empty()) {
            task_ = *chosen;
            return got::entry;
        }
        if (tasks)
            go_on_ = absent(id, outcome::unparsable, "the bug has no task with a status");
        else
            go_on_ = failed(id, tasks.error(), answer.status);
        return got::nothing;
    }
    auto task = read_task(answer, root_);
    if (!task) {
        go_on_ = failed(id, task.error(), answer.status);
        return got::nothing;
    }
    // For a bug that has no task on this target (any more), Launchpad redirects to another of its tasks.
    if (!task->id.empty() && task->id != id) {
        go_on_ = absent(id, outcome::moved, web_page(at_.base(), task->id).text());
        return got::nothing;
    }
    task_ = std::move(*task);
    return got::entry;
}

awaitable<looker::got> looker::find_bug(std::string const& id, bool conditional)
{
    auto const number = bug_number(id);
    if (bugs_.contains(number))
        co_return got::entry;
    if (conditional && unchanged_bugs_.contains(number))
        co_return got::unchanged;
    auto const path = "bugs/" + number;
    auto const answer = co_await get(path, conditional);
    if (!answer) {
        go_on_ = trouble(answer.error());
        co_return got::nothing;
    }
    if (answer->status == not_modified) {
        unchanged_bugs_.insert(number);
        co_return got::unchanged;
    }
    auto bug = read_bug(*answer);
    if (!bug) {
        go_on_ = failed(id, bug.error(), answer->status);
        co_return got::nothing;
    }
    bugs_.emplace(number, std::move(*bug));
    co_return got::entry;
}

awaitable<bool> looker::enter_with_bug(std::string const& id, task_entry const& task)
{
    // A bug's number alone is never unchanged as a whole, so that a 304 of its bug would be of no use.
    bool const conditional = !target_of(id).empty() && !unchanged_bugs_.contains(bug_number(id));
    auto bug = co_await find_bug(id, conditional);
    if (bug == got::unchanged)
        bug = co_await find_bug(id, false);
    if (bug != got::entry)
        co_return go_on_;
    book_.sighted(id, to_sighting(task, 0, bugs_.at(bug_number(id))));
    doubts_.clear_up();
    co_return true;
}

bool looker::failed(std::string const& id, error const& why, unsigned http_status)
{
    switch (why.kind) {
    case error_kind::not_found:
        return absent(
            id,
            outcome::not_found,
            "Launchpad does not tell a private bug from a missing one: " + why.message);
    case error_kind::forbidden: return absent(id, outcome::forbidden, why.message);
    case error_kind::gone: return absent(id, outcome::gone, why.message);
    case error_kind::unparsable: return absent(id, outcome::unparsable, why.message);
    case error_kind::auth_failed: return doubts_.hold(id, outcome::forbidden, why); // we sent no credential
    case error_kind::protocol_error:
        if (http_status >= 500)
            return doubts_.hold(id, outcome::not_answered, why);
        break;
    default: break;
    }
    return trouble(why);
}

} // namespace

std::vector<question> questions(remote const& at, std::span<std::string const> ids)
{
    auto const root = api_root(at);
    std::vector<question> out;
    std::map<std::string, std::vector<std::string>> by_bug;
    for (auto const& id : ids) {
        if (target_of(id).empty())
            continue;
        out.push_back({.url = join(root, id).text(), .ids{id}});
        by_bug[bug_number(id)].push_back(id);
    }
    for (auto& [number, tasks] : by_bug)
        out.push_back({.url = join(root, "bugs/" + number).text(), .ids = std::move(tasks)});
    return out;
}

awaitable<bool> pass_over_unchanged(remote& at, ledger& book, utc_time since)
{
    auto const root = api_root(at);
    search_wish const changed{.modified_since = since};
    auto const by_target = open_by_target(book);
    for (auto const& [target, ids] : by_target) {
        auto const answered = co_await search(at, root, target, ids, changed);
        if (answered.how == search_result::end::trouble) {
            book.trouble(*answered.why);
            co_return false;
        }
        if (answered.how == search_result::end::unusable || answered.unreadable)
            continue;
        for (auto const& id : ids)
            if (!answered.found.contains(id))
                book.absent(id, outcome::unmodified);
    }
    co_return true;
}

awaitable<void> look(remote& at, ledger& book)
{
    looker l{at, book};
    co_await l.run();
}

} // namespace checkwatches::adapters::launchpad
