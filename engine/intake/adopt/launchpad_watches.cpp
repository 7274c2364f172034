#include "engine/intake/adopt/launchpad_watches.hpp"

#include "adapters/launchpad/names.hpp"
#include "adapters/launchpad/search.hpp"
#include "adapters/wire/json.hpp"
#include "adapters/wire/page.hpp"
#include "engine/intake/adopt/clean_text.hpp"
#include "engine/intake/prove.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace checkwatches::intake {
namespace {

namespace launchpad = adapters::launchpad;

constexpr std::string_view redacted_value = "tag:launchpad.net:2008:redacted";
constexpr std::size_t tasks_of_page = 300;
constexpr std::size_t most_pages = 20;         // of one bug's watches
constexpr std::size_t most_task_pages = 2'000; // of a target's bugs
// As many failures in a row say that Launchpad is not answering.
constexpr std::size_t most_failures = 3;

bool is_hidden(wire::json_object const& in, std::string_view key)
{
    return wire::text_member(in, key) == redacted_value;
}

// The member as text; nothing of what is hidden, or cannot stand in a field.
std::string told(wire::json_object const& in, std::string_view key)
{
    auto text = wire::text_member(in, key);
    if (text == redacted_value || flaw_of(text))
        text.clear();
    return text;
}

std::optional<utc_time> time_told(wire::json_object const& in, std::string_view key)
{
    return parse_time(told(in, key), naive_time::is_utc);
}

other_view view_in(wire::json_object const& entry)
{
    auto importance = told(entry, "remote_importance");
    if (importance == "UNKNOWN") // what Launchpad writes where it never asks
        importance.clear();
    return {
        .status = told(entry, "remote_status"),
        .importance = std::move(importance),
        .checked_at = time_told(entry, "date_last_checked"),
        .changed_at = time_told(entry, "date_last_changed"),
        .failure = told(entry, "last_error_type"),
        .is_private = is_hidden(entry, "remote_status") || is_hidden(entry, "date_last_checked")};
}

error unparsable(std::string message, adapters::reply const& from)
{
    return error{.kind = error_kind::unparsable, .message = std::move(message), .request = from.request};
}

bool is_target(std::string_view name)
{
    auto const fits = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.'
               || c == '/' || c == '~';
    };
    return !name.empty() && name.front() != '/' && name.back() != '/' && std::ranges::all_of(name, fits)
           && name.find("..") == std::string_view::npos && name.find("//") == std::string_view::npos;
}

// "avahi" of "ubuntu/+source/avahi", otherwise the whole.
std::string package_of(std::string const& target)
{
    constexpr std::string_view mark = "+source/";
    auto const at = target.find(mark);
    return at == std::string::npos ? target : target.substr(at + mark.size());
}

class watches_reader {
public:
    watches_reader(
        adapters::remote& at, launchpad_wish wish, std::function<void(std::size_t, std::size_t)> tell)
        : at_{at},
          root_{launchpad::api_root(at)},
          wish_{std::move(wish)},
          tell_{std::move(tell)}
    {}

    awaitable<result<adopted>> run()
    {
        if (!is_target(wish_.target))
            co_return error{
                .kind = error_kind::usage,
                .message = quoted_briefly(wish_.target)
                           + " is no project or distribution of Launchpad: a name as in its web address is "
                             "expected"};
        auto const listed = co_await list_bugs();
        if (!listed)
            co_return listed.error();
        std::size_t failures = 0;
        for (std::size_t i = 0; i != bugs_.size(); ++i) {
            if (failures == most_failures) {
                leave(bugs_[i], leftover::why::waiting, "it was not asked for: Launchpad does not answer");
                continue;
            }
            auto const read = co_await read_bug(bugs_[i]);
            bool const passes = !read && may_pass(read.error().kind);
            failures = passes ? failures + 1 : 0;
            if (!read)
                leave(
                    bugs_[i],
                    passes ? leftover::why::waiting : leftover::why::bad,
                    "its watches cannot be read: " + to_string(read.error()));
            tell_(i + 1, bugs_.size());
        }
        co_return std::move(out_);
    }

private:
    struct listed_bug {
        std::string number{};
        std::string target{};
    };

    awaitable<result<void>> list_bugs()
    {
        std::set<std::string> known;
        launchpad::search_wish const everything;
        std::optional<web_url> next = launchpad::search_address(
            root_, wish_.target, everything, tasks_of_page);
        for (std::size_t pages = 0; next && pages != most_task_pages; ++pages) {
            adapters::request rq{.url = *next};
            auto const answer = co_await at_.ask(std::move(rq));
            if (!answer)
                co_return answer.error();
            auto const page = launchpad::read_tasks(*answer, root_);
            if (!page)
                co_return explained(page.error());
            for (auto const& task : page->tasks) {
                auto const number = launchpad::bug_number(task.id);
                if (task.id.empty())
                    leave({}, leftover::why::bad, "a bug task whose address cannot be read");
                else if (known.insert(number).second)
                    bugs_.push_back({.number = number, .target = launchpad::target_of(task.id)});
            }
            auto const after = next_page(page->next, *answer);
            if (!after)
                co_return after.error();
            next = *after;
            if (page->tasks.empty())
                next.reset();
            if (bugs_.size() > wish_.most_bugs)
                break;
        }
        if (next || bugs_.size() > wish_.most_bugs)
            co_return error{
                .kind = error_kind::usage,
                .message = wish_.target + " has more bugs than are read, which are "
                           + std::to_string(wish_.most_bugs)
                           + ": take its packages one by one (DISTRO/+source/PACKAGE)"};
        co_return result<void>{};
    }

