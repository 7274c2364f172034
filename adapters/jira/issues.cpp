#include "adapters/jira/issues.hpp"

#include "adapters/jira/keys.hpp"
#include "adapters/jira/words.hpp"
#include "adapters/wire/text.hpp"

namespace checkwatches::adapters::jira {
namespace {

std::string name_of(wire::json_object const& fields, std::string_view key)
{
    auto const what = wire::object_member(fields, key);
    return what ? wire::text_member(*what, "name") : std::string{};
}

std::vector<std::string> labels_of(wire::json_object const& fields)
{
    std::vector<std::string> out;
    std::string_view text;
    if (auto const labels = wire::array_member(fields, "labels"))
        for (auto const one : *labels)
            if (one.get_string().get(text) == simdjson::SUCCESS)
                out.emplace_back(text);
    auto const status = wire::object_member(fields, "status");
    auto const category = status ? wire::object_member(*status, "statusCategory") : std::nullopt;
    auto const key = category ? wire::text_member(*category, "key") : std::string{};
    if (!key.empty())
        out.push_back(std::string{category_mark} + key);
    return out;
}

// The issue that this one duplicates: at the outward end of a link "duplicates".
std::string duplicate_of(wire::json_object const& fields)
{
    auto const links = wire::array_member(fields, "issuelinks");
    if (!links)
        return {};
    for (auto const item : *links) {
        wire::json_object link;
        if (item.get_object().get(link) != simdjson::SUCCESS
            || !same_word(name_of(link, "type"), "Duplicate"))
            continue;
        auto const original = wire::object_member(link, "outwardIssue");
        auto key = original ? normal_key(wire::text_member(*original, "key")) : std::nullopt;
        if (key)
            return *key;
    }
    return {};
}

} // namespace

std::optional<issue> read_issue(wire::json_object const& in, std::size_t replaced)
{
    auto const key = normal_key(wire::text_member(in, "key"));
    if (!key)
        return std::nullopt;
    issue out{.key = *key};
    auto const fields = wire::object_member(in, "fields");
    if (!fields)
        return out;
    out.seen = sighting{
        .words{
            .status = name_of(*fields, "status"),
            .resolution = name_of(*fields, "resolution"),
            .priority = name_of(*fields, "priority"),
            .type = name_of(*fields, "issuetype"),
            .labels = labels_of(*fields)},
        .title = wire::text_member(*fields, "summary"),
        .duplicate_of = duplicate_of(*fields),
        .modified = parse_time(wire::text_member(*fields, "updated")),
        .replaced = replaced};
    return out;
}

std::optional<std::size_t> enter_issues(ledger& book, document const& in)
{
    auto const issues = wire::array_member(in.root, "issues");
    if (!issues)
        return std::nullopt;
    std::size_t count = 0;
    for (auto const item : *issues) {
        ++count;
        wire::json_object object;
        auto one = item.get_object().get(object) == simdjson::SUCCESS ? read_issue(object, in.replaced)
                                                                      : std::nullopt;
        if (one)
            enter(book, std::move(*one));
        else
            book.unreadable();
    }
    return count;
}

void enter(ledger& book, issue one)
{
    if (one.seen.words.status.empty())
        book.absent(one.key, outcome::unparsable, "the issue has no status");
    else
        book.sighted(one.key, std::move(one.seen));
}

} // namespace checkwatches::adapters::jira
