#include "engine/serve/pages/page.hpp"
#include "engine/serve/pages/rows.hpp"
#include "engine/serve/pages/text.hpp"
#include "engine/serve/web/sift_changes.hpp"

#include <fmt/format.h>

#include <array>

namespace checkwatches::serve::view {
namespace {

namespace json = boost::json;
using fields = std::vector<std::pair<std::string, std::string>>;

struct choice {
    std::string_view value;
    std::string_view word;
};
constexpr std::array choices{
    choice{"all", "everything"},
    choice{"changes", "changes, without first sightings"},
    choice{"statuses", "changes of a status"},
    choice{"acts", "what operators did"},
};

// The part of the log that the query asks for, and the query again, for links.
struct question {
    storage::change_list which{};
    change_sieve by{};
    fields again{};
    std::string words{};
};

question question_of(asked const& with)
{
    question out;
    if (auto const of = tracker_argument(with)) {
        out.which.of = of->id;
        out.again.emplace_back("tracker", of->name);
        out.words += " at " + cut(of->name, 60);
    }
    out.by.label = text_argument(with.rq, "label");
    if (auto const& label = out.by.label) {
        out.again.emplace_back("label", *label);
        out.words += " of bugs watched for " + cut(*label, 60);
    }
    out.by.owner = text_argument(with.rq, "owner");
    if (auto const& owner = out.by.owner) {
        out.again.emplace_back("owner", *owner);
        out.words += fmt::format("{} by {}", out.by.label ? "" : " of bugs watched", cut(*owner, 60));
    }
    if (auto const word = text_argument(with.rq, "kind")) {
        auto const kind = parse_change_kind(*word);
        if (!kind)
            throw bad_argument{fmt::format("“{}” is no kind of change.", cut(*word, 40))};
        out.by.kind = *kind;
        out.again.emplace_back("kind", *word);
    }
    out.which.before = number_argument(with.rq, "before");
    return out;
}

std::string_view noun_of(change_kind kind)
{
    switch (kind) {
    case change_kind::acts: return "act";
    case change_kind::statuses: return "change of a status";
    default: return "change";
    }
}

void put_filters(json::object& model, question const& asked, http_request const& rq)
{
    json::array kinds;
    for (auto const& one : choices)
        kinds.push_back(json::object{
            {"value", one.value},
            {"word", one.word},
            {"here", parse_change_kind(one.value) == asked.by.kind}});
    model["kinds"] = std::move(kinds);
    model["tracker"] = rq.argument("tracker");
    model["label"] = asked.by.label.value_or("");
    model["owner"] = asked.by.owner.value_or("");
    model["first_href"] = link("/changes", asked.again);
}

} // namespace

// ?before=ID turns the pages; ?tracker=, ?label=, ?owner= and ?kind= restrict.
page changes_page(asked const& with)
{
    page out{.name = "changes", .title = "Changes", .live = "change"};
    auto question = question_of(with);
    auto const found = sift(with.in, question.which, question.by, most_rows);
    json::array rows;
    for (auto const& one : found.changes)
        rows.push_back(row_of(with, one));
    auto const noun = noun_of(question.by.kind);
    auto const many = question.by.kind == change_kind::statuses ? "changes of a status" : std::string{};
    auto text = rows_text(rows.size(), found.next.has_value() && !found.is_cut, noun, many);
    if (found.is_cut)
        text += fmt::format(
            " among the {} entries that were looked at; the next page looks on",
            grouped(most_sifted_changes));
    if (rows.empty() && !found.is_cut)
        out.sentence = fmt::format("No {}{} was recorded yet.", noun, question.words);
    else if (question.which.before)
        out.sentence = fmt::format(
            "What changed{} before number {}.", question.words, grouped(*question.which.before));
    else
        out.sentence = fmt::format("What changed{}, newest first.", question.words);
    auto& model = out.model;
    put_filters(model, question, with.rq);
    put_feed(model, question.again);
    model["caption"] = text;
    model["has_rows"] = !rows.empty();
    model["changes"] = std::move(rows);
    model["is_first"] = !question.which.before.has_value();
    if (found.next) {
        question.again.emplace_back("before", std::to_string(*found.next));
        model["next"] = link("/changes", question.again);
    }
    return out;
}

} // namespace checkwatches::serve::view
