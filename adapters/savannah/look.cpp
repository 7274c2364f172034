#include "adapters/savannah/look.hpp"

#include "adapters/doubts.hpp"
#include "adapters/savannah/page.hpp"
#include "adapters/savannah/place.hpp"
#include "adapters/trouble.hpp"

namespace checkwatches::adapters::savannah {
namespace {

// Enters why an item could not be read; false where that is the tracker's trouble. A 404 or 403 of something
// in front of Savane is no item's.
bool failed(ledger& book, doubts& held, std::string const& id, reply const& answer, error why)
{
    bool const own = is_own_error(answer);
    switch (why.kind) {
    case error_kind::not_found:
    case error_kind::gone:
        if (!own)
            return held.hold(id, outcome::not_answered, tracker_trouble(why));
        book.absent(id, outcome::not_found, why.message);
        held.clear_up();
        return true;
    case error_kind::forbidden:
        if (!own)
            break;
        book.absent(id, outcome::forbidden, why.message);
        held.clear_up();
        return true;
    case error_kind::unparsable: return held.hold(id, outcome::unparsable, tracker_trouble(why));
    case error_kind::protocol_error: return held.hold(id, outcome::not_answered, why);
    default: break;
    }
    book.trouble(tracker_trouble(std::move(why)));
    return false;
}

} // namespace

awaitable<void> look(remote& at, ledger& book)
{
    doubts held{book, false};
    auto const word = item_word(at.base());
    std::size_t asked = 0;
    for (auto const& id : book.open()) {
        if (asked++ == most_pages) {
            book.trouble(too_many_singles(most_pages, "items"));
            break;
        }
        auto const answer = co_await at.ask(ask(at, id));
        if (!answer) {
            book.trouble(answer.error());
            break;
        }
        auto seen = read_item(*answer, word, id);
        if (seen) {
            book.sighted(id, std::move(*seen));
            held.clear_up();
        }
        else if (!failed(book, held, id, *answer, seen.error()))
            co_return;
    }
    held.close();
}

} // namespace checkwatches::adapters::savannah
