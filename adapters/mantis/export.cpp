#include "adapters/mantis/export.hpp"

#include "adapters/mantis/web.hpp"
#include "adapters/mantis/words.hpp"
#include "adapters/trouble.hpp"
#include "adapters/wire/csv.hpp"
#include "adapters/wire/page.hpp"
#include "adapters/wire/text.hpp"

#include <array>

namespace checkwatches::adapters::mantis {
namespace {

// "0" and "[none]" are how the form says that nothing is left out.
request filter_request(web_url const& base)
{
    static constexpr std::array<std::string_view, 11> unlimited{
        "reporter_id[]",
        "user_monitor[]",
        "handler_id[]",
        "show_category[]",
        "show_severity[]",
        "show_resolution[]",
        "show_profile[]",
        "show_status[]",
        "show_build[]",
        "show_version[]",
        "show_priority[]"};
    std::vector<std::pair<std::string, std::string>> fields{
        {"type", "1"},
        {"page_number", "1"},
        {"view_type", "simple"},
        {"hide_status[]", "[none]"},
        {"fixed_in_version[]", "0"},
        {"per_page", "50"},
        {"view_state", "0"},
        {"sticky_issues", "on"},
        {"highlight_changed", "6"},
        {"relationship_type", "-1"},
        {"relationship_bug", "0"},
        {"sort", "last_updated"},
        {"sort_0", "last_updated"},
        {"dir", "DESC"},
        {"dir_0", "DESC"},
        {"search", ""},
        {"filter", "Apply Filter"}};
    for (auto const name : unlimited)
        fields.emplace_back(name, "0");
    request rq{.method = "POST", .on_redirect = request::redirects::ignored};
    rq.url = join(base, "view_all_set.php?f=3");
    rq.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
    rq.body = form_encode(fields);
    return rq;
}

request export_request(web_url const& base)
{
    return request{.url = join(base, "csv_export.php"), .on_redirect = request::redirects::ignored};
}

error protocol_error(std::string message, reply const& from)
{
    return error{.kind = error_kind::protocol_error, .message = std::move(message), .request = from.request};
}

result<wire::csv_table> read_export(reply const& answer, std::string_view text)
{
    auto table = wire::csv_table::parse(text);
    if (!table)
        return protocol_error(table.error().message, answer);
    if (!table->column("id") || !table->column("status") || !table->column("resolution"))
        return protocol_error("the export has no column Id, Status or Resolution", answer);
    return table;
}

void enter(ledger& book, wire::csv_table const& rows, std::size_t replaced)
{
    auto const id_column = rows.column("id");
    auto const status = rows.column("status");
    auto const resolution = rows.column("resolution");
    auto const priority = rows.column("priority");
    auto const severity = rows.column("severity");
    auto const title = rows.column("summary");
    auto const original = rows.column("duplicate id");
    for (std::size_t row = 0; row != rows.rows(); ++row) {
        auto const cell = [&](std::optional<std::size_t> column) {
            return std::string{wire::trimmed(rows.cell(row, column))};
        };
        auto const id = wire::normal_number(rows.cell(row, id_column));
        if (!book.is_open(id)) // the export is the whole tracker's
            continue;
        sighting seen{
            .words{
                .status = cell(status),
                .resolution = cell(resolution),
                .priority = cell(priority),
                .severity = cell(severity)},
            .title = cell(title),
            .duplicate_of = wire::normal_number(rows.cell(row, original)),
            .replaced = replaced};
        bool const told = !seen.words.status.empty()
                          && (!is_duplicate(seen.words.resolution) || !seen.duplicate_of.empty());
        // A row that was broken by a line end, or says too little, is read as a page.
        if (told)
            book.sighted(id, std::move(seen));
    }
}

} // namespace

awaitable<std::optional<error>> look_by_export(remote& at, ledger& book)
{
    auto const set = co_await at.ask(filter_request(at.base()));
    if (!set)
        co_return set.error();
    bool const is_set = set->status < 400 && !leads_to_login(*set);
    if (!is_set)
        co_return refusal_of_page(*set);
    auto const answer = co_await at.ask(export_request(at.base()));
    if (!answer)
        co_return answer.error();
    if (leads_to_login(*answer))
        co_return refusal_of_page(*answer);
    if (auto wrong = wire::expect(*answer, {"text/csv", "text/plain"}))
        co_return tracker_trouble(std::move(*wrong));
    auto const decoded = wire::decode_text(answer->body, answer->header("Content-Type"));
    auto const rows = read_export(*answer, decoded.text);
    if (!rows)
        co_return rows.error();
    enter(book, *rows, decoded.replaced);
    co_return std::nullopt;
}

} // namespace checkwatches::adapters::mantis
