#include "adapters/trac/web.hpp"

#include "adapters/trac/ids.hpp"
#include "adapters/trac/table.hpp"
#include "adapters/trouble.hpp"
#include "adapters/wire/page.hpp"
#include "adapters/wire/text.hpp"

#include <fmt/format.h>

namespace checkwatches::adapters::trac {
namespace {

constexpr std::size_t longest_target = 7000;
constexpr std::size_t least_room = 256;
constexpr std::string_view columns = "&col=id&col=summary&col=status&col=resolution&col=priority&col=severity"
                                     "&col=type&order=id&max=0&format=csv";

bool grants_login(reply const& answer)
{
    constexpr std::string_view name = "trac_auth=";
    for (auto const& [key, value] : answer.headers) {
        auto const cookie = wire::trimmed(value);
        if (wire::same_word(key, "Set-Cookie") && cookie.starts_with(name) && cookie.size() > name.size()
            && cookie[name.size()] != ';')
            return answer.status < 400;
    }
    return false;
}

std::vector<std::string> open_for_batch(ledger const& book)
{
    auto ids = book.open();
    std::erase_if(ids, [](std::string const& id) { return !fits_batch(id); });
    return ids;
}

awaitable<std::optional<error>> ask(remote& at, ledger& book, request rq)
{
    auto const answer = co_await at.ask(std::move(rq));
    if (!answer)
        co_return answer.error();
    auto const rows = read_table(*answer);
    if (!rows)
        co_return tracker_trouble(rows.error());
    co_return enter_rows(book, *rows, *answer);
}

// Another question may be answered.
bool may_be_the_question(error_kind kind)
{
    return kind == error_kind::protocol_error || kind == error_kind::too_large;
}

} // namespace

awaitable<login_result> log_in(remote& at)
{
    if (!at.has_user()) {
        error no_user{
            .kind = error_kind::auth_failed,
            .message = "Trac wants a user name and a password; a token of the Launchpad plugin is of use to "
                       "Launchpad only"};
        co_return login_result{.refusal = std::move(no_user)};
    }
    request rq{.url = join(at.base(), "login"), .on_redirect = request::redirects::ignored};
    rq.login = login_place{.place = login_place::where::basic};
    auto const answer = co_await at.ask(std::move(rq));
    if (!answer)
        co_return login_result{.refusal = answer.error()};
    if (grants_login(*answer))
        co_return login_result{};

    auto why = wire::explain(*answer);
    bool const transient = why.kind == error_kind::bot_wall || why.kind == error_kind::maintenance
                           || answer->status >= 500;
    if (!transient) {
        why.kind = error_kind::auth_failed;
        why.message = "the login was not granted: " + why.message;
    }
    co_return login_result{.refusal = std::move(why), .undecided = !transient && answer->status != 401};
}

request query_request(web_url const& base, std::string_view id_list)
{
    return request{.url = join(base, fmt::format("query?id={}{}", id_list, columns))};
}

request changes_request(web_url const& base, std::string_view id_list, utc_time since)
{
    auto const relative = fmt::format("query?id={}&changetime={}..{}", id_list, format_time(since), columns);
    return request{.url = join(base, relative)};
}

std::size_t room_for_ids(web_url const& base)
{
    auto const fixed = query_request(base, "").url.target().size();
    return fixed + least_room < longest_target ? longest_target - fixed : least_room;
}

awaitable<bool> look_by_query(remote& at, ledger& book)
{
    auto room = room_for_ids(at.base());
    auto lists = id_lists(open_for_batch(book), room);
    while (!lists.empty()) {
        auto rq = query_request(at.base(), lists.back());
        auto wrong = co_await ask(at, book, std::move(rq));
        lists.pop_back();
        if (!wrong)
            continue;
        if (wrong->kind != error_kind::too_large || room <= least_room) {
            book.trouble(std::move(*wrong));
            co_return false;
        }
        room /= 2;
        lists = id_lists(open_for_batch(book), room);
    }
    co_return true;
}

awaitable<bool> read_changes(remote& at, ledger& book, utc_time since)
{
    for (auto const& list : id_lists(open_for_batch(book), room_for_ids(at.base()))) {
        auto rq = changes_request(at.base(), list, since);
        auto wrong = co_await ask(at, book, std::move(rq));
        bool const of_question = wrong && may_be_the_question(wrong->kind);
        if (wrong && !of_question) {
            book.trouble(std::move(*wrong));
            co_return false;
        }
        if (wrong || book.strangers() != 0)
            co_return true;
    }
    book.unmodified(open_for_batch(book));
    co_return true;
}

} // namespace checkwatches::adapters::trac
