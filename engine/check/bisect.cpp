#include "engine/check/bisect.hpp"

#include "adapters/ledger.hpp"
#include "adapters/trouble.hpp"

#include <algorithm>
#include <bit>
#include <utility>
#include <vector>

namespace checkwatches::check {
namespace {

using adapters::absence;
using adapters::finding;
using adapters::findings;
using id_list = std::vector<std::string>;

// An id that failed alone, and with what.
struct suspect {
    std::string id;
    error why;
};

// An id that no bug can have is answered without asking the tracker.
bool came_from_tracker(finding const& f)
{
    auto const* const why = std::get_if<absence>(&f.what);
    return why == nullptr || why->why != outcome::invalid_id;
}

bool contains(id_list const& in, std::string const& id)
{
    return std::ranges::find(in, id) != in.end();
}

std::size_t usual_looks(std::size_t ids)
{
    return 2 * static_cast<std::size_t>(std::bit_width(ids)) + 8;
}

// A tracker that names the time to come again speaks for itself, whatever was asked.
bool is_an_ids(error const& trouble)
{
    return can_be_an_ids(trouble.kind) && !trouble.retry_after;
}

absence blame(error const& why)
{
    auto const own = to_outcome(why.kind);
    bool const about_bug = own && !is_tracker_failure(*own);
    return {
        .why = about_bug ? *own : outcome::unparsable,
        .detail = adapters::shortened("this bug spoils its batch: " + to_string(why))};
}

class bisection {
public:
    bisection(look_at look, std::span<std::string const> ids, bisect_limits limits)
        : look_{std::move(look)},
          ids_{ids},
          most_looks_{limits.most_looks != 0 ? limits.most_looks : usual_looks(ids.size())},
          control_{std::move(limits.control)},
          book_{ids}
    {}

    // Goes on from what the look at all of them brought.
    awaitable<findings> run(findings whole)
    {
        id_list const all{ids_.begin(), ids_.end()};
        first_ = note(all, std::move(whole));
        if (first_)
            take_in(all, *first_);
        while (!stop_ && looks_ < most_looks_) {
            auto const question = next();
            if (question.empty())
                break;
            auto const trouble = co_await ask(question);
            if (trouble)
                take_in(question, *trouble);
            if (is_doubtful(trouble))
                co_await try_control();
        }
        if (!stop_ && !suspects_.empty())
            co_await try_control();
        if (auto why = verdict())
            book_.trouble(std::move(*why));
        co_return std::move(book_).close();
    }

private:
    // The next ids to ask for together; none where nothing is left that could be learnt.
    id_list next()
    {
        auto all = unproven();
        std::erase_if(failing_, [&](auto const& id) { return !is_unproven(id); });
        // When two looks in a row brought nothing, a single id shows best whether the tracker works at all.
        if (!all.empty() && barren_ > 1 && !proven_) {
            auto const other = std::find_if(
                all.rbegin(), all.rend(), [&](auto const& id) { return !contains(failing_, id); });
            return id_list{other == all.rend() ? all.back() : *other};
        }
        if (failing_.empty())
            return all;
        auto const half = static_cast<std::ptrdiff_t>((failing_.size() + 1) / 2);
        return {failing_.begin(), failing_.begin() + half};
    }

    awaitable<std::optional<error>> ask(id_list const& ids)
    {
        auto got = co_await look_(ids);
        co_return note(ids, std::move(got));
    }

    // Books what one look found; its trouble, where that left ids open or is no id's.
    std::optional<error> note(id_list const& ids, findings got)
    {
        ++looks_;
        book(got.found);
        if (std::ranges::any_of(got.found, came_from_tracker))
            worked();
        else
            ++barren_;
        bool const lost = std::ranges::any_of(ids, [&](auto const& id) { return book_.is_open(id); });
        if (got.trouble && (lost || !is_an_ids(*got.trouble)))
            return std::move(got.trouble);
        // Passed over without a word, against the adapter's promise: that is an answer too.
        for (auto const& id : ids)
            book_.absent(id, outcome::not_answered);
        return std::nullopt;
    }

    void book(std::vector<finding>& found)
    {
        for (auto& one : found) {
            if (!control_ && came_from_tracker(one))
                control_ = one.remote_id;
            if (auto* const seen = std::get_if<sighting>(&one.what)) {
                book_.sighted(one.remote_id, std::move(*seen));
            }
            else {
                auto& why = std::get<absence>(one.what);
                book_.absent(one.remote_id, why.why, std::move(why.detail));
            }
        }
    }

