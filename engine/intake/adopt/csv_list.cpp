#include "engine/intake/adopt/csv_list.hpp"

#include "adapters/wire/csv.hpp"
#include "adapters/wire/text.hpp"
#include "engine/intake/adopt/clean_text.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace checkwatches::intake {
namespace {

constexpr std::array<std::string_view, 12> known_columns{
    "url",
    "tracker",
    "bug",
    "label",
    "owner",
    "relation",
    "note",
    "status",
    "importance",
    "checked_at",
    "changed_at",
    "error"};

class list_reader {
public:
    explicit list_reader(wire::csv_table const& table) : table_{table} {}

    result<adopted> read()
    {
        if (auto wrong = check_header())
            return *wrong;
        if (table_.rows() > most_adopted)
            return error{
                .kind = error_kind::too_large,
                .message = "the list has more than " + std::to_string(most_adopted) + " rows"};
        for (std::size_t row = 0; row != table_.rows(); ++row)
            read_row(row);
        return std::move(out_);
    }

private:
    std::optional<error> check_header()
    {
        auto const& header = table_.header();
        for (std::size_t i = 0; i != header.size(); ++i) {
            auto const name = wire::lower(wire::trimmed(header[i]));
            if (std::ranges::find(known_columns, name) == known_columns.end()) {
                out_.rest.push_back(
                    {.at = {.line = 1},
                     .how = leftover::why::left_out,
                     .name = "column " + quoted_briefly(name),
                     .reason = "no column of this name is read"});
                continue;
            }
            if (table_.column(name) != i)
                return error{
                    .kind = error_kind::unparsable,
                    .message = "the header names the column \"" + name + "\" twice"};
        }
        bool const by_id = table_.column("tracker") && table_.column("bug");
        if (table_.column("url") || by_id)
            return std::nullopt;
        return error{
            .kind = error_kind::unparsable,
            .message = "the first line has to name a column \"url\", or both \"tracker\" and \"bug\""};
    }

    void read_row(std::size_t row)
    {
        if (table_.cells(row) > table_.header().size()) {
            reject(
                row,
                table_.header().size(),
                "the row has more cells than the header: a comma in a cell needs quotes around it");
            return;
        }
        for (std::size_t column = 0; column != table_.cells(row); ++column)
            if (auto const flaw = flaw_of(table_.cell(row, column))) {
                reject(row, column, "the cell " + *flaw);
                return;
            }
        adopted_watch watch{
            .at = spot_of(row, 0),
            .url = text(row, "url"),
            .tracker = text(row, "tracker"),
            .bug = text(row, "bug"),
            .what = {.label = text(row, "label"), .owner = text(row, "owner"), .note = text(row, "note")}};
        if (watch.url.empty() && (watch.tracker.empty() || watch.bug.empty())) {
            reject(row, 0, "it names no bug: neither a URL nor tracker and bug");
            return;
        }
        if (auto const word = text(row, "relation"); !word.empty()) {
            auto const relation = storage::parse_relation(wire::lower(word));
            if (!relation) {
                reject(
                    row,
                    *table_.column("relation"),
                    quoted_briefly(word) + " is no relation: \"same\" or \"related\" is expected");
                return;
            }
            watch.what.is = *relation;
        }
        watch.theirs = view_of(row);
        out_.watches.push_back(std::move(watch));
    }

    std::optional<other_view> view_of(std::size_t row)
    {
        bool const tells = table_.column("status") || table_.column("importance")
                           || table_.column("checked_at") || table_.column("changed_at")
                           || table_.column("error");
        if (!tells)
            return std::nullopt;
        other_view view{
            .status = text(row, "status"),
            .importance = text(row, "importance"),
            .failure = text(row, "error"),
            .is_normal = true};
        view.checked_at = time_in(row, "checked_at");
        view.changed_at = time_in(row, "changed_at");
        return view;
    }

    std::optional<utc_time> time_in(std::size_t row, std::string_view name)
    {
        auto const when = text(row, name);
        auto const read = parse_time(when, naive_time::is_utc);
        if (!read && !when.empty())
            out_.rest.push_back(
                {.at = spot_of(row, *table_.column(name)),
                 .how = leftover::why::left_out,
                 .name = std::string{name},
                 .reason = quoted_briefly(when) + " is no time (ISO 8601); the watch counts all the same"});
        return read;
    }

    std::string text(std::size_t row, std::string_view name) const
    {
        return std::string{wire::trimmed(table_.cell(row, table_.column(name)))};
    }
    spot spot_of(std::size_t row, std::size_t column) const
    {
        auto const place = table_.place_of(row, column);
        return {.line = place.line, .column = place.column};
    }
    void reject(std::size_t row, std::size_t column, std::string reason)
    {
        out_.rest.push_back(
            {.at = spot_of(row, column), .how = leftover::why::bad, .reason = std::move(reason)});
    }

    wire::csv_table const& table_;
    adopted out_;
};

} // namespace

result<adopted> read_csv_list(std::string_view text)
{
    constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
    if (text.starts_with(byte_order_mark))
        text.remove_prefix(byte_order_mark.size());
    auto const table = wire::csv_table::parse(text);
    if (!table)
        return table.error();
    return list_reader{*table}.read();
}

} // namespace checkwatches::intake
