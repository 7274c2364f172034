#include "engine/serve/pages/pages.hpp"

#include "engine/serve/pages/page.hpp"
#include "engine/serve/pages/rows.hpp"
#include "engine/serve/pages/shelf.hpp"
#include "engine/serve/pages/static_file.hpp"
#include "engine/serve/pages/text.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>

namespace checkwatches::serve {
namespace {

namespace json = boost::json;
using view::asked;
using view::page;

// `arguments` are those that its query may have, with blanks around each.
struct route {
    std::string_view name;
    page (*make)(asked const&);
    std::string_view arguments;
};
constexpr std::array routes{
    route{"trackers", view::trackers_page, " need after state "},
    route{
        "bugs",
        view::bugs_page,
        " tracker label owner source outcome failing unchecked signature after due late status importance "
        "word field "},
    route{"watches", view::watches_page, " tracker label owner source by after after_label after_source "},
    route{"changes", view::changes_page, " tracker label owner kind before "},
    route{"errors", view::errors_page, " tracker ended "},
    route{"queue", view::queue_page, " tracker field word means after "},
    route{"fixed", view::fixed_page, " kind label owner at bug behind put_away "},
    route{"search", view::search_page, " q "},
    route{"sinks", view::sinks_page, " tested "},
};

// A mistyped filter must not show everything.
void check_arguments(http_request const& rq, std::string_view known)
{
    for (auto const& [name, value] : rq.query)
        if (name.find(' ') != std::string::npos || known.find(" " + name + " ") == std::string_view::npos)
            throw view::bad_argument{
                fmt::format("This page has no argument “{}” in its address.", view::cut(name, 40))};
}

page of_tracker(asked const& with)
{
    auto const& parts = with.rq.parts;
    auto const found = with.in.tracker_by_name(parts[1]);
    if (!found)
        return view::no_such_page(fmt::format("There is no tracker “{}”.", view::cut(parts[1], 80)));
    check_arguments(with.rq, parts.size() == 2 ? " slice started " : "");
    if (parts.size() == 2)
        return tracker_page(with, *found);
    if (parts.size() == 3 && parts[2] == "settings")
        return settings_page(with, *found);
    return view::no_such_page("There is no such page of this tracker.");
}

page of_bug(asked const& with)
{
    auto const& text = with.rq.parts[1];
    std::int64_t id = 0;
    auto const [end, ec] = std::from_chars(text.data(), text.data() + text.size(), id);
    if (ec != std::errc{} || end != text.data() + text.size() || id <= 0)
        return view::no_such_page("The number of a bug is expected here.");
    check_arguments(with.rq, " started before watches comments unwatched for ");
    return bug_page(with, static_cast<storage::bug_id>(id));
}

page make(asked const& with)
try {
    auto const& parts = with.rq.parts;
    if (parts.empty()) {
        check_arguments(with.rq, "");
        return overview_page(with);
    }
    for (auto const& one : routes)
        if (parts.size() == 1 && parts[0] == one.name) {
            check_arguments(with.rq, one.arguments);
            return one.make(with);
        }
    if (parts[0] == "trackers" && parts.size() > 1)
        return of_tracker(with);
    if (parts[0] == "bugs" && parts.size() == 2)
        return of_bug(with);
    return view::no_such_page("There is no page with this address.");
}
catch (view::bad_argument const& why) {
    return view::trouble_page(400, "That cannot be shown", why.sentence);
}

// What is shown without a look into the database; nothing for other pages.
std::optional<page> plain(view::surroundings const& with)
{
    auto const& parts = with.rq.parts;
    if (parts.size() != 1)
        return std::nullopt;
    if (parts[0] == "login")
        return view::login_page(with);
    if (parts[0] == "about")
        return view::about_page();
    return std::nullopt;
}

bool is_tracker_page(http_request const& rq)
{
    return rq.parts.size() == 2 && rq.parts[0] == "trackers";
}

http_answer not_allowed()
{
    http_answer out{.status = 405};
    out.headers = {{"Allow", "GET, HEAD, POST"}, {"Content-Type", "text/plain; charset=utf-8"}};
    out.body = "Pages are asked for with GET, and forms sent with POST.\n";
    return out;
}

http_answer to_login(http_request const& rq)
{
    http_answer out{.status = 303};
    std::string const next = rq.method == "POST" ? "/" : view::link(rq.path, rq.query);
    out.headers = {{"Location", view::link("/login", {{"next", next}})}};
    return out;
}

} // namespace

pages::pages(web_parts const& parts) : parts_{parts}, shelf_{std::make_shared<shelf>()} {}

pages::~pages() = default;

awaitable<http_answer> pages::answer(http_request const& rq, visitor const& who)
{
    if (rq.parts.size() == 2 && rq.parts[0] == "static")
        if (auto file = view::static_file(rq.parts[1], rq))
            co_return std::move(*file);
    bool const is_login = rq.parts.size() == 1 && rq.parts[0] == "login";
    if (!who.may_read && !is_login)
        co_return to_login(rq);
    if (rq.method == "POST")
        co_return co_await act(rq, who);
    bool const is_read = rq.method == "GET" || rq.method == "HEAD";
    if (!is_read)
        co_return not_allowed();
    co_return co_await show(rq, who);
}

awaitable<http_answer> pages::show(http_request const& rq, visitor const& who)
{
    auto engine = co_await ask(status_call{}, who.actor);
    json::object const state = engine ? std::move(*engine) : json::object{};
    auto const counted = parts_.counted.last();
    auto const now = parts_.time.now();
    view::surroundings const around{counted.get(), state, now, rq, who};
    if (auto made = plain(around))
        co_return finished(std::move(*made), around);

    json::object cost;
    if (is_tracker_page(rq)) {
        cost_call call;
        call.what.trackers.push_back(rq.parts[1]);
        auto told = co_await ask(std::move(call), who.actor);
        if (told)
            cost = std::move(*told);
        limits_call how{.tracker = rq.parts[1]};
        auto limits = co_await ask(std::move(how), who.actor);
        if (limits)
            cost["limits"] = std::move(*limits);
    }
    auto work =
        [=, known = parts_.lore_now(), kept = shelf_, at = parts_.time.up()](storage::reader const& in) {
            auto const key = shelf::key_of(rq, who);
            if (auto there = kept->find(key, at))
                return std::move(*there);
            asked const with{{counted.get(), state, now, rq, who}, in, *known, cost};
            auto out = finished(make(with), with);
            kept->put(key, at, out);
            return out;
        };
    auto made = co_await parts_.reader.run(std::move(work));
    if (!made)
        co_return co_await tell(made.error(), rq, who);
    co_return std::move(*made);
}

awaitable<http_answer> pages::tell(
    unsigned status, std::string title, std::string sentence, http_request const& rq, visitor const& who)
{
    auto engine = co_await ask(status_call{}, who.actor);
    json::object const state = engine ? std::move(*engine) : json::object{};
    auto const counted = parts_.counted.last();
    view::surroundings const around{counted.get(), state, parts_.time.now(), rq, who};
    auto made = view::trouble_page(status, std::move(title), std::move(sentence));
    bool const is_of_tracker = rq.parts.size() > 1 && rq.parts[0] == "trackers";
    if (is_of_tracker) {
        made.model["back"] = view::cut(rq.parts[1], 80);
        made.model["back_href"] = view::path_of_tracker(rq.parts[1]);
    }
    co_return finished(std::move(made), around);
}

awaitable<http_answer> pages::tell(error const& why, http_request const& rq, visitor const& who)
{
    // A tracker's doing: the page is in order, and a proxy would put its own in the place of one of 502.
    unsigned status = 200;
    if (why.kind == error_kind::storage)
        status = 503;
    else if (
        why.kind == error_kind::usage || why.kind == error_kind::configuration
        || why.kind == error_kind::unsupported)
        status = 400;
    auto sentence = view::cut(why.message, 1000) + ".";
    auto op = tell(status, "That did not work", std::move(sentence), rq, who);
    co_return co_await std::move(op);
}

} // namespace checkwatches::serve
