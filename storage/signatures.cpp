#include "storage/signatures.hpp"

#include "engine/core/signature.hpp"
#include "storage/columns.hpp"

#include <algorithm>

namespace checkwatches::storage {
namespace {

constexpr std::int64_t most_open = 200;
constexpr std::int64_t most_kept = 1000;
constexpr std::size_t longest_sample = 500;
constexpr auto others = "(others)";

bool is_failure(std::optional<outcome> how)
{
    return how && !is_success(*how);
}

// Whether a power of ten, from 10 on, lies above `before` and not above `after`.
bool passes_power_of_10(std::int64_t before, std::int64_t after)
{
    std::int64_t power = 10;
    while (power <= before)
        power *= 10;
    return power <= after;
}

} // namespace

signature_book::signature_book(sqlite::database& db)
    : db_{&db},
      held_{db, "SELECT signature_id FROM bugs WHERE id = ?1"},
      hold_{db, "UPDATE bugs SET signature_id = ?2 WHERE id = ?1"},
      find_{db, R"sql(
          SELECT id, ended_at IS NULL FROM signatures
          WHERE tracker_id = ?1 AND outcome = ?2 AND message = ?3)sql"},
      load_{db, "SELECT outcome, message, times, bugs, sample FROM signatures WHERE id = ?1"},
      count_{db, R"sql(
          SELECT count(*), count(*) FILTER (WHERE ended_at IS NULL) FROM signatures
          WHERE tracker_id = ?1)sql"},
      insert_{db, R"sql(
          INSERT INTO signatures (tracker_id, outcome, message, times, bugs, first_seen, last_seen, sample)
          VALUES (?1, ?2, ?3, 0, 0, ?4, ?4, ?5))sql"},
      reopen_{db, "UPDATE signatures SET ended_at = NULL, sample = ?2 WHERE id = ?1"},
      update_{db, R"sql(
          UPDATE signatures SET times = ?2, bugs = ?3, last_seen = max(last_seen, coalesce(?4, last_seen)), ended_at = ?5
          WHERE id = ?1)sql"},
      tracker_name_{db, "SELECT name FROM trackers WHERE id = ?1"}
{}

void signature_page::add(settled_bug const& settled)
{
    auto const& b = settled.after;
    bool const fails = is_failure(b.last_outcome);
    bool const ends = settled.ended && is_failure(settled.ended->how);
    if (!fails && !ends)
        return;

    std::optional<std::int64_t> held;
    {
        auto row = start(book_->held_, b.id);
        if (row.next())
            take(row, 0, held);
    }
    std::optional<std::int64_t> now;
    if (fails) {
        // A run that goes on stays with its signature, also where that would now be found under another.
        bool const goes_on = b.run_checks > 1 && held;
        now = goes_on ? *held : id_for(*b.last_outcome, b.error);
        ++load(*now).times;
    }
    if (held == now)
        return;
    if (held)
        --load(*held).bugs;
    if (now)
        ++load(*now).bugs;
    run(book_->hold_, b.id, now);
}

std::vector<signature_news> signature_page::close()
{
    std::vector<signature_news> out;
    auto const at = report_->at;
    for (auto const& [id, e] : met_) {
        auto const times = e.times_before + e.times;
        auto const bugs = std::max<std::int64_t>(e.bugs_before + e.bugs, 0);
        auto const last_seen = e.times != 0 ? std::optional{at} : std::nullopt;
        auto const ended = bugs == 0 ? std::optional{at} : std::nullopt;
        run(book_->update_, id, times, bugs, last_seen, ended);
        if (e.is_opened)
            out.push_back(news_of(signature_news::what::first, e));
        else if (passes_power_of_10(e.times_before, times))
            out.push_back(news_of(signature_news::what::power_of_10, e));
        if (ended)
            out.push_back(news_of(signature_news::what::ended, e));
    }
    return out;
}

// Most bugs of a report that fail do so for the same reason: its words are looked at once.
std::int64_t signature_page::id_for(outcome how, std::string const& detail)
{
    auto const [place, is_new] = ids_.try_emplace({how, detail}, 0);
    if (is_new)
        place->second = find_or_open(how, normalise_message(detail), detail);
    return place->second;
}

std::int64_t signature_page::find_or_open(outcome how, std::string const& message, std::string const& detail)
{
    std::optional<std::int64_t> ended;
    {
        auto row = start(book_->find_, report_->from, how, message);
        if (row.next()) {
            if (row.number(1) != 0)
                return row.number(0);
            ended = row.number(0);
        }
    }
    bool const is_rest = message == others;
    if (!is_rest && !has_room(ended ? kept::already : kept::not_yet))
        return find_or_open(how, others, detail);

    auto const sample = cut_text(detail, longest_sample);
    auto const id = ended ? *ended : insert(how, message, sample);
    if (ended)
        run(book_->reopen_, id, sample);
    ++open_;
    auto& e = load(id);
    e.is_opened = true;
    e.sample = sample;
    return id;
}

std::int64_t signature_page::insert(outcome how, std::string const& message, std::string_view sample)
{
    run(book_->insert_, report_->from, how, message, report_->at, sample);
    ++all_;
    return book_->db_->last_id();
}

// Whether one more may be open, and be kept where it is not kept yet.
bool signature_page::has_room(kept state)
{
    if (!is_counted_) {
        auto row = start(book_->count_, report_->from);
        row.next();
        take_all(row, 0, all_, open_);
        is_counted_ = true;
    }
    return open_ < most_open && (state == kept::already || all_ < most_kept);
}

signature_page::entry& signature_page::load(std::int64_t id)
{
    auto const [place, is_new] = met_.try_emplace(id);
    auto& e = place->second;
    if (is_new) {
        auto row = start(book_->load_, id);
        std::optional<outcome> how;
        if (row.next())
            take_all(row, 0, how, e.message, e.times_before, e.bugs_before, e.sample);
        e.how = how.value_or(outcome::protocol_error);
    }
    return e;
}

signature_news signature_page::news_of(signature_news::what what, entry const& e)
{
    signature_news news{
        .news = what,
        .how = e.how,
        .message = e.message,
        .times = e.times_before + e.times,
        .sample = e.sample};
    auto row = start(book_->tracker_name_, report_->from);
    if (row.next())
        take(row, 0, news.tracker);
    return news;
}

} // namespace checkwatches::storage
