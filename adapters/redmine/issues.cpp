#include "adapters/redmine/issues.hpp"

#include "adapters/redmine/words.hpp"
#include "adapters/wire/json.hpp"
#include "adapters/wire/page.hpp"
#include "adapters/wire/text.hpp"

namespace checkwatches::adapters::redmine {
namespace {

struct document {
    wire::json_document json;
    wire::json_object root;
    std::size_t replaced = 0;
};

error unreadable(std::string what, reply const& from)
{
    return error{.kind = error_kind::unparsable, .message = std::move(what), .request = from.request};
}

result<document> read_object(reply const& from)
{
    if (auto wrong = wire::expect(from, {"application/json"}))
        return *wrong;
    auto json = wire::decode_json(from.body, from.header("Content-Type"));
    if (!json)
        return unreadable(json.error().message, from);
    wire::json_object root;
    if (json->document.root().get_object().get(root) != simdjson::SUCCESS)
        return unreadable("the JSON is no object", from);
    return document{.json = std::move(json->document), .root = root, .replaced = json->replaced};
}

// "name" of {"status":{"id":3,"name":"Resolved"}}.
std::string name_of(wire::json_object const& in, std::string_view key)
{
    auto const what = wire::object_member(in, key);
    return what ? wire::text_member(*what, "name") : std::string{};
}

// The value of the custom field "Resolution", which many sites add.
std::string resolution_of(wire::json_object const& in)
{
    auto const fields = wire::array_member(in, "custom_fields");
    if (!fields)
        return {};
    for (auto const item : *fields) {
        wire::json_object field;
        if (item.get_object().get(field) == simdjson::SUCCESS
            && wire::same_word(wire::text_member(field, "name"), "resolution"))
            return wire::text_member(field, "value");
    }
    return {};
}

// The issue that this one duplicates; an issue that is duplicated has the same relation from the other side.
std::string duplicate_of(wire::json_object const& in, std::string const& id)
{
    auto const relations = wire::array_member(in, "relations");
    if (!relations)
        return {};
    for (auto const item : *relations) {
        wire::json_object relation;
        if (item.get_object().get(relation) == simdjson::SUCCESS
            && wire::text_member(relation, "relation_type") == "duplicates"
            && wire::text_member(relation, "issue_id") == id)
            return wire::normal_number(wire::text_member(relation, "issue_to_id"));
    }
    return {};
}

issue to_issue(wire::json_object const& in, std::size_t replaced)
{
    issue out{.id = wire::normal_number(wire::text_member(in, "id"))};
    out.seen = sighting{
        .words{
            .status = name_of(in, "status"),
            .resolution = resolution_of(in),
            .priority = name_of(in, "priority"),
            .type = name_of(in, "tracker")},
        .title = wire::text_member(in, "subject"),
        .duplicate_of = duplicate_of(in, out.id),
        .modified = parse_time(wire::text_member(in, "updated_on")),
        .replaced = replaced};
    auto const status = wire::object_member(in, "status");
    if (status && wire::flag_member(*status, "is_closed").value_or(false))
        out.seen.words.labels.emplace_back(closed_mark);
    return out;
}

comment to_comment(wire::json_object const& in, std::string_view writer, std::string_view text)
{
    return comment{
        .remote_id = wire::text_member(in, "id"),
        .author = name_of(in, writer),
        .at = parse_time(wire::text_member(in, "created_on")),
        .text = wire::text_member(in, text)};
}

} // namespace

result<issue_page> read_page(reply const& from)
{
    auto const in = read_object(from);
    if (!in)
        return in.error();
    auto const issues = wire::array_member(in->root, "issues");
    auto const total = wire::integer_member(in->root, "total_count");
    auto const limit = wire::integer_member(in->root, "limit");
    if (!issues || !total || !limit)
        return unreadable("the JSON is no list of issues", from);
    issue_page out{.total = *total, .limit = *limit};
    for (auto const item : *issues) {
        wire::json_object one;
        if (item.get_object().get(one) == simdjson::SUCCESS)
            out.issues.push_back(to_issue(one, in->replaced));
    }
    return out;
}

result<issue> read_issue(reply const& from)
{
    auto const in = read_object(from);
    if (!in)
        return in.error();
    auto const one = wire::object_member(in->root, "issue");
    if (!one)
        return unreadable("the JSON has no issue", from);
    return to_issue(*one, in->replaced);
}

result<std::string> read_user(reply const& from)
{
    auto const in = read_object(from);
    if (!in)
        return in.error();
    auto const user = wire::object_member(in->root, "user");
    if (!user || !wire::integer_member(*user, "id"))
        return unreadable("the JSON has no user", from);
    auto login = wire::text_member(*user, "login");
    return login.empty() ? wire::text_member(*user, "id") : login;
}

result<std::vector<comment>> read_notes(reply const& from)
{
    auto const in = read_object(from);
    if (!in)
        return in.error();
    auto const one = wire::object_member(in->root, "issue");
    if (!one)
        return unreadable("the JSON has no issue", from);
    std::vector<comment> out{to_comment(*one, "author", "description")};
    out.front().remote_id = "description"; // the report has no number among the notes
    auto const journals = wire::array_member(*one, "journals");
    if (!journals)
        return out;
    for (auto const item : *journals) {
        wire::json_object journal;
        if (item.get_object().get(journal) != simdjson::SUCCESS
            || wire::flag_member(journal, "private_notes").value_or(false))
            continue;
        auto note = to_comment(journal, "user", "notes");
        if (!note.text.empty() && !note.remote_id.empty()) // without notes it is a change of fields
            out.push_back(std::move(note));
    }
    return out;
}

} // namespace checkwatches::adapters::redmine
