#include "adapters/launchpad/search.hpp"

#include "adapters/trouble.hpp"
#include "adapters/wire/page.hpp"

#include <array>

namespace checkwatches::adapters::launchpad {
namespace {

// Left out, Launchpad searches the unresolved ones only. "Unknown" cannot be searched for.
constexpr std::array<std::string_view, 13> every_status{
    "New",
    "Incomplete",
    "Opinion",
    "Invalid",
    "Won't Fix",
    "Expired",
    "Confirmed",
    "Triaged",
    "In Progress",
    "Deferred",
    "Fix Committed",
    "Fix Released",
    "Does Not Exist"};
constexpr std::size_t largest_page = 300;
constexpr std::size_t smaller_page = 75;

// Asking for each would meet the same.
bool concerns_all(error_kind kind)
{
    return kind == error_kind::maintenance || kind == error_kind::bot_wall;
}

class searcher {
public:
    searcher(remote& at, web_url const& root, std::set<std::string> const& wanted)
        : at_{at},
          root_{root},
          wanted_{wanted}
    {}

    awaitable<search_result> run(std::string const& target, search_wish const& wish)
    {
        std::optional<web_url> next = search_address(root_, target, wish, largest_page);
        bool shrunk = false;
        for (std::size_t pages = 0; next && pages < wanted_.size();) {
            request rq{.url = *next};
            auto const answer = co_await at_.ask(std::move(rq));
            if (answer.has_value() && answer->status == 400 && pages == 0 && !shrunk) {
                shrunk = true;
                next = search_address(root_, target, wish, smaller_page);
                continue;
            }
            ++pages;
            next = take(answer);
        }
        if (next)
            out_.how = search_result::end::unusable; // more pages than the ids are worth
        co_return std::move(out_);
    }

private:
    // The address of the next page, if one is to be asked for.
    std::optional<web_url> take(result<reply> const& answer)
    {
        if (!answer)
            return trouble(answer.error());
        auto const page = read_tasks(*answer, root_);
        if (!page && concerns_all(page.error().kind))
            return trouble(page.error());
        if (!page)
            return unusable();
        out_.replaced += page->replaced;
        for (auto const& task : page->tasks) {
            out_.unreadable = out_.unreadable || task.id.empty();
            if (wanted_.contains(task.id))
                out_.found.emplace(task.id, task);
        }
        bool const done = out_.found.size() == wanted_.size() || page->next.empty();
        if (done)
            return std::nullopt;
        if (is_too_dear(*page))
            return unusable();
        auto next = parse_url(page->next);
        if (!next || next->origin() != root_.origin())
            return trouble(
                {.kind = error_kind::protocol_error,
                 .message = "the link to the next page leads to another origin: "
                            + shortened(next ? next->origin() : page->next),
                 .request = answer->request});
        return std::move(*next);
    }

    bool is_too_dear(task_page const& page) const
    {
        if (!page.total || page.tasks.empty())
            return page.tasks.empty();
        auto const size = static_cast<std::int64_t>(page.tasks.size());
        return *page.total / size > static_cast<std::int64_t>(wanted_.size());
    }

    std::optional<web_url> trouble(error e)
    {
        out_.how = search_result::end::trouble;
        out_.why = std::move(e);
        return std::nullopt;
    }
    std::optional<web_url> unusable()
    {
        out_.how = search_result::end::unusable;
        return std::nullopt;
    }

    remote& at_;
    web_url const& root_;
    std::set<std::string> const& wanted_;
    search_result out_{.how = search_result::end::complete};
};

} // namespace

web_url
search_address(web_url const& root, std::string const& target, search_wish const& wish, std::size_t size)
{
    std::vector<std::pair<std::string, std::string>> fields{
        {"ws.op", "searchTasks"},
        {"order_by", "id"},
        {"omit_duplicates", wish.omit_duplicates ? "true" : "false"},
        {"omit_targeted", "false"},
        {"ws.size", std::to_string(size)}};
    if (wish.modified_since)
        fields.emplace_back("modified_since", format_time(*wish.modified_since));
    for (auto const status : every_status)
        fields.emplace_back("status", status);
    return join(root, target + "?" + form_encode(fields));
}

awaitable<search_result> search(
    remote& at,
    web_url const& root,
    std::string const& target,
    std::set<std::string> const& wanted,
    search_wish const& wish)
{
    searcher s{at, root, wanted};
    co_return co_await s.run(target, wish);
}

} // namespace checkwatches::adapters::launchpad
