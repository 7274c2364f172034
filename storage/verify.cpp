#include "storage/verify.hpp"

#include "engine/core/sha256.hpp"
#include "storage/chain.hpp"
#include "storage/columns.hpp"
#include "storage/open.hpp"

#include <boost/algorithm/hex.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <unordered_map>
#include <utility>

namespace checkwatches::storage {
namespace {

using raw_hash = std::array<unsigned char, 20>;

raw_hash raw(std::string_view digits)
{
    raw_hash out{};
    boost::algorithm::unhex(digits, out.begin());
    return out;
}

std::string digits_of(raw_hash const& bytes)
{
    std::string out;
    boost::algorithm::hex_lower(bytes.begin(), bytes.end(), std::back_inserter(out));
    return out;
}

// Reads entry by entry, in the order of their ids.
class proof {
public:
    proof(sqlite::database& db, std::size_t most)
        : key_{db, "SELECT 1 FROM change_hashes WHERE part = ?1 AND key = ?2 AND id = ?3"},
          most_{most}
    {
        out_.unchained = db.number(
            "SELECT CAST(value AS INTEGER) FROM properties WHERE name = 'unchained_up_to'");
    }

    void read(change const& entry)
    {
        if (entry.id != out_.last + 1)
            miss(entry.id);
        auto const hash = hash_of(entry);
        if (!start(key_, hash_part(entry.id), hash_key(hash), entry.id).next())
            complain(entry.id, fmt::format("change {} is not what it was when it was logged", entry.id));
        if (entry.bug)
            follow(entry, hash);
        else {
            if (entry.previous)
                complain(entry.id, fmt::format("change {} is of no bug, and names one before it", entry.id));
            others_ = sha256_of(others_ + hash);
        }
        ++out_.entries;
        out_.last = entry.id;
        out_.head = hash;
    }

    // Entries that are gone from the end, of which only the hash is left.
    void miss_last(sqlite::database& db)
    {
        auto const last = db.number("SELECT coalesce(max(id), 0) FROM change_hashes");
        if (last > out_.last)
            complain(out_.last + 1, fmt::format("change {} is not there, and its hash is", out_.last + 1));
        auto const keys = db.number("SELECT count(*) FROM change_hashes");
        if (keys != out_.entries)
            complain(out_.last + 1, fmt::format("there are {} hashes for {} changes", keys, out_.entries));
    }

    log_verdict verdict() &&
    {
        std::vector<std::int64_t> bugs;
        for (auto const& known : heads_)
            bugs.push_back(known.first);
        std::ranges::sort(bugs);
        auto sum = sha256_of(others_);
        for (auto const bug : bugs)
            sum = sha256_of(fmt::format("{} {} {}", sum, bug, digits_of(heads_.at(bug).hash)));
        out_.heads = std::move(sum);
        out_.bugs = bugs.size();
        return std::move(out_);
    }

private:
    struct head {
        std::int64_t id{};
        raw_hash hash{};
    };

    void miss(std::int64_t found)
    {
        if (out_.last == 0)
            complain(1, fmt::format("the first change has the id {}", found));
        else
            complain(out_.last + 1, fmt::format("change {} is not there, and later ones are", out_.last + 1));
    }

    void follow(change const& entry, std::string const& hash)
    {
        auto const [at, is_first] = heads_.try_emplace(static_cast<std::int64_t>(*entry.bug));
        bool const is_chained = entry.id > out_.unchained;
        if (!is_chained && entry.previous)
            complain(
                entry.id, fmt::format("change {} is from before there were hashes, and has one", entry.id));
        else if (is_chained && is_first && entry.previous)
            complain(
                entry.id,
                fmt::format("change {} names one of its bug before it, and there is none", entry.id));
        else if (is_chained && !is_first && entry.previous != digits_of(at->second.hash))
            complain(
                entry.id,
                fmt::format(
                    "change {} does not follow from change {}, which is before it of its bug: something was "
                    "rewritten, taken out or put in",
                    entry.id,
                    at->second.id));
        at->second = {entry.id, raw(hash)};
    }

    void complain(std::int64_t id, std::string what)
    {
        if (!out_.broken_at || id < *out_.broken_at)
            out_.broken_at = id;
        if (out_.broken.size() < most_)
            out_.broken.push_back(std::move(what));
    }

    sqlite::statement key_;
    std::size_t most_;
    std::unordered_map<std::int64_t, head> heads_;
    std::string others_;
    log_verdict out_;
};

} // namespace

log_verdict verify_log(sqlite::database& db, std::size_t most)
{
    sqlite::statement all{db, R"sql(
        SELECT id, at, tracker_id, bug_id, field, before, after, remote_before, remote_after, reason, actor, previous
        FROM changes ORDER BY id)sql"};
    proof reading{db, most};
    auto rows = all.rows();
    while (rows.next())
        reading.read(logged_at(rows, 0));
    reading.miss_last(db);
    return std::move(reading).verdict();
}

result<log_verdict> verify_log(std::string const& path, std::size_t most)
{
    auto db = open_for_reading(path);
    if (!db)
        return db.error();
    try {
        sqlite::transaction const one_state{*db, sqlite::transaction::purpose::read};
        return verify_log(*db, most);
    }
    catch (database_error const& failed) {
        return failed.why();
    }
}

} // namespace checkwatches::storage
