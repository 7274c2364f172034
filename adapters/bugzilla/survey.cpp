#include "adapters/bugzilla/survey.hpp"

#include "adapters/bugzilla/fault.hpp"
#include "adapters/trouble.hpp"
#include "adapters/wire/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace checkwatches::adapters::bugzilla {
namespace {

using id_span = std::span<std::string const>;

constexpr std::size_t longest_target = 7000; // of 8190, where servers begin to refuse; the key comes on top
constexpr std::size_t most_requests = 200;   // of one look
constexpr std::size_t most_splits = 16;      // of batches that fail as a whole; nine find one bug among 500
constexpr std::size_t most_singles = 60;
// bugzilla.mozilla.org blocks an anonymous address for an hour after 75 single bugs in a minute.
constexpr std::size_t most_anonymous_singles = 15;
constexpr unsigned not_modified = 304;
constexpr std::size_t few = 8; // that many are asked singly at once

// A number of answers at which a server may have cut them off: all known limits are round.
bool may_be_cut(std::size_t answers)
{
    return answers >= 20 && answers % 10 == 0;
}

// The question, rather than the tracker, may be what the answer complains of.
bool concerns_question(error_kind kind)
{
    return kind == error_kind::too_large || kind == error_kind::unparsable
           || kind == error_kind::protocol_error;
}

class surveyor {
public:
    surveyor(remote& at, place where, protocol const& how, id_span ids, std::optional<utc_time> since)
        : at_{at},
          where_{where},
          how_{how},
          book_{ids},
          since_{since},
          cap_{std::max<std::size_t>(where_.can.batch, 1)}
    {}

    // Looks at what it was made for; it lives in the coroutine.
    static awaitable<findings> run(surveyor self)
    {
        std::vector<std::string> numbers;
        std::vector<std::string> singles;
        self.sort(numbers, singles);
        if (self.since_)
            co_await self.ask_for_changes(numbers);
        co_await self.ask_in_batches(numbers);
        std::ranges::move(numbers, std::back_inserter(singles));
        if (!singles.empty() && !self.stopped_)
            co_await self.ask_singly(singles);
        co_return std::move(self.book_).close();
    }

private:
    void sort(std::vector<std::string>& numbers, std::vector<std::string>& aliases)
    {
        auto all = book_.open();
        numbers.reserve(all.size());
        for (auto& id : all) {
            if (is_normal_number(id))
                numbers.push_back(std::move(id));
            else if (normal_id(id) != id)
                book_.absent(id, outcome::invalid_id, "neither a bug number nor an alias");
            else if (how_.knows_aliases())
                aliases.push_back(std::move(id));
            else
                book_.absent(id, outcome::invalid_id, "this tracker can only be asked for bug numbers");
        }
    }

    void stop(error e)
    {
        constexpr std::size_t longest_request = 200; // a batch names all its ids there
        if (e.request.size() > longest_request)
            e.request = e.request.substr(0, longest_request) + "…";
        stopped_ = true;
        book_.trouble(tracker_trouble(std::move(e)));
    }

    // Counts a request; false where the look has had its share.
    bool take_request()
    {
        if (requests_ == most_requests) {
            stop(error{
                .kind = error_kind::deferred,
                .message = fmt::format("{} requests did not settle all bugs of this look", most_requests)});
            return false;
        }
        ++requests_;
        return true;
    }

    // Leaves in `ids` those that must be asked for in full.
    awaitable<void> ask_for_changes(std::vector<std::string>& ids)
    {
        auto batches = split(ids);
        while (!batches.empty() && !stopped_) {
            auto const batch = batches.back();
            batches.pop_back();
            std::vector<std::string> of_batch{batch.begin(), batch.end()};
            co_await ask_what_changed(std::move(of_batch));
        }
        keep_open(ids);
    }

    // Takes out what is settled.
    void keep_open(std::vector<std::string>& ids) const
    {
        if (book_.open_count() == 0)
            ids.clear();
        else
            std::erase_if(ids, [&](std::string const& id) { return !book_.is_open(id); });
    }

    awaitable<void> ask_what_changed(std::vector<std::string> batch)
    {
        for (bool cut = true; cut && take_request();) {
            auto rq = how_.ask_changed(where_, batch, *since_);
            auto const answer = co_await at_.ask(std::move(rq));
            auto const wrong = answer ? how_.read(where_, *answer, batch, book_) : answer.error();
            if (wrong && !concerns_question(wrong->kind))
                stop(*wrong);
            if (wrong || book_.strangers() != 0)
                co_return;
            auto const asked = batch.size();
            keep_open(batch);
            cut = !batch.empty() && may_be_cut(asked - batch.size());
        }
        if (!stopped_)
            book_.unmodified(batch);
    }

    // Leaves in `ids` those that no batch answered for. A server may answer for fewer than it was asked for,
    // which looks just like missing bugs: so what is missing is asked again in batches, until that brings
    // nothing.
    awaitable<void> ask_in_batches(std::vector<std::string>& ids)
    {
        for (bool again = false; !ids.empty() && !stopped_; again = true) {
            std::size_t const before = ids.size();
            co_await sweep(ids, again);
            keep_open(ids);
            if (ids.size() == before || ids.size() <= few)
                break;
        }
    }

