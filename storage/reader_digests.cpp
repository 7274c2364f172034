#include "storage/digest_records.hpp"
#include "storage/json_list.hpp"
#include "storage/reader_impl.hpp"

#include <algorithm>

namespace checkwatches::storage {
namespace {

// Calls `visit` for each row.
template <class Visit, class... T>
void each_row(sqlite::database& db, std::string_view sql, Visit visit, T const&... values)
{
    sqlite::statement what{db, sql};
    auto rows = start(what, values...);
    while (rows.next())
        visit(rows);
}

std::vector<digest_topic> topics_of(sqlite::database& db, std::string const& name)
{
    std::vector<digest_topic> out;
    each_row(
        db,
        "SELECT topic, opened_at, until, awaited, unlisted FROM digest_topics WHERE digest = ?1 ORDER BY "
        "topic",
        [&](auto const& row) {
            digest_topic t;
            take_all(row, 0, t.name, t.opened_at, t.until, t.awaited, t.unlisted);
            out.push_back(std::move(t));
        },
        name);
    each_row(
        db,
        R"sql(SELECT topic, bug_id, field, tracker, remote_id, title, url, before, after, change_id, at, told
        FROM digest_items WHERE digest = ?1 ORDER BY topic, change_id, bug_id)sql",
        [&](auto const& row) {
            std::string topic;
            digest_item i;
            auto& w = i.what;
            take_all(
                row,
                0,
                topic,
                w.bug,
                i.field,
                w.tracker,
                w.remote_id,
                w.title,
                w.url,
                i.before,
                i.after,
                i.change,
                i.at,
                i.told);
            auto const of = std::ranges::lower_bound(out, topic, {}, &digest_topic::name);
            of->items.push_back(std::move(i));
        },
        name);
    return out;
}

std::vector<digest_trouble> troubles_of(sqlite::database& db, std::string const& name)
{
    std::vector<digest_trouble> out;
    each_row(
        db,
        R"sql(SELECT bug_id, topic, tracker, remote_id, title, url, began, outcome, error, told, is_permanent
        FROM digest_troubles WHERE digest = ?1 ORDER BY bug_id)sql",
        [&](auto const& row) {
            digest_trouble t;
            auto& w = t.what;
            std::optional<outcome> how;
            take_all(
                row,
                0,
                w.bug,
                t.topic,
                w.tracker,
                w.remote_id,
                w.title,
                w.url,
                t.began,
                how,
                t.error,
                t.told,
                t.is_permanent);
            t.how = how.value_or(outcome::protocol_error);
            out.push_back(std::move(t));
        },
        name);
    return out;
}

std::vector<digest_thread> threads_of(sqlite::database& db, std::string const& name)
{
    std::vector<digest_thread> out;
    each_row(
        db,
        "SELECT topic, first, last FROM digest_threads WHERE digest = ?1 ORDER BY topic",
        [&](auto const& row) {
            digest_thread t;
            take_all(row, 0, t.topic, t.first, t.last);
            out.push_back(std::move(t));
        },
        name);
    return out;
}

std::vector<std::string> words_of(std::string const& text)
{
    std::vector<std::string> out;
    for (std::size_t from = 0; from < text.size();) {
        auto const to = std::min(text.find(' ', from), text.size());
        out.push_back(text.substr(from, to - from));
        from = to + 1;
    }
    return out;
}

} // namespace

std::optional<digest_state> reader::digest(std::string const& name) const
{
    auto& db = impl_->db_;
    sqlite::transaction const one_state{db, sqlite::transaction::purpose::read};
    std::optional<digest_state> out;
    each_row(
        db,
        "SELECT created_at, last_change, last_letter FROM digests WHERE name = ?1",
        [&](auto const& row) {
            auto& s = out.emplace();
            take_all(row, 0, s.created_at, s.last_change, s.last_letter);
        },
        name);
    if (!out)
        return out;
    out->name = name;
    out->topics = topics_of(db, name);
    out->troubles = troubles_of(db, name);
    out->threads = threads_of(db, name);
    return out;
}

std::vector<digest_letter> reader::letters(std::string const& digest, bool parked, std::int64_t limit) const
{
    std::vector<digest_letter> out;
    each_row(
        impl_->db_,
        R"sql(SELECT number, topic, kind, at, message_id, refs, subject, text, html, tries, trouble, is_parked
        FROM digest_letters WHERE digest = ?1 AND is_parked = ?2 ORDER BY number LIMIT ?3)sql",
        [&](auto const& row) {
            digest_letter l;
            std::string references;
            take_all(
                row,
                0,
                l.number,
                l.topic,
                l.kind,
                l.at,
                l.message_id,
                references,
                l.subject,
                l.text,
                l.html,
                l.tries,
                l.trouble,
                l.is_parked);
            l.references = words_of(references);
            out.push_back(std::move(l));
        },
        digest,
        parked,
        limit);
    return out;
}

std::vector<digest_mute> reader::mutes(std::string const& digest) const
{
    std::vector<digest_mute> out;
    each_row(
        impl_->db_,
        "SELECT begins, ends, actor FROM digest_mutes WHERE digest = ?1 ORDER BY begins",
        [&](auto const& row) {
            digest_mute m;
            take_all(row, 0, m.from, m.until, m.actor);
            out.push_back(std::move(m));
        },
        digest);
    return out;
}

std::vector<watch> reader::watches_where_it_went(bug_id of) const
{
    // It may have moved on from there.
    constexpr int furthest = 8;
    auto at = of;
    for (int i = 0; i != furthest; ++i) {
        std::optional<bug_id> next;
        each_row(
            impl_->db_,
            "SELECT went FROM followed_bugs WHERE bug_id = ?1",
            [&](auto const& row) { take(row, 0, next); },
            at);
        if (!next)
            break;
        at = *next;
    }
    if (at == of)
        return {};
    return watches(at);
}

std::vector<acknowledgement> reader::acknowledgements(std::vector<bug_id> const& of) const
{
    std::vector<acknowledgement> out;
    auto const wanted = json_list(of);
    each_row(
        impl_->db_,
        R"sql(SELECT p.label, p.bug_id, p.change_id,
            coalesce((SELECT max(c.id) FROM changes c WHERE c.bug_id = p.bug_id AND c.actor = ''), 0)
        FROM put_away p WHERE p.bug_id IN (SELECT value FROM json_each(?1)))sql",
        [&](auto const& row) {
            acknowledgement a;
            take_all(row, 0, a.label, a.bug, a.change, a.newest);
            out.push_back(std::move(a));
        },
        wanted);
    return out;
}

} // namespace checkwatches::storage
