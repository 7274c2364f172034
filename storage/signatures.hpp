#pragma once

#include "storage/records.hpp"
#include "storage/sqlite.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace checkwatches::storage {

// Keeps count of failures that are alike. A bug has the signature that its last check ended in, and its row
// says which; a signature's `bugs` is how many rows do.
//
// At most 200 signatures of a tracker are open at a time, and 1,000 are kept of it: what comes beyond that
// falls into one for each outcome, with the message "(others)".
class signature_book {
public:
    explicit signature_book(sqlite::database& db);

private:
    friend class signature_page;

    sqlite::database* db_;
    sqlite::statement held_;
    sqlite::statement hold_;
    sqlite::statement find_;
    sqlite::statement load_;
    sqlite::statement count_;
    sqlite::statement insert_;
    sqlite::statement reopen_;
    sqlite::statement update_;
    sqlite::statement tracker_name_;
};

// What one report does to the book, inside the report's transaction: begun for it, and gone with it.
class signature_page {
public:
    signature_page(signature_book& book, report const& of) : book_{&book}, report_{&of} {}

    // Takes in one settled bug, whose row is written already. Costs no statement where its check and the run
    // before it succeeded.
    void add(settled_bug const& settled);
    // Writes the sums, one row for each signature that was met, and says what is news.
    std::vector<signature_news> close();

private:
    // A signature as it was before this report, and what the report adds to it.
    struct entry {
        outcome how{};
        std::string message{};
        std::int64_t times_before = 0;
        std::int64_t bugs_before = 0;
        std::string sample{};
        bool is_opened = false; // by this report
        std::int64_t times = 0;
        std::int64_t bugs = 0;
    };

    std::int64_t id_for(outcome how, std::string const& detail);
    std::int64_t find_or_open(outcome how, std::string const& message, std::string const& detail);
    std::int64_t insert(outcome how, std::string const& message, std::string_view sample);
    enum class kept { already, not_yet };
    bool has_room(kept state);
    entry& load(std::int64_t id);
    signature_news news_of(signature_news::what what, entry const& e);

    signature_book* book_;
    report const* report_;
    std::map<std::int64_t, entry> met_;                           // by id
    std::map<std::pair<outcome, std::string>, std::int64_t> ids_; // by what was said
    // Of the tracker's signatures; counted when the first is to be opened.
    bool is_counted_ = false;
    std::int64_t all_ = 0;
    std::int64_t open_ = 0;
};

} // namespace checkwatches::storage
