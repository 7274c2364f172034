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

class looker {
public:
    looker(remote& at, ledger& book) : at_{at}, root_{api_root(at)}, book_{book}, doubts_{book, false} {}

    awaitable<void> run()
    {
        std::map<std::string, std::set<std::string>> by_target;
        for (auto const& id : book_.open())
            if (auto const target = target_of(id); !target.empty())
                by_target[target].insert(id);
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
    // The task, or what is entered instead.
    awaitable<std::optional<task_entry>> find_task(std::string const& id);
    awaitable<bool> enter_with_bug(std::string const& id, task_entry const& task);

    awaitable<result<reply>> get(std::string const& path)
    {
        request rq{.url = join(root_, path)};
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
    std::map<std::string, bug_entry> bugs_; // by number: several tasks of one bug may be watched
    bool go_on_ = true;                     // of find_task
};

awaitable<bool> looker::look_by_search(std::string const& target, std::set<std::string> const& ids)
{
    auto const all = co_await search(at_, root_, target, ids, false);
    if (all.how == search_result::end::trouble)
        co_return trouble(*all.why);
    if (all.how == search_result::end::unusable || all.found.empty())
        co_return true;
    std::set<std::string> found;
    for (auto const& [id, task] : all.found)
        found.insert(id);
    auto const without_duplicates = co_await search(at_, root_, target, found, true);
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
    auto const task = co_await find_task(id);
    if (!task)
        co_return go_on_;
    co_return co_await enter_with_bug(id, *task);
}

awaitable<std::optional<task_entry>> looker::find_task(std::string const& id)
{
    bool const bare = target_of(id).empty();
    auto const path = bare ? "bugs/" + id + "/bug_tasks" : id;
    auto const answer = co_await get(path);
    if (!answer) {
        go_on_ = trouble(answer.error());
        co_return std::nullopt;
    }
    if (bare) {
        auto const tasks = read_tasks(*answer, root_);
        auto const* const chosen = tasks ? chosen_task(tasks->tasks) : nullptr;
        if (chosen != nullptr && !chosen->status.empty())
            co_return *chosen;
        if (tasks)
            go_on_ = absent(id, outcome::unparsable, "the bug has no task with a status");
        else
            go_on_ = failed(id, tasks.error(), answer->status);
        co_return std::nullopt;
    }
    auto const task = read_task(*answer, root_);
    if (!task) {
        go_on_ = failed(id, task.error(), answer->status);
        co_return std::nullopt;
    }
    // For a bug that has no task on this target (any more), Launchpad redirects to another of its tasks.
    if (!task->id.empty() && task->id != id) {
        go_on_ = absent(id, outcome::moved, web_page(at_.base(), task->id).text());
        co_return std::nullopt;
    }
    co_return *task;
}

awaitable<bool> looker::enter_with_bug(std::string const& id, task_entry const& task)
{
    auto const number = bug_number(id);
    if (!bugs_.contains(number)) {
        auto const path = "bugs/" + number;
        auto const answer = co_await get(path);
        if (!answer)
            co_return trouble(answer.error());
        auto bug = read_bug(*answer);
        if (!bug)
            co_return failed(id, bug.error(), answer->status);
        bugs_.emplace(number, std::move(*bug));
    }
    book_.sighted(id, to_sighting(task, 0, bugs_.at(number)));
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

awaitable<void> look(remote& at, ledger& book)
{
    looker l{at, book};
    co_await l.run();
}

} // namespace checkwatches::adapters::launchpad
