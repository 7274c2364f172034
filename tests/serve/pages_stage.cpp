#include "tests/serve/pages_stage.hpp"

#include "engine/core/url.hpp"
#include "tests/support/print.hpp"
#include "tests/support/run.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <fmt/format.h>

#include <array>
#include <regex>

namespace checkwatches::serve::test {

using namespace std::chrono_literals;

std::string const hostile = "<script>alert(1)</script>\"'>&amp;\x01\u202e\xc2\xa0{{x}}";

awaitable<result<boost::json::object>>
scripted_commands::handle(control_request what, std::string actor, control_reply&)
{
    if (std::holds_alternative<status_call>(what))
        co_return status;
    if (std::holds_alternative<limits_call>(what))
        co_return limits;
    if (failure)
        co_return *failure;
    if (std::holds_alternative<cost_call>(what))
        co_return cost;
    asked.emplace_back(std::move(what), std::move(actor));
    co_return boost::json::object{};
}

std::string plain_lore::url_of(std::string const&, std::string const& base_url, std::string const& id) const
{
    return base_url + "show_bug.cgi?id=" + percent_encode(id);
}

result<std::optional<storage::bug_id>>
plain_lore::find(storage::reader const& in, std::string const& url) const
{
    for (auto const& one : in.trackers())
        if (url.starts_with(one.base_url))
            return in.find_bug(one.id, url.substr(one.base_url.size()));
    return error{.kind = error_kind::usage, .message = "no tracker has this address"};
}

std::string plain_lore::why(storage::reader const&, storage::shown_bug const&, utc_time) const
{
    return "unchanged for 30 days: twice a week";
}

std::vector<std::string>
plain_lore::explain(storage::reader const&, storage::shown_bug const& shown, utc_time) const
{
    return {"first this", "then that of " + shown.bug.title};
}

bool plain_lore::is_late(storage::bug_state const& bug, utc_time now) const
{
    return bug.seen_at && *bug.seen_at < now - 48h;
}

std::vector<chain_step> plain_lore::chain_of(storage::reader const& in, storage::shown_bug const& shown) const
{
    if (shown.bug.duplicate_of.empty())
        return {};
    return {
        {.url = "javascript:alert(1)", .remote_id = shown.bug.duplicate_of},
        {.url = shown.base_url + "2",
         .remote_id = "2",
         .bug = in.find_bug(storage::tracker_of(shown.bug.id), "2")}};
}

std::optional<storage::shown_bug>
plain_lore::judge_of(storage::reader const& in, storage::shown_bug const& shown) const
{
    std::optional<storage::shown_bug> out;
    auto const id = in.find_bug(storage::tracker_of(shown.bug.id), "2");
    if (by_master && shown.bug.duplicate_of == "2" && id)
        in.each_bug({.bugs = {*id}}, [&](storage::shown_bug const& one) { out = one; });
    return out;
}

std::vector<unmapped_word> plain_lore::unmapped(storage::reader const&, storage::shown_bug const& shown) const
{
    if (shown.bug.words.status != "QUUX")
        return {};
    return {{.field = "status", .word = "QUUX"}};
}

lore::preview plain_lore::preview_meaning(
    storage::reader const& in,
    std::string const&,
    std::string const& field,
    std::string const&,
    std::string const& means) const
{
    preview out{.bugs = 40, .changes = 2};
    for (auto& one : in.list_bugs({}, 2))
        out.first.push_back({.bug = one, .by = {{.field = field, .before = "In Progress", .after = means}}});
    return out;
}

stage::stage(filling const& fill)
{
    auto const path = folder_.file("record.db");
    auto opened = storage::store::open(path);
    REQUIRE(opened);
    store_ = std::move(*opened);
    fill(*store_, time.now());
    for (auto* const into : {&reader_, &counting_}) {
        auto reader = storage::reader::open(path);
        REQUIRE(reader);
        *into = std::make_unique<storage::background_reader>(std::move(*reader));
    }
    counted_ = std::make_unique<census>(*counting_, time, log_);
    commands.status = {
        {"bugs", 48'210},
        {"due", 20},
        {"deferred", 7},
        {"in_flight", 3},
        {"active_trackers", 1},
        {"offline", false},
        {"oldest_due", (time.now() - 4min).time_since_epoch().count()},
        {"writer", boost::json::object{{"pending", 0}, {"why", ""}}}};
    work_ = std::make_unique<errands>(loop_.get_executor(), commands, log_);
    web_parts const parts{*reader_, commands, *work_, [this] { return known; }, *counted_, time, log_};
    pages_ = std::make_unique<pages>(parts);
}

http_answer stage::answer(http_request const& rq, visitor const& who)
{
    return checkwatches::test::run(loop_, pages_->answer(rq, who));
}

http_answer stage::get(std::string const& target, visitor const& who)
{
    http_request rq{.method = "GET"};
    auto const question = target.find('?');
    rq.path = target.substr(0, question);
    for (std::size_t at = 1; at < rq.path.size();) {
        auto const end = std::min(rq.path.find('/', at), rq.path.size());
        rq.parts.push_back(percent_decode(rq.path.substr(at, end - at)));
        at = end + 1;
    }
    if (question != std::string::npos) {
        auto query = read_form(target.substr(question + 1));
        REQUIRE(query);
        rq.query = std::move(*query);
    }
    return answer(rq, who);
}

http_answer stage::post(std::string const& path, http_fields const& form, visitor const& who)
{
    http_request rq{.method = "POST", .path = path, .body = form_encode(form)};
    for (std::size_t at = 1; at < path.size();) {
        auto const end = std::min(path.find('/', at), path.size());
        rq.parts.push_back(percent_decode(path.substr(at, end - at)));
        at = end + 1;
    }
    return answer(rq, who);
}

std::string stage::page(std::string const& target, visitor const& who)
{
    auto const made = get(target, who);
    INFO(target << "\n" << body_of(made));
    REQUIRE(made.status == 200);
    REQUIRE(header_of(made, "Content-Type") == "text/html; charset=utf-8");
    return body_of(made);
}

void stage::change(filling const& what)
{
    what(*store_, time.now());
}

void stage::count()
{
    auto const wait = [this]() -> awaitable<int> {
        auto const executor = co_await asio::this_coro::executor;
        asio::co_spawn(executor, counted_->run(), asio::detached);
        asio::steady_timer turn{executor};
        while (!counted_->last()) {
            turn.expires_after(1ms);
            co_await turn.async_wait(use_awaitable);
        }
        co_return 0;
    };
    checkwatches::test::run(loop_, wait());
}

std::string body_of(http_answer const& from)
{
    return from.shared_body ? *from.shared_body : from.body;
}

std::string header_of(http_answer const& from, std::string_view name)
{
    return std::string{find_field(from.headers, name)};
}

std::vector<std::string> links_of(std::string const& html)
{
    static std::regex const pattern{"href=\"([^\"]*)\""};
    std::vector<std::string> out;
    for (std::sregex_iterator at{html.begin(), html.end(), pattern}, end; at != end; ++at)
        out.push_back(std::regex_replace((*at)[1].str(), std::regex{"&amp;"}, "&"));
    return out;
}

std::string unbalanced(std::string const& html)
{
    static std::regex const pattern{"<(/?)([a-z][a-z0-9]*)([^<>]*)>"};
    constexpr std::array<std::string_view, 6> empty{"meta", "link", "input", "br", "hr", "img"};
    std::vector<std::string> open;
    for (std::sregex_iterator at{html.begin(), html.end(), pattern}, end; at != end; ++at) {
        auto const name = (*at)[2].str();
        if (std::ranges::find(empty, name) != empty.end() || (*at)[3].str().ends_with('/'))
            continue;
        if ((*at)[1].length() == 0) {
            open.push_back(name);
            continue;
        }
        if (open.empty() || open.back() != name)
            return fmt::format("</{}> within <{}>", name, open.empty() ? "" : open.back());
        open.pop_back();
    }
    return open.empty() ? std::string{} : "<" + open.back() + "> is not closed";
}

} // namespace checkwatches::serve::test
