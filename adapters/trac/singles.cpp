#include "adapters/trac/singles.hpp"

#include "adapters/trac/table.hpp"

#include <fmt/format.h>

namespace checkwatches::adapters::trac {
namespace {

// Enters the answers to single requests. One ticket that crashes the server, or that asks for a login, says
// nothing about the others: it is held back as doubtful until another answer shows that the tracker works.
class single_answers {
public:
    single_answers(ledger& book, bool alone, bool logged_in)
        : book_{book},
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
            return works();
        }
        auto const& why = rows.error();
        switch (why.kind) {
        case error_kind::not_found: return absent(id, outcome::not_found, why);
        case error_kind::forbidden: return absent(id, outcome::forbidden, why);
        case error_kind::gone: return absent(id, outcome::gone, why);
        case error_kind::auth_failed:
            if (logged_in_)
                break;
            return doubtful(id, outcome::forbidden, why);
        case error_kind::protocol_error:
            if (answer.status >= 500)
                return doubtful(id, outcome::not_answered, why);
            if (!alone_)
                return false;
            break;
        default: break;
        }
        book_.trouble(why);
        return false;
    }

    // No more answers come.
    void close()
    {
        if (alone_ && !works_ && !held_.empty())
            book_.trouble(held_.front().why);
        else
            release();
    }

private:
    struct held {
        std::string id;
        outcome what;
        error why;
    };

    bool absent(std::string const& id, outcome what, error const& why)
    {
        book_.absent(id, what, why.message);
        return works();
    }

    bool works()
    {
        works_ = true;
        release();
        return true;
    }

    bool doubtful(std::string const& id, outcome what, error const& why)
    {
        if (what == outcome::forbidden && !alone_)
            return absent(id, what, why); // the query was answered without a login
        held_.push_back({.id = id, .what = what, .why = why});
        constexpr std::size_t most = 3;
        if (held_.size() < most)
            return true;
        book_.trouble(why);
        held_.clear();
        return false;
    }

    void release()
    {
        for (auto const& one : held_)
            book_.absent(one.id, one.what, one.why.message);
        held_.clear();
    }

    ledger& book_;
    bool alone_;
    bool logged_in_;
    bool works_ = false;
    std::vector<held> held_;
};

} // namespace

error too_many_singles()
{
    return error{
        .kind = error_kind::deferred,
        .message = fmt::format("one look asks for at most {} tickets one by one", most_singles)};
}

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
            book.trouble(too_many_singles());
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
