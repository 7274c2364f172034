#include "storage/recheck_reader.hpp"

#include "storage/columns.hpp"

namespace checkwatches::storage {
namespace {

std::vector<recheck_project> projects_in(sqlite::cursor rows)
{
    std::vector<recheck_project> out;
    while (rows.next()) {
        auto& p = out.emplace_back();
        take_all(rows, 0, p.bug, p.project, p.times, p.last);
    }
    return out;
}

} // namespace

recheck_reader::recheck_reader(sqlite::database& db)
    : sources_{db, R"sql(
        SELECT name, url, bugs, every, tried_at, read_at, began_at, newest, failure, failures, folder, folder_at,
            folder_bad
        FROM recheck_sources ORDER BY name)sql"},
      gaps_{db, R"sql(
        SELECT source, began, ended, filled, why FROM recheck_gaps WHERE ended IS NULL OR ended > ?1
        ORDER BY source, began)sql"},
      signatures_{db, R"sql(
        SELECT file, bug, query, suppress_graph, suppress_notification, allow_nonvoting, test_ids, trouble, line,
            place
        FROM recheck_signatures WHERE source = ?1 ORDER BY file)sql"},
      split_{db, "SELECT value FROM json_each(?1)"},
      counts_{db, R"sql(
        SELECT source, bug, count(*), sum(at >= ?2) FROM rechecks INDEXED BY rechecks_by_bug
        WHERE bug <> '' AND at >= ?1 AND at < ?3
        GROUP BY source, bug ORDER BY source, bug)sql"},
      hours_{db, R"sql(
        SELECT project, at - at % 3600000 AS hour, count(*) FROM rechecks
        WHERE source = ?1 AND bug = ?2 AND at >= ?3 AND at < ?4
        GROUP BY project, hour ORDER BY project, hour)sql"},
      days_{db, R"sql(
        SELECT source, bug, at / 86400000 AS day, count(*) FROM rechecks WHERE at >= ?1
        GROUP BY source, bug, day ORDER BY source, bug, day)sql"},
      sums_{db, R"sql(
        SELECT source, bug, count(*), min(at), max(at) FROM rechecks INDEXED BY rechecks_by_bug WHERE at >= ?1
        GROUP BY source, bug ORDER BY source, bug)sql"},
      projects_{db, R"sql(
        SELECT bug, project, count(*), max(at) FROM rechecks WHERE source = ?1 AND bug <> '' AND at >= ?2
        GROUP BY bug, project ORDER BY bug, project)sql"},
      projects_of_{db, R"sql(
        SELECT bug, project, count(*) AS n, max(at) FROM rechecks WHERE source = ?1 AND bug = ?2
        GROUP BY project ORDER BY n DESC, project LIMIT ?3)sql"},
      open_reviews_{db, R"sql(
        SELECT r.change_number, r.project, c.subject, max(r.at) AS last
        FROM rechecks r JOIN recheck_changes c ON c.source = r.source AND c.number = r.change_number
        WHERE r.source = ?1 AND r.bug = ?2 AND c.is_open
        GROUP BY r.change_number ORDER BY last DESC, r.change_number LIMIT ?3)sql"}
{}

std::vector<recheck_source> recheck_reader::sources()
{
    std::vector<recheck_source> out;
    auto rows = start(sources_);
    while (rows.next()) {
        recheck_source s;
        std::chrono::milliseconds every{};
        take_all(
            rows,
            0,
            s.name,
            s.url,
            s.bugs,
            every,
            s.tried_at,
            s.read_at,
            s.began_at,
            s.newest,
            s.failure,
            s.failures,
            s.folder,
            s.folder_at,
            s.folder_trouble);
        s.every = std::chrono::duration_cast<std::chrono::seconds>(every);
        out.push_back(std::move(s));
    }
    return out;
}

std::vector<recheck_gap> recheck_reader::gaps(utc_time since)
{
    std::vector<recheck_gap> out;
    auto rows = start(gaps_, since);
    while (rows.next()) {
        recheck_gap g;
        take_all(rows, 0, g.source, g.began, g.ended, g.is_filled, g.why);
        out.push_back(std::move(g));
    }
    return out;
}

std::vector<recheck_signature> recheck_reader::signatures(std::string const& source)
{
    std::vector<recheck_signature> out;
    auto rows = start(signatures_, source);
    while (rows.next()) {
        recheck_signature s;
        std::string ids;
        take_all(
            rows,
            0,
            s.file,
            s.bug,
            s.query,
            s.suppress_graph,
            s.suppress_notification,
            s.allow_nonvoting,
            ids,
            s.trouble,
            s.line,
            s.column);
        auto each = start(split_, ids);
        while (each.next())
            s.test_ids.emplace_back(each.text(0));
        out.push_back(std::move(s));
    }
    return out;
}

std::vector<recheck_count> recheck_reader::counts(utc_time since, utc_time lately, utc_time until)
{
    std::vector<recheck_count> out;
    auto rows = start(counts_, since, lately, until);
    while (rows.next()) {
        recheck_count c;
        take_all(rows, 0, c.source, c.bug, c.times, c.lately);
        out.push_back(std::move(c));
    }
    return out;
}

std::vector<recheck_hour>
recheck_reader::hours(std::string const& source, std::string const& bug, utc_time since, utc_time until)
{
    std::vector<recheck_hour> out;
    auto rows = start(hours_, source, bug, since, until);
    while (rows.next()) {
        recheck_hour h;
        take_all(rows, 0, h.project, h.hour, h.times);
        out.push_back(std::move(h));
    }
    return out;
}

std::vector<recheck_day> recheck_reader::days(utc_time since)
{
    std::vector<recheck_day> out;
    auto rows = start(days_, since);
    while (rows.next()) {
        recheck_day d;
        take_all(rows, 0, d.source, d.bug, d.day, d.times);
        out.push_back(std::move(d));
    }
    return out;
}

std::vector<recheck_sum> recheck_reader::sums(utc_time since)
{
    std::vector<recheck_sum> out;
    auto rows = start(sums_, since);
    while (rows.next()) {
        recheck_sum s;
        take_all(rows, 0, s.source, s.bug, s.times, s.first, s.last);
        out.push_back(std::move(s));
    }
    return out;
}

std::vector<recheck_project> recheck_reader::projects(std::string const& source, utc_time since)
{
    return projects_in(start(projects_, source, since));
}

std::vector<recheck_project>
recheck_reader::projects_of(std::string const& source, std::string const& bug, std::int64_t limit)
{
    return projects_in(start(projects_of_, source, bug, limit));
}

std::vector<recheck_review>
recheck_reader::open_reviews(std::string const& source, std::string const& bug, std::int64_t limit)
{
    std::vector<recheck_review> out;
    auto rows = start(open_reviews_, source, bug, limit);
    while (rows.next()) {
        recheck_review r;
        take_all(rows, 0, r.change, r.project, r.subject, r.last);
        out.push_back(std::move(r));
    }
    return out;
}

} // namespace checkwatches::storage
