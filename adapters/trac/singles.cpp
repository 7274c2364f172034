#include "adapters/trac/singles.hpp"

#include "adapters/doubts.hpp"
#include "adapters/trac/table.hpp"
#include "adapters/trouble.hpp"

#include <fmt/format.h>

namespace checkwatches::adapters::trac {
namespace {

// Enters the answers to single requests.
class single_answers {
public:
    single_answers(ledger& book, bool alone, bool logged_in)
        : book_{book},
          doubts_{book, !alone},
          alone_{alone},
          logged_in_{logged_in}
    {}

    // False where it is of no use to go on.
    bool enter(std::string const& id, reply const& answer)
    {
        auto const rows = read_table(answer);
        if (rows) {
            if (enter_rows(book_, *rows, answer))
                book_.absent(id, outcome::not_answered, "another ticket came in its place");
            doubts_.clear_up();
            return true;
        }
        auto const& why = rows.error();
        switch (why.kind) {
        case error_kind::not_found: return absent(id, outcome::not_found, why);
        case error_kind::forbidden: return absent(id, outcome::forbidden, why);
        case error_kind::gone: return absent(id, outcome::gone, why);
        case error_kind::auth_failed:
            if (logged_in_)
                break;
            if (!alone_) // the query was answered without a login
                return absent(id, outcome::forbidden, why);
            return doubts_.hold(id, outcome::forbidden, why);
        case error_kind::protocol_error:
            if (answer.status >= 500)
                return doubts_.hold(id, outcome::not_answered, why);
            if (!alone_)
                return false;
            break;
        default: break;
        }
        book_.trouble(why);
        return false;
    }

    // No more answers come.
    void close() { doubts_.close(); }

private:
    bool absent(std::string const& id, outcome what, error const& why)
    {
        book_.absent(id, what, why.message);
        doubts_.clear_up();
        return true;
    }

    ledger& book_;
    doubts doubts_;
    bool alone_;
    bool logged_in_;
};

} // namespace

request ticket_request(web_url const& base, std::string_view id)
{
    return request{.url = join(base, fmt::format("ticket/{}?format=csv", id))};
}

awaitable<void> look_singly(remote& at, ledger& book, bool alone)
{
    single_answers answers{book, alone, at.has_credential()};
    std::size_t asked = 0;
    for (auto const& id : book.open()) {
        if (asked++ == most_singles) {
            book.trouble(too_many_singles(most_singles, "tickets"));
            break;
        }
        auto const answer = co_await at.ask(ticket_request(at.base(), id));
        if (!answer) {
            book.trouble(answer.error());
            break;
        }
        if (!answers.enter(id, *answer))
            co_return;
    }
    answers.close();
}

} // namespace checkwatches::adapters::trac