    // Where Launchpad knows no such target it says no more than that there is no such object.
    error explained(error why) const
    {
        if (why.kind == error_kind::not_found)
            return error{
                .kind = error_kind::usage,
                .message = "Launchpad knows no project or distribution \"" + wish_.target + "\"",
                .request = why.request};
        return why;
    }

    result<std::optional<web_url>> next_page(std::string const& link, adapters::reply const& from) const
    {
        if (link.empty())
            return std::optional<web_url>{};
        auto const next = parse_url(link);
        if (!next || next->origin() != root_.origin())
            return error{
                .kind = error_kind::protocol_error,
                .message = "the link to the next page leads to another origin",
                .request = from.request};
        return std::optional{*next};
    }

    // A bug's bug_watches_collection_link is its own address with "/bug_watches" behind it; reading the bug
    // first would double the requests.
    awaitable<result<void>> read_bug(listed_bug const& bug)
    {
        std::optional<web_url> next = join(root_, "bugs/" + bug.number + "/bug_watches");
        for (std::size_t pages = 0; next; ++pages) {
            if (pages == most_pages)
                co_return error{
                    .kind = error_kind::too_large, .message = "it has more pages of watches than are read"};
            adapters::request rq{.url = *next};
            auto const answer = co_await at_.ask(std::move(rq));
            if (!answer)
                co_return answer.error();
            auto page = read_watch_page(*answer, bug.number);
            if (!page)
                co_return page.error();
            take(*page, bug);
            auto const after = next_page(page->next, *answer);
            if (!after)
                co_return after.error();
            next = *after;
        }
        co_return result<void>{};
    }

    void take(watch_page& page, listed_bug const& bug)
    {
        for (auto& watch : page.watches) {
            if (wish_.by_package)
                watch.usual_label = package_of(bug.target);
            out_.watches.push_back(std::move(watch));
        }
        std::ranges::move(page.rest, std::back_inserter(out_.rest));
    }

    void leave(listed_bug const& bug, leftover::why how, std::string reason)
    {
        out_.rest.push_back(
            {.how = how,
             .name = bug.number.empty() ? std::string{} : "lp:" + bug.number,
             .reason = std::move(reason)});
    }

    adapters::remote& at_;
    web_url root_;
    launchpad_wish wish_;
    std::function<void(std::size_t, std::size_t)> tell_;
    std::vector<listed_bug> bugs_;
    adopted out_;
};

} // namespace

result<watch_page> read_watch_page(adapters::reply const& from, std::string const& bug)
{
    if (auto wrong = wire::expect(from, {"application/json"}))
        return *wrong;
    auto const json = wire::decode_json(from.body, from.header("Content-Type"));
    if (!json)
        return unparsable(json.error().message, from);
    wire::json_object root;
    if (json->document.root().get_object().get(root) != simdjson::SUCCESS)
        return unparsable("the JSON is no object", from);
    auto const entries = wire::array_member(root, "entries");
    if (!entries)
        return unparsable("the JSON has no entries", from);
    watch_page out{.next = wire::text_member(root, "next_collection_link")};
    auto const name = "lp:" + bug;
    for (auto const entry : *entries) {
        wire::json_object watch;
        auto const reject = [&](std::string reason) {
            out.rest.push_back({.how = leftover::why::bad, .name = name, .reason = std::move(reason)});
        };
        if (entry.get_object().get(watch) != simdjson::SUCCESS) {
            reject("a watch of it is no object");
            continue;
        }
        auto url = told(watch, "url");
        if (url.empty()) {
            auto const id = told(watch, "remote_bug");
            reject(
                "Launchpad does not tell the address of a watch of it"
                + (id.empty() ? std::string{} : " (remote bug " + quoted_briefly(id) + ")"));
            continue;
        }
        out.watches.push_back(
            {.name = name, .url = std::move(url), .usual_label = name, .theirs = view_in(watch)});
    }
    return out;
}

awaitable<result<adopted>>
read_launchpad(adapters::remote& at, launchpad_wish wish, std::function<void(std::size_t, std::size_t)> tell)
{
    watches_reader reader{at, std::move(wish), std::move(tell)};
    co_return co_await reader.run();
}

} // namespace checkwatches::intake
