#include "adapters/gitlab/supplement.hpp"

#include "adapters/gitlab/rest.hpp"
#include "adapters/trouble.hpp"
#include "adapters/wire/text.hpp"

#include <fmt/format.h>

#include <set>

namespace checkwatches::adapters::gitlab {
namespace {

constexpr std::string_view links_query =
    "query($p:ID!,$i:[String!]){project(fullPath:$p){issues(iids:$i,first:100){nodes{iid "
    "closedAsDuplicateOf{webUrl} movedTo{webUrl}}}}}";
constexpr std::string_view status_query =
    "query($p:ID!,$i:[String!]){project(fullPath:$p){issues(iids:$i,first:100){nodes{iid "
    "closedAsDuplicateOf{webUrl} movedTo{webUrl}}} workItems(iids:$i,first:100){nodes{iid "
    "widgets{...on WorkItemWidgetStatus{status{name}}}}}}}";

error refused(std::string message, reply const& from)
{
    return error{
        .kind = error_kind::protocol_error,
        .message = "GraphQL " + std::move(message),
        .request = from.request};
}

// {"errors":[{"message":…}]}
std::string first_error(wire::json_object const& root)
{
    auto const errors = wire::array_member(root, "errors");
    if (!errors || errors->size() == 0)
        return {};
    wire::json_object one;
    if (errors->at(0).get_object().get(one) != simdjson::SUCCESS)
        return "an error without words";
    auto const words = wire::text_member(one, "message");
    return words.empty() ? "an error without words" : shortened(words);
}

std::string page_of(wire::json_object const& in, std::string_view key)
{
    auto const other = wire::object_member(in, key);
    return other ? wire::text_member(*other, "webUrl") : std::string{};
}

std::string status_in(wire::json_object const& item)
{
    auto const widgets = wire::array_member(item, "widgets");
    if (!widgets)
        return {};
    for (auto const element : *widgets) {
        wire::json_object widget;
        if (element.get_object().get(widget) != simdjson::SUCCESS)
            continue;
        if (auto const status = wire::object_member(widget, "status"))
            return wire::text_member(*status, "name");
    }
    return {};
}

// Calls `take` with the iid and the object of each node of a connection.
template <class Take>
void each_node(wire::json_object const& project, std::string_view connection, Take take)
{
    auto const list = wire::object_member(project, connection);
    auto const nodes = list ? wire::array_member(*list, "nodes") : std::nullopt;
    if (!nodes)
        return;
    for (auto const element : *nodes) {
        wire::json_object node;
        if (element.get_object().get(node) != simdjson::SUCCESS)
            continue;
        auto const id = wire::normal_number(wire::text_member(node, "iid"));
        if (!id.empty())
            take(id, node);
    }
}

result<additions> read_additions(reply const& from, supplement more)
{
    auto const in = read_json(from);
    if (!in)
        return in.error();
    auto const root = in->object();
    if (!root)
        return refused("answered with JSON that is no object", from);
    if (auto const words = first_error(*root); !words.empty())
        return refused(fmt::format("refused: \"{}\"", words), from);
    auto const data = wire::object_member(*root, "data");
    auto const project = data ? wire::object_member(*data, "project") : std::nullopt;
    if (!project)
        return refused("does not see the project", from);
    additions out;
    each_node(*project, "issues", [&](std::string const& id, wire::json_object const& node) {
        auto& one = out[id];
        one.duplicate_of = page_of(node, "closedAsDuplicateOf");
        one.moved_to = page_of(node, "movedTo");
    });
    if (more != supplement::status)
        return out;
    std::set<std::string> items;
    each_node(*project, "workItems", [&](std::string const& id, wire::json_object const& node) {
        items.insert(id);
        if (auto const one = out.find(id); one != out.end())
            one->second.status = status_in(node);
    });
    std::erase_if(out, [&](auto const& one) { return !items.contains(one.first); });
    return out;
}

} // namespace

awaitable<result<additions>> ask_supplement(
    remote& at, place const& where, supplement more, std::string_view way, std::span<std::string const> iids)
{
    std::string list;
    for (auto const& id : iids)
        list += fmt::format("{}\"{}\"", list.empty() ? "" : ",", id);
    // What is put into the text is a query without quotes, a path of plain characters, and numbers.
    request rq{
        .method = "POST",
        .url = where.graphql,
        .headers{{"Accept", "application/json"}, {"Content-Type", "application/json"}},
        .body = fmt::format(
            R"({{"query":"{}","variables":{{"p":"{}","i":[{}]}}}})",
            more == supplement::status ? status_query : links_query,
            where.project,
            list),
        .login = login_for(way.empty() ? way : "bearer")}; // which takes every kind of token
    auto const answer = co_await at.ask(std::move(rq));
    if (!answer)
        co_return answer.error();
    auto out = read_additions(*answer, more);
    bool const is_broken = answer->status >= 500 && !out && out.error().kind == error_kind::protocol_error;
    if (!is_broken)
        co_return out;
    auto why = out.error();
    why.kind = error_kind::not_answered;
    co_return why;
}

} // namespace checkwatches::adapters::gitlab
