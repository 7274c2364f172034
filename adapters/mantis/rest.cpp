#include "adapters/mantis/rest.hpp"

#include "adapters/mantis/singles.hpp"
#include "adapters/trouble.hpp"
#include "adapters/wire/json.hpp"
#include "adapters/wire/page.hpp"
#include "adapters/wire/text.hpp"

namespace checkwatches::adapters::mantis {
namespace {

constexpr unsigned not_modified = 304;
constexpr std::int64_t no_such_issue = 1100;

request ask_for(rest_place const& place, std::string const& relative)
{
    request rq{.url = join(place.root, relative)};
    rq.headers.emplace_back("Accept", "application/json");
    // Most versions take the bare token only, and "Bearer" for nobody's.
    if (place.logged_in)
        rq.login = login_place{.place = login_place::where::header, .name = "Authorization"};
    return rq;
}

bool is_json(reply const& answer)
{
    return wire::media_type(answer.header("Content-Type")) == "application/json";
}

// What Mantis says of an error in the body of its answer; the kind is the status'.
error explained(reply const& answer)
{
    auto why = wire::explain(answer);
    auto const json = wire::decode_json(answer.body, answer.header("Content-Type"));
    wire::json_object root;
    if (!json || json->document.root().get_object().get(root) != simdjson::SUCCESS) {
        // A 404 in other words is the server's: the API is not there.
        if (why.kind == error_kind::not_found)
            why.kind = error_kind::protocol_error;
        return why;
    }
    auto const message = wire::text_member(root, "message");
    if (!message.empty())
        why.message = shortened(message);
    bool const of_issue = why.kind == error_kind::not_found
                          && wire::integer_member(root, "code").value_or(0) != no_such_issue
                          && wire::lower(message).find("issue") == std::string::npos;
    if (of_issue)
        why.kind = error_kind::protocol_error;
    if (answer.status == 400)
        why.kind = error_kind::invalid_id;
    return why;
}

// The word behind a number: labels are in the language of the visitor.
std::string word_of(wire::json_object const& issue, std::string_view field)
{
    auto const ref = wire::object_member(issue, field);
    return ref ? wire::text_member(*ref, "name") : std::string{};
}

std::string original_of(wire::json_object const& issue)
{
    auto const all = wire::array_member(issue, "relationships");
    if (!all)
        return {};
    for (auto const one : *all) {
        wire::json_object relation;
        if (one.get_object().get(relation) != simdjson::SUCCESS)
            continue;
        auto const type = wire::object_member(relation, "type");
        auto const other = wire::object_member(relation, "issue");
        if (type && other && wire::text_member(*type, "name") == "duplicate-of")
            return wire::normal_number(wire::text_member(*other, "id"));
    }
    return {};
}

error unreadable(std::string message, reply const& from)
{
    return error{.kind = error_kind::unparsable, .message = std::move(message), .request = from.request};
}

// The sighting in an answer to issue_request(); an error of kind unparsable speaks of this issue only.
result<sighting> read_issue(reply const& answer, std::string_view id)
{
    auto const json = wire::decode_json(answer.body, answer.header("Content-Type"));
    wire::json_object root;
    if (!json || json->document.root().get_object().get(root) != simdjson::SUCCESS)
        return unreadable("the answer is no JSON object", answer);
    auto const issues = wire::array_member(root, "issues");
    wire::json_object issue;
    if (!issues || issues->size() == 0 || issues->at(0).get_object().get(issue) != simdjson::SUCCESS)
        return unreadable("the answer holds no issue", answer);
    if (wire::normal_number(wire::text_member(issue, "id")) != id)
        return error{
            .kind = error_kind::not_answered,
            .message = "another issue came in its place",
            .request = answer.request};
    sighting seen{
        .words{
            .status = word_of(issue, "status"),
            .resolution = word_of(issue, "resolution"),
            .priority = word_of(issue, "priority"),
            .severity = word_of(issue, "severity")},
        .title = wire::text_member(issue, "summary"),
        .duplicate_of = original_of(issue),
        .modified = parse_time(wire::text_member(issue, "updated_at")),
        .replaced = json->replaced};
    if (seen.words.status.empty())
        return unreadable("the issue has no status", answer);
    return seen;
}

// Enters what came for one issue; false where it is of no use to go on.
bool enter(
    ledger& book, single_refusals& refusals, std::string const& id, reply const& answer, bool logged_in)
{
    if (answer.status == not_modified) {
        book.absent(id, outcome::unmodified);
        refusals.good();
        return true;
    }
    if (auto why = refusal_of(answer))
        return refusals.enter(id, std::move(*why), answer.status);
    if (logged_in && !took_token(answer)) {
        book.trouble(error{
            .kind = error_kind::auth_failed,
            .message = "the API token is not taken",
            .request = answer.request});
        return false;
    }
    auto seen = read_issue(answer, id);
    if (!seen) {
        book.absent(id, *to_outcome(seen.error().kind), seen.error().message);
        return true;
    }
    book.sighted(id, std::move(*seen));
    refusals.good();
    return true;
}

} // namespace

request issue_request(rest_place const& place, std::string_view id)
{
    auto rq = ask_for(
        place,
        "issues/" + std::string{id}
            + "?select=id,summary,status,resolution,priority,severity,updated_at,relationships");
    rq.conditional = true;
    return rq;
}

request list_request(rest_place const& place)
{
    return ask_for(place, "issues?page_size=1&page=1&select=id,status");
}

std::optional<error> refusal_of(reply const& answer)
{
    if (answer.status == 200 && is_json(answer))
        return std::nullopt;
    // Where Mantis does not speak itself, it is not about an issue.
    return is_json(answer) ? explained(answer) : tracker_trouble(wire::explain(answer));
}

bool took_token(reply const& answer)
{
    return wire::lower(answer.header("X-Mantis-LoginMethod")) == "api-token";
}

awaitable<void> look_by_rest(remote& at, rest_place const& place, ledger& book, bool proved)
{
    single_refusals refusals{book, proved, place.logged_in};
    std::size_t asked = 0;
    for (auto const& id : book.open()) {
        if (asked++ == most_singles) {
            book.trouble(too_many_singles(most_singles, "issues"));
            break;
        }
        auto const answer = co_await at.ask(issue_request(place, id));
        if (!answer) {
            book.trouble(answer.error());
            break;
        }
        if (!enter(book, refusals, id, *answer, place.logged_in))
            co_return;
    }
    refusals.close();
}

} // namespace checkwatches::adapters::mantis