    // The tracker answers: who failed alone before is to blame.
    void worked()
    {
        barren_ = 0;
        ever_worked_ = true;
        proven_ = true;
        for (auto const& one : std::exchange(suspects_, {})) {
            auto what = blame(one.why);
            book_.absent(one.id, what.why, std::move(what.detail));
        }
    }

    // What the trouble with these ids means.
    void take_in(id_list const& asked, error const& trouble)
    {
        if (!is_an_ids(trouble)) {
            stop_ = trouble;
            return;
        }
        if (asked.size() > 1) {
            failing_ = asked;
            return;
        }
        if (contains(failing_, asked.front()))
            failing_.clear(); // what was searched for is found
        proven_ = false;
        suspects_.push_back({asked.front(), trouble});
    }

    // It may be the tracker after all: two ids failed alone with no answer between, or nothing at all comes
    // in time.
    bool is_doubtful(std::optional<error> const& trouble) const
    {
        bool const silent = trouble && trouble->kind == error_kind::timeout && barren_ > 2;
        return suspects_.size() > 1 || (silent && !suspects_.empty());
    }

    // Asks for an id that was answered for before: it tells whether the suspects are to blame.
    awaitable<void> try_control()
    {
        if (looks_ >= most_looks_)
            co_return;
        if (control_) {
            ++looks_;
            id_list const known{*control_};
            auto const got = co_await look_(known);
            if (std::ranges::any_of(got.found, came_from_tracker)) {
                worked();
                co_return;
            }
            if (got.trouble && !is_an_ids(*got.trouble))
                stop_ = got.trouble;
        }
        if (!stop_)
            stop_ = first_;
    }

    // What those have that are still open; nothing where none is, and nothing speaks against going on.
    std::optional<error> verdict() const
    {
        bool const ours = stop_ && stop_->kind == error_kind::deferred;
        if (book_.open().empty() || (stop_ && !ours))
            return stop_;
        if (!ever_worked_) // our own budget, met on the way, takes nothing back of what the tracker did
            return first_;
        if (stop_)
            return stop_;
        return error{
            .kind = error_kind::deferred,
            .message = "no more requests for finding out which bug spoils the batch",
            .request = first_->request};
    }

    // Open, and not failed alone.
    bool is_unproven(std::string const& id) const
    {
        return book_.is_open(id) && std::ranges::find(suspects_, id, &suspect::id) == suspects_.end();
    }
    id_list unproven() const
    {
        auto open = book_.open();
        std::erase_if(open, [&](auto const& id) { return !is_unproven(id); });
        return open;
    }

    look_at look_;
    std::span<std::string const> ids_;
    std::size_t most_looks_;
    std::optional<std::string> control_;
    adapters::ledger book_;
    id_list failing_;               // one of these is bad: they failed together, or their other half did not
    std::vector<suspect> suspects_; // since the last answer
    std::optional<error> first_;
    std::optional<error> stop_; // why nothing more is asked
    std::size_t looks_ = 0;
    std::size_t barren_ = 0; // looks in a row that brought nothing
    bool ever_worked_ = false;
    bool proven_ = false; // it answered since the last suspect
};

awaitable<findings>
bisect(look_at look, std::span<std::string const> ids, bisect_limits limits, findings whole)
{
    bisection all{std::move(look), ids, std::move(limits)};
    co_return co_await all.run(std::move(whole));
}

// Each id has its answer.
bool is_complete(findings const& got, std::span<std::string const> ids)
{
    return !got.trouble && std::ranges::equal(got.found, ids, {}, &finding::remote_id);
}

} // namespace

bool can_be_an_ids(error_kind kind) noexcept
{
    switch (kind) {
    case error_kind::protocol_error:
    case error_kind::too_large:
    case error_kind::timeout:
    case error_kind::maintenance: return true;
    default: break;
    }
    auto const how = to_outcome(kind);
    return how && !is_tracker_failure(*how);
}

awaitable<findings> look_bisecting(look_at look, std::span<std::string const> ids, bisect_limits limits)
{
    if (ids.empty())
        co_return findings{};
    auto whole = co_await look(ids);
    if (is_complete(whole, ids)) // nearly always: there is nothing to search for
        co_return whole;
    co_return co_await bisect(std::move(look), ids, std::move(limits), std::move(whole));
}

} // namespace checkwatches::check
