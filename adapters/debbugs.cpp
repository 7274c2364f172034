// Debbugs (bugs.debian.org, debbugs.gnu.org), asked by SOAP. There are no accounts and nothing is private.
//
// POST {base}/cgi-bin/soap.cgi (GNU: /cgi/soap.cgi), get_status with a list of numbers, 500 at most. Quirks,
// and what follows from them:
// - The answer is a map from number to record below an element of an arbitrary name; without any bug it is an
//   empty map, an empty element or nil.
// - A bug that does not exist is left out: there is no other way to ask that says more, so that it is not
//   found. That all of them vanish at once is the engine's to doubt.
// - The server guesses types: a numeric text is an int, one beyond ASCII is base64. Everything is read as
// text.
// - Archived bugs come like all others.
// - There is no field for the state: a bug is done where `done` names who closed it, else forwarded where
//   `forwarded` says where to, else open; `pending` mixes that with tags and versions. Why it is done is told
//   by tags only.
// - Merged bugs name each other, and none is the original.
// - It cannot say what changed since a time: get_bugs filters by state, not by time.
// - A fault is 500 with a message, and one bad record spoils its whole batch: it is the tracker's trouble,
// and
//   the engine finds out whose.
// - A bug's log (get_bug_log) comes as a whole; whether it grew is asked of get_status first.
//
// Where the API's address ends in "/spool", or is a local folder, these are the tracker's files, and each
// bug's is read (debbugs/spool.hpp).

#include "adapters/debbugs.hpp"

#include "adapters/debbugs/address.hpp"
#include "adapters/debbugs/log.hpp"
#include "adapters/debbugs/record.hpp"
#include "adapters/debbugs/service.hpp"
#include "adapters/debbugs/spool.hpp"
#include "adapters/debbugs/words.hpp"
#include "adapters/ledger.hpp"
#include "adapters/trouble.hpp"

#include <algorithm>
#include <array>
#include <iterator>

namespace checkwatches::adapters {
namespace {

namespace soap = wire::soap;

constexpr std::size_t most_bugs = 500;
constexpr std::string_view by_soap = "soap";

// What an answer that is not Debbugs' says about the tracker.
error refusal(error why, unsigned http_status)
{
    bool const other_service = why.kind == error_kind::protocol_error && http_status < 500;
    if (!other_service)
        return why;
    return no_such_kind("Debbugs", "its SOAP interface " + why.message, why.request);
}

class debbugs_adapter final : public adapter {
public:
    std::string_view kind() const noexcept override { return "debbugs"; }

    kind_features features() const noexcept override
    {
        return {
            .addresses = "https://HOST/cgi-bin/bugreport.cgi?bug=N",
            .batch = most_bugs,
            .importance = true,
            .comments = true};
    }

    std::optional<bug_ref> recognise(web_url const& url) const override { return debbugs::recognise(url); }

    std::optional<std::string> normalise(std::string_view remote_id) const override
    {
        return debbugs::normal_id(remote_id);
    }

    web_url bug_url(web_url const& base, std::string_view remote_id) const override
    {
        return debbugs::report_page(base, remote_id);
    }

    awaitable<result<capabilities>> probe(remote& at) const override
    {
        if (debbugs::is_spool(at))
            co_return co_await debbugs::probe_spool(at);
        std::array<std::string, 1> const first{"1"};
        auto const answer = co_await at.ask(debbugs::status_request(at, first));
        if (!answer)
            co_return answer.error();
        auto const told = debbugs::read_answer(*answer, debbugs::get_status);
        if (!told)
            co_return refusal(told.error(), answer->status);
        if (auto const* const why = std::get_if<soap::fault>(&told->what)) {
            auto trouble = debbugs::fault_error(*why, told->request);
            bool const own = why->text.find("Debbugs") != std::string::npos;
            if (!own) // any program that speaks SOAP can say so
                trouble.kind = error_kind::unsupported;
            co_return trouble;
        }
        co_return capabilities{
            .protocol = std::string{by_soap}, .batch = most_bugs, .importance = true, .comments = true};
    }

