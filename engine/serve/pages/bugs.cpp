#include "engine/serve/pages/page.hpp"
#include "engine/serve/pages/rows.hpp"
#include "engine/serve/pages/text.hpp"
#include "engine/serve/web/sift.hpp"

#include <fmt/format.h>

namespace checkwatches::serve::view {
namespace {

namespace json = boost::json;
using fields = std::vector<std::pair<std::string, std::string>>;

// The list that the query asks for, and the query again, for the link to the next rows.
struct question {
    storage::bug_list which{};
    sieve by{};
    fields again{};
    std::string words{}; // "of bugs.example.org, whose last check failed"
    std::string signature{};
};

void add(question& to, std::string_view name, std::string const& value, std::string words)
{
    to.again.emplace_back(name, value);
    to.words += (to.words.empty() ? " " : ", ") + words;
}

// Those that no index knows.
void add_sieve(question& to, asked const& with)
{
    auto const& rq = with.rq;
    to.by.due = rq.argument("due") == "1";
    if (to.by.due)
        add(to, "due", "1", "whose next check has come");
    to.by.late = rq.argument("late") == "1";
    if (to.by.late)
        add(to, "late", "1", "seen longer ago than the schedule promises");
    if (auto const text = text_argument(rq, "status")) {
        to.by.state = parse_status(*text);
        if (!to.by.state)
            throw bad_argument{fmt::format("“{}” is none of our statuses.", cut(*text, 40))};
        add(to, "status", *text, "that are " + *text);
    }
    if (auto const text = text_argument(rq, "importance")) {
        to.by.weight = parse_importance(*text);
        if (!to.by.weight)
            throw bad_argument{fmt::format("“{}” is none of our importances.", cut(*text, 40))};
        add(to, "importance", *text, fmt::format("of {} importance", *text));
    }
    if (auto const word = text_argument(rq, "word")) {
        auto const field = text_argument(rq, "field").value_or("status");
        if (!to.which.of || (field != "status" && field != "importance"))
            throw bad_argument{"A word is one of a status or of an importance, and of one tracker."};
        to.by.word = unmapped_word{.field = field, .word = *word};
        to.again.emplace_back("field", field);
        add(to, "word", *word, fmt::format("that say “{}”, which has no meaning here yet", cut(*word, 60)));
    }
}

question question_of(asked const& with)
{
    question out;
    auto const& rq = with.rq;
    if (auto const of = tracker_argument(with)) {
        out.which.of = of->id;
        add(out, "tracker", of->name, "of " + cut(of->name, 60));
    }
    out.which.label = text_argument(rq, "label");
    if (auto const& label = out.which.label)
        add(out, "label", *label, "watched for " + cut(*label, 60));
    out.which.owner = text_argument(rq, "owner");
    if (auto const& owner = out.which.owner)
        add(out, "owner", *owner, "watched by " + cut(*owner, 60));
    out.which.source = text_argument(rq, "source");
    if (auto const& source = out.which.source)
        add(out, "source", *source, "from " + cut(*source, 60));
    if (auto const how = text_argument(rq, "outcome")) {
        out.which.how = parse_outcome(*how);
        if (!out.which.how)
            throw bad_argument{fmt::format("“{}” is no outcome of a check.", cut(*how, 40))};
        add(out, "outcome", *how, fmt::format("whose last check ended in {}", *how));
    }
    out.which.failing = rq.argument("failing") == "1";
    if (out.which.failing)
        add(out, "failing", "1", "whose last check failed");
    out.which.unchecked = rq.argument("unchecked") == "1";
    if (out.which.unchecked)
        add(out, "unchecked", "1", "that wait for their first check");
    out.which.signature = number_argument(rq, "signature");
    if (auto const id = out.which.signature) {
        auto const found = with.in.signature_by_id(*id);
        if (!found)
            throw bad_argument{"There is no such error any more."};
        out.signature = fmt::format("{}: {}", word(found->how), cut(found->message, 200));
        add(out, "signature", std::to_string(*id), "that fail alike");
    }
    add_sieve(out, with);
    if (auto const after = number_argument(rq, "after"))
        out.which.after = static_cast<storage::bug_id>(*after);
    return out;
}

} // namespace

page bugs_page(asked const& with)
{
    page out{.name = "bugs", .title = "Bugs", .live = "change,check"};
    auto question = question_of(with);
    auto const found = sift(with.in, with.known, question.which, question.by, with.now, most_rows);
    auto const& bugs = found.bugs;
    json::array rows;
    std::string above;
    for (auto const& one : bugs) {
        auto row = row_of(with, one);
        // Bugs that fail often fail alike: what is wrong is said once.
        if (one.bug.error == above || question.which.signature)
            row["error"] = "";
        above = one.bug.error;
        rows.push_back(std::move(row));
    }
    auto text = rows_text(bugs.size(), found.next.has_value() && !found.is_cut, "bug");
    if (found.is_cut)
        text += fmt::format(
            " among the {} that were looked at; the next page looks on", grouped(most_sifted));
    out.sentence = bugs.empty() && !found.is_cut ? fmt::format("No bug{}.", question.words)
                                                 : fmt::format("Bugs{}: {}.", question.words, text);
    if (question.words.empty() && !bugs.empty())
        out.sentence = fmt::format("All bugs, by tracker: {}.", text);
    auto& model = out.model;
    model["is_filtered"] = !question.words.empty();
    model["signature"] = question.signature;
    model["caption"] = text;
    model["has_rows"] = !rows.empty();
    model["rows"] = std::move(rows);
    if (found.next) {
        question.again.emplace_back("after", std::to_string(static_cast<std::int64_t>(*found.next)));
        model["next"] = link("/bugs", question.again);
    }
    model["is_first"] = !question.which.after.has_value();
    return out;
}

} // namespace checkwatches::serve::view
