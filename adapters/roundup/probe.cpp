#include "adapters/roundup/probe.hpp"

#include "adapters/roundup/export.hpp"
#include "adapters/roundup/rest.hpp"
#include "adapters/trouble.hpp"
#include "adapters/wire/text.hpp"

#include <algorithm>
#include <array>

namespace checkwatches::adapters::roundup {
namespace {

// What we read of an issue, where its site has it.
constexpr std::array<std::string_view, 8> read_fields{
    "title", "activity", "status", "resolution", "priority", "severity", "type", "superseder"};

// The columns of an export, from the richest on; a server refuses all where it does not know one.
std::vector<std::vector<std::string>> const& column_sets()
{
    static std::vector<std::vector<std::string>> const sets{
        {"title", "activity", "status", "resolution", "priority"},
        {"title", "activity", "status", "priority"},
        {"title", "activity", "status", "resolution"},
        {"title", "activity", "status"}};
    return sets;
}

class prober {
public:
    explicit prober(remote& at) : at_{at}
    {
        if (at_.has_credential())
            login_ = at_.has_user() ? by_basic : by_bearer;
    }

    awaitable<result<capabilities>> run()
    {
        bool decided = co_await try_rest();
        for (auto const& columns : column_sets())
            if (!decided && !export_refused_)
                decided = co_await try_export(columns);
        if (!decided)
            co_return verdict_without_a_way();
        if (failed_)
            co_return *failed_;
        if (!login_.empty()) {
            found_.login = login_;
            // A wrong one is refused with 401 wherever it is sent; Roundup names us nowhere.
            found_.identity = "the credential's user";
        }
        co_return found_;
    }

private:
    awaitable<result<rest_answer>> ask(std::string relative)
    {
        auto rq = get(at_, relative, login_);
        rq.headers.emplace_back("Accept", "application/json");
        auto const answer = co_await at_.ask(std::move(rq));
        if (!answer)
            co_return answer.error();
        in_json_ = wire::media_type(answer->header("Content-Type")) == "application/json";
        co_return read_rest(*answer);
    }

    // Each way: true where it is decided, in found_ or in failed_.
    awaitable<bool> try_rest()
    {
        auto const root = co_await ask("rest/");
        if (!root)
            co_return refused(root.error());
        if (!wire::integer_member(root->data, "default_version"))
            co_return false;
        is_roundup_ = true;
        auto const first = co_await ask("rest/data/issue?@page_size=1");
        if (!first)
            co_return refused(first.error());
        auto const id = first_id(*first);
        std::vector<std::string> fields{"title", "activity", "status"};
        if (!id.empty()) {
            auto const issue = co_await ask("rest/data/issue/" + id + "?@protected=true");
            if (!issue)
                co_return refused(issue.error());
            fields = fields_of(*issue);
        }
        if (std::ranges::find(fields, "status") == fields.end())
            co_return refused(error{
                .kind = error_kind::protocol_error, .message = "the issues of this Roundup have no status"});
        found_ = can_do(by_rest, fields);
        if (!id.empty())
            found_.changed_since = co_await tells_changes(id);
        co_return true;
    }

    static std::string first_id(rest_answer const& in)
    {
        auto const rows = wire::array_member(in.data, "collection");
        if (rows)
            for (auto const row : *rows) {
                wire::json_object issue;
                if (row.get_object().get(issue) == simdjson::SUCCESS)
                    return wire::normal_number(wire::text_member(issue, "id"));
            }
        return {};
    }

    static std::vector<std::string> fields_of(rest_answer const& in)
    {
        std::vector<std::string> out;
        auto const attributes = wire::object_member(in.data, "attributes");
        if (attributes)
            for (auto const member : *attributes)
                if (std::ranges::find(read_fields, member.key) != read_fields.end())
                    out.emplace_back(member.key);
        std::ranges::sort(out);
        auto const twice = std::ranges::unique(out);
        out.erase(twice.begin(), twice.end());
        return out;
    }

    // No issue changes that far ahead: one that comes in spite of it shows that the constraint is not obeyed.
    awaitable<bool> tells_changes(std::string id)
    {
        constexpr utc_time far_ahead = std::chrono::sys_days{std::chrono::year{2100} / 1 / 1};
        way const by{.fields = {"status"}};
        std::span const one{&id, 1};
        auto const answer = co_await at_.ask(search_request(at_, by, login_, one, far_ahead));
        if (!answer)
            co_return false;
        auto const in = read_rest(*answer);
        if (!in)
            co_return false;
        auto const rows = wire::array_member(in->data, "collection");
        co_return rows.has_value() && rows->size() == 0;
    }

    awaitable<bool> try_export(std::vector<std::string> columns)
    {
        std::vector<std::string> const first{"1"};
        auto const answer = co_await at_.ask(export_request(at_, columns, login_, first));
        if (!answer)
            co_return refused(answer.error());
        auto const in = read_export(*answer);
        constexpr unsigned bad_request = 400;
        bool const of_columns = answer->status == bad_request || answer->status >= 500;
        if (!in) {
            // Only these are about the columns; nothing else gets better with others.
            export_refused_ = !of_columns;
            co_return refused(in.error());
        }
        if (!in->cells.column("status")) {
            export_refused_ = true;
            co_return false;
        }
        found_ = can_do(by_csv, columns);
        co_return true;
    }

    static capabilities can_do(std::string_view protocol, std::vector<std::string> const& fields)
    {
        constexpr std::size_t issues = 200;
        auto const has = [&](std::string_view field) {
            return std::ranges::find(fields, field) != fields.end();
        };
        return capabilities{
            .protocol = protocol_text(protocol, fields),
            .batch = issues,
            .importance = has("priority") || has("severity")};
    }

    bool fail(error why)
    {
        failed_ = std::move(why);
        return true;
    }
    // Notes why a way is closed; true where there is no use in trying others.
    bool refused(error why)
    {
        if (prevents_an_answer(why.kind))
            return fail(std::move(why));
        if (!first_refusal_ || (why.kind == error_kind::auth_failed && in_json_))
            first_refusal_ = std::move(why);
        return false;
    }

    error verdict_without_a_way() const
    {
        auto why = first_refusal_.value_or(
            error{.kind = error_kind::protocol_error, .message = "answered something else"});
        if (is_roundup_ || why.kind == error_kind::forbidden || why.kind == error_kind::auth_failed)
            return tracker_trouble(std::move(why));
        return no_such_kind("Roundup", "its REST API " + why.message, why.request);
    }

    remote& at_;
    std::string login_;
    capabilities found_;
    std::optional<error> failed_;
    std::optional<error> first_refusal_;
    bool is_roundup_ = false;
    bool in_json_ = false;
    bool export_refused_ = false;
};

} // namespace

awaitable<result<capabilities>> probe(remote& at)
{
    prober p{at};
    co_return co_await p.run();
}

} // namespace checkwatches::adapters::roundup
