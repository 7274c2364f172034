#pragma once

#include "engine/serve/pages/pages.hpp"
#include "storage/store.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/temporary_folder.hpp"

#include <boost/asio/io_context.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace checkwatches::serve::test {

// Text that breaks out of HTML that does not escape it, in its content and in attributes.
extern std::string const hostile;

// Keeps what it is told to do, and answers as it was told before.
class scripted_commands final : public control_handler {
public:
    awaitable<result<boost::json::object>>
    handle(control_request what, std::string actor, control_reply& to) override;

    std::vector<std::pair<control_request, std::string>> asked{}; // but for status_call and cost_call
    std::optional<error> failure{};                               // of all but status_call
    boost::json::object status{};
    boost::json::object limits{};
    boost::json::object cost{{"trackers", 1}, {"bugs", 13'000}, {"requests", 130}, {"seconds", 260}};
};

// Knows what a test needs of kinds and of the schedule.
class plain_lore final : public lore {
public:
    std::string
    url_of(std::string const& kind, std::string const& base_url, std::string const& id) const override;
    result<std::optional<storage::bug_id>>
    find(storage::reader const& in, std::string const& url) const override;
    std::string why(storage::reader const&, storage::shown_bug const&, utc_time) const override;
    std::vector<std::string>
    explain(storage::reader const&, storage::shown_bug const&, utc_time) const override;
    bool is_late(storage::bug_state const& bug, utc_time now) const override;
    std::vector<chain_step>
    chain_of(storage::reader const& in, storage::shown_bug const& shown) const override;
    // Where `by_master`, that of the bug "2" for those that lead there.
    std::optional<storage::shown_bug>
    judge_of(storage::reader const& in, storage::shown_bug const& shown) const override;
    // "QUUX" has no meaning.
    std::vector<unmapped_word>
    unmapped(storage::reader const&, storage::shown_bug const& shown) const override;
    preview preview_meaning(
        storage::reader const& in,
        std::string const& tracker,
        std::string const& field,
        std::string const& key,
        std::string const& means) const override;

    bool by_master = false;
};

// The pages over a database of their own.
class stage {
public:
    using filling = std::function<void(storage::store& to, utc_time now)>;

    explicit stage(filling const& fill = [](storage::store&, utc_time) {});

    http_answer get(std::string const& target, visitor const& who = reader());
    http_answer post(std::string const& path, http_fields const& form, visitor const& who = operator_());
    // The body of a page that must be there.
    std::string page(std::string const& target, visitor const& who = reader());
    // Does something to the database while the pages are up.
    void change(filling const& what);
    // Counts the bugs.
    void count();

    static visitor reader() { return {.may_read = true}; }
    static visitor operator_()
    {
        return {.actor = "token ci", .may_read = true, .may_operate = true, .csrf = "the-secret-of-forms"};
    }

    checkwatches::test::manual_clock time{};
    scripted_commands commands{};
    std::shared_ptr<plain_lore> known = std::make_shared<plain_lore>();

private:
    http_answer answer(http_request const& rq, visitor const& who);

    checkwatches::test::temporary_folder folder_{};
    std::unique_ptr<storage::store> store_;
    asio::io_context loop_{1};
    silent_logger log_{};
    std::unique_ptr<storage::background_reader> reader_;
    std::unique_ptr<storage::background_reader> counting_;
    std::unique_ptr<census> counted_;
    std::unique_ptr<errands> work_;
    std::unique_ptr<pages> pages_;
};

// A tracker "bugs.example.org" with `bugs` bugs, and around them all that pages show, hostile wherever it
// comes from outside.
void fill_with_everything(storage::store& to, utc_time now, int bugs = 3);

// More than a page of each list, in rows as long as they become in practice: bugs, every other of which fails
// alike, and trackers, errors and words without a meaning.
void fill_with_long_rows(storage::store& to, utc_time now);

std::string body_of(http_answer const& from);
std::string header_of(http_answer const& from, std::string_view name);
// What stands in all href="…" of the page, unescaped.
std::vector<std::string> links_of(std::string const& html);
// The first tag that is not closed, or closes none; empty where all is well.
std::string unbalanced(std::string const& html);

} // namespace checkwatches::serve::test
