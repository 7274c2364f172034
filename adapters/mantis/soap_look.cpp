#include "adapters/mantis/singles.hpp"
#include "adapters/mantis/soap.hpp"
#include "adapters/mantis/words.hpp"
#include "adapters/trouble.hpp"
#include "adapters/wire/text.hpp"

#include <algorithm>
#include <array>
#include <map>

namespace checkwatches::adapters::mantis {
namespace {

namespace soap = wire::soap;

struct numbered_field {
    field of;
    std::string_view element;
    std::string_view names; // the call that tells the words of its numbers
};
constexpr std::array<numbered_field, 4> fields{{
    {field::status, "status", "mc_enum_status"},
    {field::resolution, "resolution", "mc_enum_resolutions"},
    {field::priority, "priority", "mc_enum_priorities"},
    {field::severity, "severity", "mc_enum_severities"},
}};

std::string text_in(soap::value const& in, std::string_view name)
{
    auto const* const one = in.child(name);
    return one == nullptr ? std::string{} : std::string{wire::trimmed(one->text)};
}

std::string& word_in(raw_words& words, field of)
{
    switch (of) {
    case field::resolution: return words.resolution;
    case field::priority: return words.priority;
    case field::severity: return words.severity;
    case field::status: break;
    }
    return words.status;
}

// What both calls tell of an issue in the same way.
sighting main_part(soap::value const& issue, std::size_t replaced)
{
    return sighting{
        .title = text_in(issue, "summary"),
        .modified = parse_time(text_in(issue, "last_updated")),
        .replaced = replaced};
}

std::string original_of(soap::value const& issue)
{
    auto const* const all = issue.child("relationships");
    if (all == nullptr)
        return {};
    for (auto const& one : all->children) {
        auto const* const type = one.child("type");
        auto const* const number = type == nullptr ? nullptr : type->child("id");
        if (number != nullptr && number->integer() == 0)
            return wire::normal_number(text_in(one, "target_id"));
    }
    return {};
}

class looker {
public:
    looker(remote& at, soap_place const& place, ledger& book) : at_{at}, place_{place}, book_{book} {}

    awaitable<bool> look_together();
    awaitable<void> look_singly();

private:
    awaitable<bool> learn_words(soap::value const& rows);
    awaitable<bool> learn_words(numbered_field const& of);
    void enter_row(soap::value const& row, std::size_t replaced);
    // False where it is of no use to go on.
    bool enter_single(std::string const& id, soap_answer const& answer, single_refusals& refusals);
    std::string word_of(numbered_field const& of, soap::value const& row) const;

