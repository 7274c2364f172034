#include "adapters/doubts.hpp"
#include "adapters/jira/issues.hpp"
#include "adapters/jira/keys.hpp"
#include "adapters/jira/look.hpp"
#include "adapters/trouble.hpp"

#include <fmt/format.h>

namespace checkwatches::adapters::jira {
namespace {

// Enters the answers to single requests.
class single_answers {
public:
    single_answers(remote const& at, ledger& book, bool alone, std::string_view login)
        : base_{at.base()},
          book_{book},
          doubts_{book, !alone},
          alone_{alone},
          login_{login}
    {}

    // False where it is of no use to go on.
    bool enter_answer(std::string const& key, reply const& answer)
    {
        auto const in = read_document(answer, login_);
        if (!in)
            return failed(key, in.error(), answer);
        auto one = read_issue(in->root, in->replaced);
        if (answer.status != 200 || !one)
            return absent(
                key,
                outcome::unparsable,
                in->complaints.empty() ? "the JSON is no issue" : shortened(in->complaints.front()));
        if (one->key != key)
            return absent(key, outcome::moved, web_page(base_, one->key).text());
        enter(book_, std::move(*one));
        doubts_.clear_up();
        return true;
    }

    // No more answers come.
    void close() { doubts_.close(); }

private:
    bool absent(std::string const& key, outcome what, std::string detail)
    {
        book_.absent(key, what, std::move(detail));
        doubts_.clear_up();
        return true;
    }
    // A query was answered: then it is the issue that is hidden, and not the whole tracker.
    bool hidden(std::string const& key, error const& why)
    {
        if (alone_)
            return doubts_.hold(key, outcome::forbidden, tracker_trouble(why));
        return absent(key, outcome::forbidden, why.message);
    }
    // A page that is not there may be the whole API's.
    bool missing(std::string const& key, outcome what, error const& why, reply const& answer)
    {
        if (is_own_refusal(answer))
            return absent(key, what, why.message);
        return doubts_.hold(key, what, tracker_trouble(why));
    }
    bool failed(std::string const& key, error const& why, reply const& answer)
    {
        switch (why.kind) {
        case error_kind::not_found: return missing(key, outcome::not_found, why, answer);
        case error_kind::gone: return missing(key, outcome::gone, why, answer);
        case error_kind::unparsable: return absent(key, outcome::unparsable, why.message);
        case error_kind::forbidden: return hidden(key, why);
        case error_kind::auth_failed:
            if (login_.empty() && answer.status == 401)
                return hidden(key, why);
            break;
        case error_kind::protocol_error:
            if (answer.status >= 500)
                return doubts_.hold(key, outcome::not_answered, why);
            break;
        default: break;
        }
        book_.trouble(tracker_trouble(why));
        return false;
    }

    web_url base_;
    ledger& book_;
    doubts doubts_;
    bool alone_;
    std::string_view login_;
};

} // namespace

awaitable<void> look_singly(remote& at, std::string_view login, ledger& book, bool alone)
{
    single_answers answers{at, book, alone, login};
    std::size_t asked = 0;
    for (auto const& key : book.open()) {
        if (asked++ == most_singles) {
            book.trouble(too_many_singles(most_singles, "issues"));
            break;
        }
        auto const relative = fmt::format("rest/api/2/issue/{}?fields={}", key, field_list);
        auto const answer = co_await at.ask(get(at, relative, login));
        if (!answer) {
            book.trouble(answer.error());
            break;
        }
        if (!answers.enter_answer(key, *answer))
            co_return;
    }
    answers.close();
}

} // namespace checkwatches::adapters::jira
