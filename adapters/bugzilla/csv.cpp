// GET buglist.cgi?ctype=csv&bug_id=1,2&columnlist=… → bug_id,"bug_status","resolution",…
//
// Missing and private bugs are left out in silence; the rows are not in the order of the ids. An open bug's
// resolution is " ---". `changeddate` is in the viewer's zone and names none, so it is not used. An id that
// does not come back is asked of show_bug.cgi?ctype=xml, where the site has that.

#include "adapters/wire/csv.hpp"

#include "adapters/bugzilla/fault.hpp"
#include "adapters/bugzilla/protocol.hpp"
#include "adapters/bugzilla/xml.hpp"
#include "adapters/wire/page.hpp"
#include "adapters/wire/text.hpp"

#include <fmt/format.h>

namespace checkwatches::adapters::bugzilla {
namespace {

// How a search by number is spelled by this version.
std::string_view id_filter(std::string_view version)
{
    if (!version.empty() && !at_least(version, {3, 6}))
        return "bug_id_type=include";
    if (!version.empty() && !at_least(version, {4, 0}))
        return "bugidtype=include";
    return "bug_id_type=anyexact";
}

class listing final : public protocol {
public:
    std::string_view word() const noexcept override { return "csv"; }
    std::size_t batch(capabilities const&) const noexcept override { return 500; }
    std::optional<std::size_t> cost_of_id() const noexcept override { return 1; }

    request ask(place const& where, std::span<std::string const> ids) const override
    {
        auto const relative = fmt::format(
            "buglist.cgi?ctype=csv&bug_id={}&{}"
            "&columnlist=bug_id,bug_status,resolution,priority,bug_severity,short_desc&limit=0",
            fmt::join(ids, ","),
            id_filter(where.can.version));
        return get(where.root, relative, {});
    }

    std::optional<error>
    read(place const&, reply const& answer, std::span<std::string const> ids, ledger& book) const override
    {
        if (auto e = wire::expect(answer, {"text/csv"}))
            return e;
        auto const decoded = wire::decode_text(answer.body, answer.header("Content-Type"));
        auto const table = wire::csv_table::parse(decoded.text);
        if (!table)
            return unreadable(answer, table.error().message);
        auto const id = table->column("bug_id");
        auto const status = table->column("bug_status");
        if (!id || !status)
            return unreadable(answer, "the CSV has no columns bug_id and bug_status");
        auto const resolution = table->column("resolution");
        auto const priority = table->column("priority");
        auto const severity = table->column("bug_severity");
        auto const title = table->column("short_desc");
        for (std::size_t row = 0; row != table->rows(); ++row) {
            auto const cell = [&](std::optional<std::size_t> column) {
                return std::string{wire::trimmed(table->cell(row, column))};
            };
            sighting seen{
                .words{
                    .status = cell(status),
                    .resolution = std::string{resolution_of(table->cell(row, resolution))},
                    .priority = cell(priority),
                    .severity = cell(severity)},
                .title = cell(title)};
            record(book, ids, cell(id), std::move(seen), decoded.replaced);
        }
        return std::nullopt;
    }

    request ask_one(place const& where, std::string const& id) const override
    {
        return xml_protocol().ask_one(where, id);
    }

    std::optional<error>
    read_one(place const&, reply const& answer, std::string const& id, ledger& book) const override
    {
        auto e = read_bug_xml(answer, std::span{&id, 1}, book);
        // A page in the place of XML: the site does not offer it. (Every page of a Bugzilla has a login form,
        // so that it may pass for a login page; the list was answered without one.)
        bool const is_page = e
                             && (e->kind == error_kind::protocol_error || e->kind == error_kind::not_found
                                 || e->kind == error_kind::forbidden || e->kind == error_kind::auth_failed);
        if (is_page)
            e->kind = error_kind::unsupported;
        return e;
    }
};

} // namespace

protocol const& csv_protocol() noexcept
{
    static listing const only;
    return only;
}

} // namespace checkwatches::adapters::bugzilla
