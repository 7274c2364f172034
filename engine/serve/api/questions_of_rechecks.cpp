#include "engine/serve/api/arguments.hpp"
#include "engine/serve/api/questions.hpp"
#include "engine/serve/rechecks/json_of.hpp"
#include "engine/serve/rechecks/rates.hpp"

#include <fmt/format.h>

// What people say in Gerrit when they have a change tested again.
namespace checkwatches::serve {
namespace {

namespace json = boost::json;

constexpr std::int64_t usual_days = 14; // as far back as elastic-recheck's own list goes
constexpr std::int64_t most_days = 400;

result<recheck_book>
book_of(storage::reader const& in, std::optional<std::string> const& source, utc_time now)
{
    recheck_book book{in, source.value_or(""), now};
    if (source && book.sources().empty())
        return no_such(fmt::format("there is no [[gerrit]] of the name {}", *source));
    return book;
}

} // namespace

result<question> ask_recheck_graph(ask const& a)
{
    arguments in{a.rq};
    auto const limit = in.limit();
    auto const source = in.text("source");
    if (auto const good = in.finish(); !good)
        return good.error();
    return [=, known = a.known](storage::reader const& store) -> result<json::object> {
        auto const book = book_of(store, source, known.now);
        if (!book)
            return book.error();
        return graph_of(*book, store, *known.of_kinds, static_cast<std::size_t>(limit));
    };
}

result<question> ask_recheck_queue(ask const& a)
{
    arguments in{a.rq};
    auto const limit = in.limit();
    auto const source = in.text("source");
    auto const days = in.number("days").value_or(usual_days);
    if (days < 1 || days > most_days)
        in.complain(fmt::format("\"days\" must be a number from 1 to {}", most_days));
    if (auto const good = in.finish(); !good)
        return good.error();
    return [=, known = a.known](storage::reader const& store) -> result<json::object> {
        auto const book = book_of(store, source, known.now);
        if (!book)
            return book.error();
        json::array items;
        auto all = book->queue(store, days);
        auto const total = all.size();
        for (auto& one : all) {
            if (static_cast<std::int64_t>(items.size()) == limit)
                break;
            fill(one, store);
            items.push_back(json_of(*book, one));
        }
        json::array bad;
        for (auto const& [name, signature] : book->signatures())
            if (!signature.is_good() && static_cast<std::int64_t>(bad.size()) < most_rows)
                bad.push_back(json_of(name, signature));
        return json::object{
            {"items", std::move(items)},
            {"total", total},
            {"days", days},
            {"bad_signatures", std::move(bad)}};
    };
}

result<question> ask_recheck_rates(ask const& a)
{
    arguments in{a.rq};
    auto const source = in.text("source");
    auto const bug = in.text("bug").value_or("");
    if (auto const good = in.finish(); !good)
        return good.error();
    return [=, known = a.known](storage::reader const& store) -> result<json::object> {
        auto const book = book_of(store, source, known.now);
        if (!book)
            return book.error();
        json::array items;
        for (auto const& of : book->sources())
            items.push_back(json_of_rates(*book, store, of, bug));
        return json::object{{"items", std::move(items)}};
    };
}

} // namespace checkwatches::serve
