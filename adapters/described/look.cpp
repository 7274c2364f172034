#include "adapters/described/look.hpp"

#include "adapters/described/records.hpp"
#include "adapters/doubts.hpp"
#include "adapters/trouble.hpp"
#include "adapters/wire/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace checkwatches::adapters::described {
namespace {

// How many requests one look may spend on bugs one by one; what is beyond stays due.
constexpr std::size_t most_singles = 100;

slots slots_of(remote const& at)
{
    return {.base = at.base(), .api = at.api().value_or(at.base())};
}

result<request> ask_for(description const& as, question_form const& what, remote const& at, slots const& with)
{
    auto const url = expand(what.url, with);
    if (!url) // of the right form, but for its length: what is asked in halves then
        return error{.kind = error_kind::too_large, .message = "the address would be too long"};
    request out{.url = *url, .headers = as.headers};
    if (as.login && at.has_credential())
        out.login = as.login->place;
    return out;
}

// ISO 8601, or seconds or milliseconds since 1970.
std::optional<utc_time> time_of(std::string const& text)
{
    constexpr std::int64_t most_seconds = 99'999'999'999;
    constexpr std::int64_t most = 253'402'300'799'000; // of the year 9999
    std::int64_t number = 0;
    auto const read = std::from_chars(text.data(), text.data() + text.size(), number);
    if (read.ec != std::errc{} || read.ptr != text.data() + text.size() || number < 0)
        return parse_time(text, naive_time::is_utc);
    if (number > most)
        return std::nullopt;
    if (number > most_seconds)
        return utc_time{std::chrono::milliseconds{number}};
    return utc_time{std::chrono::seconds{number}};
}

// A remote id, or where a link on the page leads; empty where it is neither.
std::string duplicate_of(id_form ids, std::string const& text, reply const& from)
{
    if (auto const id = normal_id(ids, text))
        return *id;
    bool const is_link = text.starts_with('/') || text.starts_with("http");
    auto const url = is_link ? resolve(from.url, text) : error{};
    return url ? url->text() : std::string{};
}

sighting sighting_of(description const& as, records const& in, std::size_t row, reply const& from)
{
    auto const& where = as.fields;
    sighting out{
        .words =
            {.status = in.text(row, where.status),
             .resolution = in.text(row, where.resolution),
             .priority = in.text(row, where.priority),
             .severity = in.text(row, where.severity),
             .type = in.text(row, where.type),
             .labels = in.texts(row, where.labels)},
        .title = in.text(row, where.title),
        .product = in.text(row, where.product),
        .duplicate_of = duplicate_of(as.ids, in.text(row, where.duplicate_of), from),
        .modified = time_of(in.text(row, where.modified)),
        .replaced = in.replaced()};
    return out;
}

bool any_holds(std::vector<condition> const& of, reply const& from, records const* in)
{
    return std::ranges::any_of(of, [&](condition const& one) { return holds(one, from, in); });
}

// What was asked for is not there; the tracker may be another one, or speak so of a bug.
error misread(form how, reply const& from, std::optional<error> const& unreadable)
{
    if (auto wrong = expect(how, from))
        return *wrong;
    return unreadable.value_or(error{
        .kind = error_kind::unparsable,
        .message = "the answer is of another shape",
        .request = from.request});
}

class looker {
public:
    looker(description const& as, remote& at, ledger& book)
        : as_{as},
          at_{at},
          book_{book},
          doubts_{book, false}
    {}

    // Each is false where trouble ended the look.
    awaitable<bool> read_batches();
    awaitable<void> look_singly();

private:
    awaitable<bool> read_batch(std::span<std::string const> ids);
    bool read_single(std::string const& id, reply const& answer);
    void enter(std::string const& id, records const& in, std::size_t row, reply const& from);

    bool trouble(error why)
    {
        book_.trouble(tracker_trouble(std::move(why)));
        return false;
    }
    bool absent(std::string const& id, outcome what, std::string detail)
    {
        book_.absent(id, what, std::move(detail));
        doubts_.clear_up();
        return true;
    }