    awaitable<void> sweep(id_span ids, bool again)
    {
        std::vector<id_span> work = split(ids);
        while (!work.empty() && !stopped_ && take_request()) {
            auto const batch = work.back();
            work.pop_back();
            auto rq = how_.ask(where_, batch);
            auto const answer = co_await at_.ask(std::move(rq));
            auto const answered = read(answer, batch);
            if (!answered) {
                failed(batch, answered.error(), work);
                continue;
            }
            most_answered_ = std::max(most_answered_, *answered);
            // What a server passed over at first and answers for now, it can only have cut off.
            if (again && *answered != 0)
                cap_ = std::min(cap_, most_answered_);
        }
    }

    // The batches in which these ids are asked, the first one last.
    std::vector<id_span> split(id_span ids) const
    {
        std::vector<id_span> out;
        while (!ids.empty()) {
            auto const n = fitting(ids);
            out.push_back(ids.first(n));
            ids = ids.subspan(n);
        }
        std::ranges::reverse(out);
        return out;
    }

    // How many of the ids one request takes; at least one.
    std::size_t fitting(id_span ids) const
    {
        auto const most = std::min(cap_, ids.size());
        auto const cost = how_.cost_of_id();
        if (!cost || most == 1)
            return most;
        constexpr std::size_t digits_of_limit = 8;
        std::size_t length = how_.ask(where_, ids.first(1)).url.target().size() + digits_of_limit;
        std::size_t n = 1;
        while (n != most && length + ids[n].size() + *cost <= longest_target)
            length += ids[n++].size() + *cost;
        return n;
    }

    // How many of the batch were settled.
    result<std::size_t> read(result<reply> const& answer, id_span batch)
    {
        if (!answer)
            return answer.error();
        if (answer->status == not_modified)
            book_.unmodified(batch);
        else if (auto e = how_.read(where_, *answer, batch, book_))
            return std::move(*e);
        if (book_.open_count() == 0)
            return batch.size();
        auto const settled = std::ranges::count_if(batch, [&](auto const& id) { return !book_.is_open(id); });
        return static_cast<std::size_t>(settled);
    }

    // A batch that is too large, or that one bug makes unreadable, is asked in halves.
    void failed(id_span batch, error const& e, std::vector<id_span>& work)
    {
        bool const may_pass = e.kind == error_kind::too_large || e.kind == error_kind::unparsable;
        if (may_pass && batch.size() > 1 && splits_ != most_splits) {
            ++splits_;
            work.push_back(batch.subspan(batch.size() / 2));
            work.push_back(batch.first(batch.size() / 2));
        }
        else if (e.kind == error_kind::unparsable && batch.size() == 1) {
            book_.absent(batch.front(), outcome::unparsable, e.message);
        }
        else {
            stop(e);
        }
    }

    awaitable<void> ask_singly(std::vector<std::string> const& ids)
    {
        bool const shy = is_mozilla(where_.can.version) && !where_.signed_in;
        std::size_t left = shy ? most_anonymous_singles : most_singles;
        for (auto const& id : ids) {
            if (left-- == 0) {
                stop(error{
                    .kind = error_kind::deferred,
                    .message =
                        "too many bugs were passed over in silence to ask for each of them in one look"});
                co_return;
            }
            auto const e = co_await ask_one(id);
            if (e && e->kind == error_kind::unsupported)
                co_return; // nothing here says why: they end as not_answered
            if (e)
                stop(*e);
            if (stopped_)
                co_return;
            book_.absent(id, outcome::not_answered); // unless it was settled
        }
    }

    // Settles the id, or stops, or says what the answer to this one request is instead.
    awaitable<std::optional<error>> ask_one(std::string const& id)
    {
        if (!take_request())
            co_return std::nullopt;
        auto rq = how_.ask_one(where_, id);
        auto const answer = co_await at_.ask(std::move(rq));
        if (!answer) {
            stop(answer.error());
            co_return std::nullopt;
        }
        if (answer->status == not_modified) {
            book_.absent(id, outcome::unmodified);
            co_return std::nullopt;
        }
        auto e = how_.read_one(where_, *answer, id, book_);
        if (e && e->kind == error_kind::unparsable) {
            book_.absent(id, outcome::unparsable, e->message);
            co_return std::nullopt;
        }
        co_return e;
    }

    remote& at_;
    place where_;
    protocol const& how_;
    ledger book_;
    std::optional<utc_time> since_;
    std::size_t cap_; // how many ids one request asks for
    std::size_t most_answered_ = 0;
    std::size_t requests_ = 0;
    std::size_t splits_ = 0;
    bool stopped_ = false;
};

} // namespace

awaitable<findings> survey(
    remote& at,
    place where,
    protocol const& how,
    std::span<std::string const> ids,
    std::optional<utc_time> since)
{
    return surveyor::run({at, where, how, ids, since});
}

std::vector<question> questions(place const& where, protocol const& how, std::span<std::string const> ids)
{
    std::vector<question> out;
    auto const add = [&](request const& rq, id_span of) {
        if (rq.conditional)
            out.push_back({.url = rq.url.text(), .ids{of.begin(), of.end()}});
    };
    std::size_t numbers = 0;
    for (auto const& id : ids) {
        if (is_normal_number(id))
            ++numbers;
        else if (how.knows_aliases() && normal_id(id) == id)
            add(how.ask_one(where, id), id_span{&id, 1});
    }
    if (numbers == 0 || numbers > std::min(how.most_conditional(), std::max<std::size_t>(where.can.batch, 1)))
        return out;
    if (numbers == ids.size()) {
        add(how.ask(where, ids), ids);
        return out;
    }
    std::vector<std::string> of_batch;
    std::ranges::copy_if(ids, std::back_inserter(of_batch), is_normal_number);
    add(how.ask(where, of_batch), of_batch);
    return out;
}

} // namespace checkwatches::adapters::bugzilla