    awaitable<findings>
    look(remote& at, capabilities const& can, std::span<std::string const> ids) const override
    {
        auto book = open_ledger(*this, ids, "a bug of Debbugs has a number");
        auto const numbers = book.open();
        if (can.protocol == debbugs::by_spool)
            co_await debbugs::look_in_spool(at, book);
        else if (!numbers.empty()) {
            auto const answer = co_await at.ask(debbugs::status_request(at, numbers));
            if (answer)
                enter(*answer, book);
            else
                book.trouble(answer.error());
        }
        co_return std::move(book).close();
    }

    std::vector<question> conditional_questions(
        remote const& at, capabilities const& can, std::span<std::string const> ids) const override
    {
        if (can.protocol != debbugs::by_spool)
            return {};
        std::vector<std::string> numbers;
        std::ranges::copy_if(ids, std::back_inserter(numbers), [&](std::string const& id) {
            return normalise(id).has_value();
        });
        return debbugs::spool_questions(at, numbers);
    }

    awaitable<result<std::vector<comment>>> read_comments(
        remote& at,
        capabilities const& can,
        std::string const& remote_id,
        std::optional<utc_time> since) const override
    {
        if (can.protocol == debbugs::by_spool)
            co_return error{
                .kind = error_kind::unsupported, .message = "a spool's logs are not read for comments"};
        if (since) {
            auto const modified = co_await changed_at(at, can, remote_id);
            if (!modified)
                co_return modified.error();
            if (*modified && **modified < *since)
                co_return std::vector<comment>{};
        }
        auto const answer = co_await at.ask(debbugs::log_request(at, remote_id));
        if (!answer)
            co_return answer.error();
        auto const told = debbugs::read_answer(*answer, debbugs::get_bug_log);
        if (!told)
            co_return told.error();
        if (auto const* const why = std::get_if<soap::fault>(&told->what)) {
            // So it ends for a bug that does not exist, too.
            auto const modified = co_await changed_at(at, can, remote_id);
            if (!modified)
                co_return modified.error();
            co_return debbugs::fault_error(*why, told->request);
        }
        auto mails = debbugs::read_log(std::get<soap::response>(told->what).result, since);
        if (!mails) {
            auto trouble = mails.error();
            trouble.request = told->request;
            co_return trouble;
        }
        co_return std::move(*mails);
    }

    verdict interpret(raw_words const& words) const override { return debbugs::interpret(words); }

private:
    static void enter(reply const& answer, ledger& book)
    {
        auto const told = debbugs::read_answer(answer, debbugs::get_status);
        if (!told) {
            book.trouble(told.error());
            return;
        }
        if (auto const* const why = std::get_if<soap::fault>(&told->what)) {
            book.trouble(debbugs::fault_error(*why, told->request));
            return;
        }
        auto const& map = std::get<soap::response>(told->what).result;
        if (auto wrong = debbugs::enter_statuses(map, told->replaced, book)) {
            wrong->request = told->request;
            book.trouble(std::move(*wrong));
            return;
        }
        for (auto const& missing : book.open())
            book.absent(missing, outcome::not_found);
    }

    // When the bug last changed, in its record or its log; an error where it is not there.
    awaitable<result<std::optional<utc_time>>>
    changed_at(remote& at, capabilities const& can, std::string const& id) const
    {
        std::span const only{&id, 1};
        auto const found = co_await look(at, can, only);
        if (found.trouble)
            co_return *found.trouble;
        auto const& what = found.found.front().what;
        if (auto const* const seen = std::get_if<sighting>(&what))
            co_return seen->modified;
        auto const& missing = std::get<absence>(what);
        bool const unknown = missing.why == outcome::not_found;
        co_return error{
            .kind = unknown ? error_kind::not_found : error_kind::unparsable, .message = missing.detail};
    }
};

} // namespace

std::unique_ptr<adapter const> make_debbugs()
{
    return std::make_unique<debbugs_adapter>();
}

} // namespace checkwatches::adapters