    remote& at_;
    soap_place const& place_;
    ledger& book_;
    std::map<field, std::map<std::int64_t, std::string>> own_words_; // of numbers that not every Mantis has
    bool proved_ = false; // Mantis has shown that it gives us issues
};

std::string looker::word_of(numbered_field const& of, soap::value const& row) const
{
    auto const* const cell = row.child(of.element);
    auto const number = cell == nullptr ? std::nullopt : cell->integer();
    if (!number)
        return text_in(row, of.element);
    if (auto const word = stock_word(of.of, *number); !word.empty())
        return std::string{word};
    auto const all = own_words_.find(of.of);
    if (all != own_words_.end())
        if (auto const own = all->second.find(*number); own != all->second.end())
            return own->second;
    return std::to_string(*number);
}

// False where an answer was prevented; a refusal leaves the numbers as they are.
awaitable<bool> looker::learn_words(numbered_field const& of)
{
    soap_call const call{.method = of.names};
    auto const answer = co_await ask(at_, place_, call);
    auto& words = own_words_[of.of];
    if (!answer) {
        book_.trouble(answer.error());
        co_return false;
    }
    if (auto const* const got = std::get_if<soap::response>(&answer->what))
        for (auto const& item : got->result.children)
            if (auto const* const number = item.child("id"); number != nullptr && number->integer())
                words.emplace(*number->integer(), text_in(item, "name"));
    co_return true;
}

awaitable<bool> looker::learn_words(soap::value const& rows)
{
    for (auto const& of : fields) {
        bool const strange = std::ranges::any_of(rows.children, [&](soap::value const& row) {
            auto const* const cell = row.child(of.element);
            auto const number = cell == nullptr ? std::nullopt : cell->integer();
            return number && stock_word(of.of, *number).empty();
        });
        if (!strange)
            continue;
        bool const go_on = co_await learn_words(of);
        if (!go_on)
            co_return false;
    }
    co_return true;
}

void looker::enter_row(soap::value const& row, std::size_t replaced)
{
    auto const id = wire::normal_number(text_in(row, "id"));
    auto seen = main_part(row, replaced);
    for (auto const& of : fields)
        word_in(seen.words, of.of) = word_of(of, row);
    if (seen.words.status.empty())
        book_.absent(id, outcome::unparsable, "its record has no status");
    else if (!is_duplicate(seen.words.resolution))
        book_.sighted(id, std::move(seen));
}

awaitable<bool> looker::look_together()
{
    auto const ids = book_.open();
    soap_call const call{.method = "mc_issues_get_header", .ids = ids, .list = true};
    auto const answer = co_await ask(at_, place_, call);
    if (!answer) {
        book_.trouble(answer.error());
        co_return false;
    }
    auto const* const got = std::get_if<soap::response>(&answer->what);
    if (got == nullptr) {
        book_.trouble(tracker_trouble(fault_error(std::get<soap::fault>(answer->what), answer->request)));
        co_return false;
    }
    bool const go_on = co_await learn_words(got->result);
    if (!go_on)
        co_return false;
    for (auto const& row : got->result.children)
        enter_row(row, answer->replaced);
    proved_ = true;
    co_return true;
}

bool looker::enter_single(std::string const& id, soap_answer const& answer, single_refusals& refusals)
{
    auto const* const got = std::get_if<soap::response>(&answer.what);
    if (got == nullptr) {
        auto why = fault_error(std::get<soap::fault>(answer.what), answer.request);
        // A login that is refused, or none, is denied everything in the same words.
        if (why.kind == error_kind::forbidden && !proved_)
            why.kind = error_kind::auth_failed;
        constexpr unsigned of_the_bug = 500;
        return refusals.enter(id, std::move(why), of_the_bug);
    }
    auto const& issue = got->result;
    if (wire::normal_number(text_in(issue, "id")) != id) {
        book_.absent(id, outcome::not_answered, "another issue came in its place");
        return true;
    }
    auto seen = main_part(issue, answer.replaced);
    for (auto const& of : fields)
        if (auto const* const ref = issue.child(of.element))
            word_in(seen.words, of.of) = text_in(*ref, "name");
    seen.duplicate_of = original_of(issue);
    proved_ = true;
    refusals.good();
    if (seen.words.status.empty())
        book_.absent(id, outcome::unparsable, "its record has no status");
    else
        book_.sighted(id, std::move(seen));
    return true;
}

awaitable<void> looker::look_singly()
{
    single_refusals refusals{book_, proved_, false};
    std::size_t asked = 0;
    for (auto const& id : book_.open()) {
        if (asked++ == most_singles) {
            book_.trouble(too_many_singles(most_singles, "issues"));
            break;
        }
        soap_call const call{.method = "mc_issue_get", .ids = {&id, 1}};
        auto const answer = co_await ask(at_, place_, call);
        if (!answer) {
            book_.trouble(answer.error());
            break;
        }
        if (!enter_single(id, *answer, refusals))
            co_return;
    }
    refusals.close();
}

} // namespace

awaitable<void> look_by_soap(remote& at, soap_place const& place, ledger& book, bool batch)
{
    looker one{at, place, book};
    bool go_on = true;
    if (batch)
        go_on = co_await one.look_together();
    if (go_on)
        co_await one.look_singly();
}

} // namespace checkwatches::adapters::mantis
