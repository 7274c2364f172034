#include "storage/digest_records.hpp"
#include "storage/store_impl.hpp"

#include <fmt/format.h>

#include <array>

namespace checkwatches::storage {
namespace {

// Digests write seldom: their statements are made as they are needed.
class digest_writer {
public:
    digest_writer(sqlite::database& db, std::string const& name) : db_{db}, name_{name} {}

    void put(digest_step const& s)
    {
        write(
            R"sql(INSERT INTO digests (name, created_at, last_change, last_letter) VALUES (?1, ?2, ?3, ?4)
            ON CONFLICT DO UPDATE SET last_change = excluded.last_change, last_letter = excluded.last_letter)sql",
            s.created_at,
            s.last_change,
            s.last_letter);
        for (auto const& topic : s.closed)
            close(topic);
        for (auto const& topic : s.opened)
            put(topic);
        for (auto const bug : s.untroubled)
            write("DELETE FROM digest_troubles WHERE digest = ?1 AND bug_id = ?2", bug);
        for (auto const& one : s.troubled)
            put(one);
        for (auto const& one : s.threads)
            write(
                "INSERT OR REPLACE INTO digest_threads (digest, topic, first, last) VALUES (?1, ?2, ?3, ?4)",
                one.topic,
                one.first,
                one.last);
        for (auto const& letter : s.letters)
            put(letter);
    }

    template <class... T>
    void write(std::string_view sql, T const&... values)
    {
        sqlite::statement what{db_, sql};
        run(what, name_, values...);
    }

private:
    void close(std::string const& topic)
    {
        write("DELETE FROM digest_items WHERE digest = ?1 AND topic = ?2", topic);
        write("DELETE FROM digest_topics WHERE digest = ?1 AND topic = ?2", topic);
    }

    void put(digest_topic const& t)
    {
        close(t.name);
        write(
            R"sql(INSERT INTO digest_topics (digest, topic, opened_at, until, awaited, unlisted)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6))sql",
            t.name,
            t.opened_at,
            t.until,
            t.awaited,
            t.unlisted);
        for (auto const& item : t.items)
            write(
                R"sql(INSERT INTO digest_items (digest, topic, bug_id, field, tracker, remote_id, title, url, before,
                    after, change_id, at, told)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13))sql",
                t.name,
                item.what.bug,
                item.field,
                item.what.tracker,
                item.what.remote_id,
                item.what.title,
                item.what.url,
                item.before,
                item.after,
                item.change,
                item.at,
                item.told);
    }

    void put(digest_trouble const& t)
    {
        write(
            R"sql(INSERT OR REPLACE INTO digest_troubles (digest, bug_id, topic, tracker, remote_id, title, url, began,
                outcome, error, told, is_permanent)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12))sql",
            t.what.bug,
            t.topic,
            t.what.tracker,
            t.what.remote_id,
            t.what.title,
            t.what.url,
            t.began,
            t.how,
            t.error,
            t.told,
            t.is_permanent);
    }

    void put(digest_letter const& l)
    {
        auto const references = fmt::format("{}", fmt::join(l.references, " "));
        write(
            R"sql(INSERT INTO digest_letters (digest, number, topic, kind, at, message_id, refs, subject, text, html)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10))sql",
            l.number,
            l.topic,
            l.kind,
            l.at,
            l.message_id,
            references,
            l.subject,
            l.text,
            l.html);
    }

    sqlite::database& db_;
    std::string const& name_;
};

} // namespace

void store::apply_digest(digest_step const& s)
{
    auto& i = *impl_;
    i.atomically([&] {
        digest_writer{i.db_, s.name}.put(s);
        return true;
    });
}

void store::drop_letter(std::string const& digest, std::int64_t number)
{
    digest_writer{impl_->db_, digest}.write(
        "DELETE FROM digest_letters WHERE digest = ?1 AND number = ?2", number);
}

void store::put_letter_trouble(std::string const& digest, digest_letter const& l)
{
    digest_writer{impl_->db_, digest}.write(
        "UPDATE digest_letters SET tries = ?3, trouble = ?4, is_parked = ?5 WHERE digest = ?1 AND number = "
        "?2",
        l.number,
        l.tries,
        l.trouble,
        l.is_parked);
}

std::int64_t store::unpark_letters(std::string const& digest)
{
    digest_writer{impl_->db_, digest}.write(
        "UPDATE digest_letters SET tries = 0, is_parked = 0 WHERE digest = ?1 AND is_parked");
    return impl_->db_.changes();
}

void store::mute_digest(std::string const& digest, digest_mute const& m, utc_time forget)
{
    auto& i = *impl_;
    i.atomically([&] {
        digest_writer to{i.db_, digest};
        to.write("DELETE FROM digest_mutes WHERE digest = ?1 AND ends < ?2", forget);
        to.write("UPDATE digest_mutes SET ends = min(ends, ?2) WHERE digest = ?1 AND begins < ?2", m.from);
        to.write("DELETE FROM digest_mutes WHERE digest = ?1 AND begins >= ?2", m.from);
        to.write(
            "INSERT INTO digest_mutes (digest, begins, ends, actor) VALUES (?1, ?2, ?3, ?4)",
            m.from,
            m.until,
            m.actor);
        return true;
    });
}

bool store::unmute_digest(std::string const& digest, utc_time now)
{
    digest_writer{impl_->db_, digest}.write(
        "UPDATE digest_mutes SET ends = ?2 WHERE digest = ?1 AND begins <= ?2 AND ends > ?2", now);
    return impl_->db_.changes() != 0;
}

void store::drop_digest(std::string const& digest)
{
    constexpr std::array tables{
        "digest_items",
        "digest_topics",
        "digest_troubles",
        "digest_threads",
        "digest_letters",
        "digest_mutes"};
    auto& i = *impl_;
    i.atomically([&] {
        digest_writer to{i.db_, digest};
        for (auto const* const table : tables)
            to.write(fmt::format("DELETE FROM {} WHERE digest = ?1", table));
        to.write("DELETE FROM digests WHERE name = ?1");
        return true;
    });
}

} // namespace checkwatches::storage
