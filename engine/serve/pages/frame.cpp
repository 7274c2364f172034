#include "engine/serve/pages/assets.hpp"
#include "engine/serve/pages/page.hpp"
#include "engine/serve/pages/render.hpp"
#include "engine/serve/pages/rows.hpp"
#include "engine/serve/pages/state_of_engine.hpp"
#include "engine/serve/pages/text.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>

namespace checkwatches::serve::view {
namespace {

namespace json = boost::json;

struct entry {
    std::string_view path;
    std::string_view word;
};

constexpr std::array entries{
    entry{"/", "Overview"},
    entry{"/trackers", "Trackers"},
    entry{"/bugs", "Bugs"},
    entry{"/watches", "Watches"},
    entry{"/changes", "Changes"},
    entry{"/errors", "Errors"},
    entry{"/queue", "Queue"},
    entry{"/fixed", "Fixed upstream"},
    entry{"/sinks", "Sinks"},
};

std::string at_most(std::int64_t number)
{
    return number < census::most_told ? grouped(number) : fmt::format("{}+", census::most_told - 1);
}

// How many rows stand behind an entry, as far as that was counted.
std::string count_of(std::string_view path, surroundings const& with)
{
    if (with.counted == nullptr || !with.who.may_read)
        return {};
    auto const& all = *with.counted;
    if (path == "/trackers")
        return grouped(static_cast<std::int64_t>(all.trackers.size()));
    if (path == "/errors")
        return at_most(all.errors);
    if (path == "/queue")
        return grouped(all.words);
    if (path == "/fixed")
        return at_most(all.fixed);
    if (path == "/sinks" && all.sinks.empty())
        return {};
    if (path == "/sinks")
        return grouped(static_cast<std::int64_t>(all.sinks.size()));
    if (path != "/bugs")
        return {};
    std::int64_t sum = 0;
    for (auto const& one : all.trackers)
        sum += one.bugs;
    return grouped(sum);
}

bool is_here(std::string_view path, std::vector<std::string> const& parts)
{
    return path == "/" ? parts.empty() : !parts.empty() && parts.front() == path.substr(1);
}

json::array navigation(surroundings const& with)
{
    json::array out;
    for (auto const& one : entries)
        out.push_back(json::object{
            {"href", one.path},
            {"word", one.word},
            {"count", count_of(one.path, with)},
            {"here", is_here(one.path, with.rq.parts)}});
    return out;
}

std::string static_path(std::string_view stem, std::string_view suffix)
{
    auto const* const found = find_asset(fmt::format("{}.{}", stem, suffix));
    return fmt::format("/static/{}-{}.{}", stem, found->hash, suffix);
}

// The page's own address, to come back to after signing in.
std::string here(http_request const& rq)
{
    return rq.method == "GET" ? link(rq.path, {rq.query.begin(), rq.query.end()}) : std::string{"/"};
}

} // namespace

http_answer finished(page what, surroundings const& with)
{
    http_answer out{.status = what.status};
    if (!what.location.empty()) {
        out.status = 303;
        out.headers = {{"Location", what.location}};
        return out;
    }
    auto model = std::move(what.model);
    model["page_title"] = what.title;
    model["sentence"] = what.sentence;
    model["live"] = what.live;
    model["nav"] = navigation(with);
    model["style"] = static_path("style", "css");
    model["icon"] = static_path("icon", "svg");
    model["script"] = static_path("live", "js");
    model["may_read"] = with.who.may_read;
    model["may_operate"] = with.who.may_operate;
    model["actor"] = with.who.actor;
    model["csrf"] = with.who.csrf;
    model["sign_in"] = what.name == "login" ? std::string{} : link("/login", {{"next", here(with.rq)}});
    model["query"] = cut(
        with.rq.parts == std::vector<std::string>{"search"} ? with.rq.argument("q") : "", 500);
    model["read"] = moment(with.now, with.now);
    model["counted_at"] = with.counted == nullptr ? json::value{} : moment(with.counted->at, with.now);
    if (with.who.may_read)
        model["pulse"] = pulse_of(with);
    out.headers = {{"Content-Type", "text/html; charset=utf-8"}, {"Cache-Control", "private, no-cache"}};
    out.shared_body = std::make_shared<std::string const>(render(what.name, model));
    return out;
}

std::optional<std::int64_t> number_argument(http_request const& rq, std::string_view name)
{
    auto const text = rq.argument(name);
    if (text.empty())
        return std::nullopt;
    std::int64_t out = 0;
    auto const [end, ec] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (ec != std::errc{} || end != text.data() + text.size() || out < 0)
        throw bad_argument{
            fmt::format("The query's “{}” must be a number; “{}” is none.", name, cut(text, 40))};
    return out;
}

std::optional<std::string> text_argument(http_request const& rq, std::string_view name)
{
    auto const text = rq.argument(name);
    return text.empty() ? std::nullopt : std::optional{std::string{text}};
}

std::optional<storage::tracker> tracker_argument(asked const& with)
{
    auto const name = text_argument(with.rq, "tracker");
    if (!name)
        return std::nullopt;
    auto found = with.in.tracker_by_name(*name);
    if (!found)
        throw bad_argument{fmt::format("There is no tracker “{}”.", cut(*name, 80))};
    return found;
}

bool is_under_way(asked const& with, std::optional<utc_time> ended)
{
    constexpr std::chrono::minutes longest{10};
    auto const said = number_argument(with.rq, "started");
    if (!said)
        return false;
    utc_time const began{std::chrono::milliseconds{*said}};
    return began <= with.now && with.now - began < longest && (!ended || *ended < began);
}

page trouble_page(unsigned status, std::string title, std::string sentence)
{
    return {
        .status = status,
        .name = "trouble",
        .title = std::move(title),
        .sentence = std::move(sentence),
        .model = {{"forbidden", status == 403}}};
}

page no_such_page(std::string what)
{
    return trouble_page(404, "Not here", std::move(what));
}

namespace {

// "about 9 minutes"; empty where the query names no seconds.
std::string wait_text(std::string_view asked)
{
    std::int64_t wait = 0;
    auto const [end, ec] = std::from_chars(asked.data(), asked.data() + asked.size(), wait);
    bool const is_wait = ec == std::errc{} && end == asked.data() + asked.size() && wait > 0 && wait < 86'400;
    return is_wait ? about(std::chrono::seconds{wait}) : std::string{};
}

} // namespace

page login_page(surroundings const& with)
{
    auto const next = with.rq.argument("next");
    // Only a place of ours: "//host" is another's.
    bool const is_ours = next.starts_with('/') && !next.starts_with("//") && next.find('\\') == next.npos;
    return {
        .name = "login",
        .title = "Sign in",
        .sentence = with.who.actor.empty() ? "Operators sign in with a token."
                                           : fmt::format("You are signed in as {}.", with.who.actor),
        .model = {
            {"next", is_ours ? next : std::string_view{"/"}},
            {"wait", wait_text(with.rq.argument("wait"))},
            {"failed", !with.rq.argument("failed").empty()}}};
}

page about_page()
{
    return {
        .name = "about",
        .title = "How to read these pages",
        .sentence = "checkwatches keeps a record of the bugs that you watch in other people's trackers, "
                    "and says how old each fact is."};
}

} // namespace checkwatches::serve::view