    description const& as_;
    remote& at_;
    ledger& book_;
    doubts doubts_;
};

awaitable<bool> looker::read_batches()
{
    auto const open = book_.open();
    for (std::span<std::string const> rest{open}; rest.size() > 1;) {
        auto const ids = rest.first(std::min(as_.most, rest.size()));
        bool const go_on = co_await read_batch(ids);
        if (!go_on)
            co_return false;
        rest = rest.subspan(ids.size());
    }
    co_return true;
}

awaitable<bool> looker::read_batch(std::span<std::string const> ids)
{
    auto with = slots_of(at_);
    for (auto const& id : ids)
        with.ids += (with.ids.empty() ? "" : as_.separator) + id;
    auto const rq = ask_for(as_, *as_.batch, at_, with);
    if (!rq)
        co_return trouble(rq.error());
    auto const answer = co_await at_.ask(*rq);
    if (!answer)
        co_return trouble(answer.error());
    if (auto wrong = expect(as_.batch->how, *answer))
        co_return trouble(std::move(*wrong));
    auto const in = records::read(as_.batch->how, as_.batch->rows, *answer);
    if (!in)
        co_return trouble(in.error());
    for (std::size_t row = 0; row != in->size(); ++row)
        if (auto const id = normal_id(as_.ids, in->text(row, as_.fields.id)); id && book_.is_open(*id))
            enter(*id, *in, row, *answer);
    co_return true;
}

void looker::enter(std::string const& id, records const& in, std::size_t row, reply const& from)
{
    auto seen = sighting_of(as_, in, row, from);
    if (seen.words.status.empty()) {
        absent(id, outcome::unparsable, "its record has no status");
        return;
    }
    book_.sighted(id, std::move(seen));
    doubts_.clear_up();
}

awaitable<void> looker::look_singly()
{
    std::size_t asked = 0;
    for (auto const& id : book_.open()) {
        if (asked++ == most_singles) {
            book_.trouble(too_many_singles(most_singles, "bugs"));
            break;
        }
        auto with = slots_of(at_);
        with.id = id;
        auto const rq = ask_for(as_, as_.bug, at_, with);
        if (!rq) {
            trouble(rq.error());
            co_return;
        }
        auto const answer = co_await at_.ask(*rq);
        if (!answer) {
            book_.trouble(answer.error());
            break;
        }
        bool const go_on = read_single(id, *answer);
        if (!go_on)
            co_return;
    }
    doubts_.close();
}

bool looker::read_single(std::string const& id, reply const& answer)
{
    auto const in = records::read(as_.bug.how, as_.bug.rows, answer);
    auto const* const read = in ? &*in : nullptr;
    auto const says = [&] { return fmt::format("answered {} as described", answer.status); };
    if (any_holds(as_.missing, answer, read))
        return absent(id, outcome::not_found, says());
    if (any_holds(as_.hidden, answer, read))
        return absent(id, outcome::forbidden, says());
    if (!expect(as_.bug.how, answer) && read != nullptr && read->size() != 0) {
        auto const given = normal_id(as_.ids, read->text(0, as_.fields.id));
        if (given && is_same_id(as_.ids, id, *given)) {
            enter(id, *read, 0, answer);
            return true;
        }
        return doubts_.hold(
            id,
            outcome::not_answered,
            {.kind = error_kind::protocol_error,
             .message = "the answer does not name the bug that was asked for",
             .request = answer.request});
    }
    auto const why = misread(as_.bug.how, answer, in ? std::nullopt : std::optional{in.error()});
    switch (why.kind) {
    case error_kind::not_found:
    case error_kind::gone:
    case error_kind::unparsable:
    case error_kind::protocol_error: return doubts_.hold(id, outcome::not_answered, tracker_trouble(why));
    default: return trouble(why);
    }
}

class prober {
public:
    prober(description const& as, remote& at) : as_{as}, at_{at} {}

    awaitable<result<capabilities>> run()
    {
        capabilities can{
            .protocol = as_.bug.how == form::json  ? "json"
                        : as_.bug.how == form::csv ? "csv"
                                                   : "html",
            .batch = as_.batch ? as_.most : most_singles,
            .each = as_.batch ? 0.0 : 1.0,
            .importance = !as_.fields.priority.empty() || !as_.fields.severity.empty()};
        auto const rq = ask_for(as_, as_.probe.ask, at_, slots_of(at_));
        if (!rq)
            co_return rq.error();
        auto const answer = co_await at_.ask(*rq);
        if (!answer)
            co_return answer.error();
        auto const in = records::read(as_.probe.ask.how, as_.probe.ask.rows, *answer);
        auto const* const read = in ? &*in : nullptr;
        if (auto wrong = no_match(*answer, read))
            co_return std::move(*wrong);
        can.version = read == nullptr ? "" : shortened(read->text(0, as_.probe.version));
        if (as_.login && at_.has_credential()) {
            auto identity = co_await who_we_are();
            if (!identity)
                co_return identity.error();
            can.login = as_.login->word;
            can.identity = std::move(*identity);
        }
        co_return can;
    }

private:
    // Nothing where the answer is that of such a tracker.
    std::optional<error> no_match(reply const& answer, records const* in) const
    {
        if (std::ranges::all_of(as_.probe.is, [&](auto const& one) { return holds(one, answer, in); }))
            return std::nullopt;
        auto const wrong = expect(as_.probe.ask.how, answer);
        auto const kind = wrong ? wrong->kind : error_kind::unparsable;
        if (!is_strange(kind, answer.status))
            return tracker_trouble(*wrong);
        return no_such_kind(
            as_.kind, wrong ? wrong->message : "its answer is not what [probe] describes", answer.request);
    }

    awaitable<result<std::string>> who_we_are()
    {
        auto const rq = ask_for(as_, as_.login->ask, at_, slots_of(at_));
        if (!rq)
            co_return rq.error();
        auto const answer = co_await at_.ask(*rq);
        if (!answer)
            co_return answer.error();
        if (auto wrong = expect(as_.login->ask.how, *answer))
            co_return tracker_trouble(std::move(*wrong));
        auto const in = records::read(as_.login->ask.how, {}, *answer);
        auto identity = in ? in->text(0, as_.login->identity) : std::string{};
        if (identity.empty())
            co_return error{
                .kind = error_kind::auth_failed,
                .message = "the tracker does not say who we are: it did not take the credential",
                .request = answer->request};
        co_return shortened(identity);
    }

    description const& as_;
    remote& at_;
};

} // namespace

awaitable<void> look(description const& as, remote& at, ledger& book)
{
    looker l{as, at, book};
    bool go_on = true;
    if (as.batch)
        go_on = co_await l.read_batches();
    if (go_on)
        co_await l.look_singly();
}

awaitable<result<capabilities>> probe(description const& as, remote& at)
{
    prober p{as, at};
    co_return co_await p.run();
}

} // namespace checkwatches::adapters::described
