// Three documents of the same kind:
//
// GET show_bug.cgi?ctype=xml&id=1&id=2&field=… (since 2.17) and, before 2.16, POST xml.cgi id=1,2 →
//   <bugzilla version="4.2.1"><bug><bug_id>1</bug_id><bug_status>NEW</bug_status>…</bug>
//   <bug error="NotPermitted"><bug_id>13</bug_id></bug></bugzilla>
// POST buglist.cgi ctype=rdf (2.16 to 2.18) → <RDF>…<bz:bug><bz:id>1</bz:id><bz:bug_status>…
// POST xml.cgi of IssueZilla → <issuezilla><issue><issue_id>1</issue_id><issue_status>…
//
// show_bug.cgi calls a number that is merely missing InvalidBugId as well as NotFound. Without `field` it
// sends every comment. RDF passes missing bugs over in silence. The DOCTYPE names an external DTD; nobody
// fetches it.

#include "adapters/bugzilla/xml.hpp"

#include "adapters/bugzilla/fault.hpp"
#include "adapters/bugzilla/protocol.hpp"
#include "adapters/trouble.hpp"
#include "adapters/wire/page.hpp"
#include "adapters/wire/text.hpp"

#include <fmt/format.h>
#include <pugixml.hpp>

#include <algorithm>
#include <array>

namespace checkwatches::adapters::bugzilla {
namespace {

// The local names of a bug's elements.
struct element_names {
    std::string_view bug = "bug";
    std::string_view id = "bug_id";
    std::string_view status = "bug_status";
    std::string_view old_status = "bug_status"; // where `status` is missing
};
constexpr element_names bugzilla_names{};
constexpr element_names rdf_names{.id = "id", .old_status = "status"};
constexpr element_names issuezilla_names{
    .bug = "issue", .id = "issue_id", .status = "issue_status", .old_status = "issue_status"};

constexpr std::array<std::string_view, 5> xml_types{
    "application/xml", "text/xml", "application/rdf+xml", "text/rdf", "application/xhtml+xml"};

// The name without the prefix of its namespace.
std::string_view local(pugi::xml_node node)
{
    std::string_view const name = node.name();
    auto const colon = name.find(':');
    return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

// The texts of a bug's elements. Direct children only: <bz:has_duplicates> holds the ids of other bugs.
class bug_texts {
public:
    explicit bug_texts(pugi::xml_node bug)
    {
        for (auto child = bug.first_child(); child; child = child.next_sibling())
            all_.emplace_back(local(child), child);
    }

    // Of the first that is named so.
    std::string_view of(std::string_view name) const
    {
        for (auto const& [each, child] : all_)
            if (each == name)
                return wire::trimmed(child.child_value());
        return {};
    }

private:
    std::vector<std::pair<std::string_view, pugi::xml_node>> all_;
};

// The next node of the document in its order, but none inside `node` where `inside` is false.
pugi::xml_node following(pugi::xml_node node, bool inside)
{
    if (inside && node.first_child())
        return node.first_child();
    while (node && !node.next_sibling())
        node = node.parent();
    return node.next_sibling();
}

struct xml_page {
    pugi::xml_document document{};
    std::size_t replaced = 0;
};

std::optional<error> load(reply const& answer, xml_page& into)
{
    auto const content_type = answer.header("Content-Type");
    auto const type = wire::media_type(content_type);
    if (answer.status != 200 || std::ranges::find(xml_types, type) == xml_types.end())
        return wire::explain(answer);
    auto const decoded = wire::decode_text(answer.body, content_type);
    auto const read = into.document.load_buffer(
        decoded.text.data(), decoded.text.size(), pugi::parse_default, pugi::encoding_utf8);
    into.replaced = decoded.replaced;
    auto const root = into.document.document_element();
    if (local(root) == "html")
        return wire::explain(answer);
    if (!read)
        return unreadable(
            answer, fmt::format("the XML cannot be read: {} at byte {}", read.description(), read.offset));
    return std::nullopt;
}

// The error that the tracker gives in the place of a bug; nothing where it gives none.
std::optional<absence> error_in(pugi::xml_node bug, bool by_number)
{
    std::string_view const word = bug.attribute("error").value();
    std::string_view const code = bug.attribute("status_code").value(); // IssueZilla
    if (word.empty() && (code.empty() || code == "200"))
        return std::nullopt;
    if (word == "NotPermitted" || code == "403")
        return absence{.why = outcome::forbidden, .detail = std::string{word}};
    if (word == "InvalidBugId" && !by_number)
        return absence{.why = outcome::invalid_id, .detail = std::string{word}};
    if (word == "NotFound" || word == "InvalidBugId" || code == "404")
        return absence{.why = outcome::not_found, .detail = std::string{word}};
    return absence{
        .why = outcome::unparsable,
        .detail = fmt::format("the tracker reports error \"{}\"", shortened(word.empty() ? code : word))};
}

sighting to_sighting(bug_texts const& bug, element_names const& names)
{
    auto const text = [&](std::string_view name) { return std::string{bug.of(name)}; };
    auto status = text(names.status);
    if (status.empty())
        status = text(names.old_status);
    return sighting{
        .words{
            .status = std::move(status),
            .resolution = std::string{resolution_of(bug.of("resolution"))},
            .priority = text("priority"),
            .severity = text("bug_severity")},
        .title = text("short_desc"),
        .duplicate_of = text("dup_id"),
        .modified = parse_time(bug.of("delta_ts"))};
}

std::optional<error>
read_bugs(reply const& answer, std::span<std::string const> ids, ledger& book, element_names const& names)
{
    xml_page page;
    if (auto e = load(answer, page))
        return e;
    auto const root = page.document.document_element();
    auto const name = wire::lower(local(root));
    if (name != "bugzilla" && name != "rdf" && name != "issuezilla")
        return unreadable(
            answer, fmt::format("the XML is a <{}> and no list of bugs", shortened(local(root))));
    bool inside = true;
    for (auto node = root.first_child(); node; node = following(node, inside)) {
        inside = local(node) != names.bug;
        if (inside)
            continue;
        bug_texts const bug{node};
        auto const id = bug.of(names.id);
        if (id.empty())
            continue;
        auto const asked = asked_as(ids, id);
        if (auto const gone = error_in(node, wire::is_number(asked)))
            book.absent(asked, gone->why, gone->detail);
        else
            record(book, ids, id, to_sighting(bug, names), page.replaced);
    }
    return std::nullopt;
}

request post_form(
    place const& where, std::string_view page, std::vector<std::pair<std::string, std::string>> const& fields)
{
    return request{
        .method = "POST",
        .url = join(where.root, page),
        .headers{{"Content-Type", "application/x-www-form-urlencoded"}},
        .body = form_encode(fields),
        .on_redirect = request::redirects::repost};
}

class show_bug final : public protocol {
public:
    std::string_view word() const noexcept override { return "xml"; }
    std::size_t batch(capabilities const&) const noexcept override { return 200; }
    std::optional<std::size_t> cost_of_id() const noexcept override { return 4; } // "&id="

    request ask(place const& where, std::span<std::string const> ids) const override
    {
        std::string relative = "show_bug.cgi?ctype=xml";
        for (std::string_view const field :
             {"bug_id",
              "bug_status",
              "resolution",
              "priority",
              "bug_severity",
              "delta_ts",
              "short_desc",
              "dup_id"})
            fmt::format_to(std::back_inserter(relative), "&field={}", field);
        for (auto const& id : ids)
            fmt::format_to(std::back_inserter(relative), "&id={}", percent_encode(id));
        return get(where.root, relative, {});
    }

    std::optional<error>
    read(place const&, reply const& answer, std::span<std::string const> ids, ledger& book) const override
    {
        return read_bug_xml(answer, ids, book);
    }
};

class xml_cgi : public protocol {
public:
    std::string_view word() const noexcept override { return "xml.cgi"; }
    std::size_t batch(capabilities const&) const noexcept override { return 100; }
    std::optional<std::size_t> cost_of_id() const noexcept override { return std::nullopt; }
    bool knows_aliases() const noexcept override { return false; }

    request ask(place const& where, std::span<std::string const> ids) const override
    {
        return post_form(where, "xml.cgi", {{"id", fmt::format("{}", fmt::join(ids, ","))}});
    }

    std::optional<error>
    read(place const&, reply const& answer, std::span<std::string const> ids, ledger& book) const override
    {
        return read_bug_xml(answer, ids, book);
    }
};

class issuezilla final : public protocol {
public:
    std::string_view word() const noexcept override { return "issuezilla"; }
    std::size_t batch(capabilities const&) const noexcept override { return 100; }
    std::optional<std::size_t> cost_of_id() const noexcept override { return std::nullopt; }
    bool knows_aliases() const noexcept override { return false; }

    request ask(place const& where, std::span<std::string const> ids) const override
    {
        return post_form(
            where,
            "xml.cgi",
            {{"download_type", "browser"},
             {"output_configured", "true"},
             {"include_attachments", "false"},
             {"include_dtd", "true"},
             {"id", fmt::format("{}", fmt::join(ids, ","))}});
    }

    std::optional<error>
    read(place const&, reply const& answer, std::span<std::string const> ids, ledger& book) const override
    {
        return read_bugs(answer, ids, book, issuezilla_names);
    }
};

class rdf final : public protocol {
public:
    std::string_view word() const noexcept override { return "rdf"; }
    std::size_t batch(capabilities const&) const noexcept override { return 200; }
    std::optional<std::size_t> cost_of_id() const noexcept override { return std::nullopt; }
    bool knows_aliases() const noexcept override { return false; }

    request ask(place const& where, std::span<std::string const> ids) const override
    {
        auto const& version = where.can.version;
        return post_form(
            where,
            "buglist.cgi",
            {{"form_name", "buglist.cgi"},
             {at_least(version, {2, 17, 1}) ? "ctype" : "format", "rdf"},
             {at_least(version, {3, 6}) ? "bugidtype" : "bug_id_type", "include"},
             {"columnlist", "id,bug_status,resolution,priority,bug_severity,short_desc"},
             {"bug_id", fmt::format("{}", fmt::join(ids, ","))}});
    }

    std::optional<error>
    read(place const&, reply const& answer, std::span<std::string const> ids, ledger& book) const override
    {
        return read_bugs(answer, ids, book, rdf_names);
    }

    // A listing gives no reasons; these versions have xml.cgi too.
    request ask_one(place const& where, std::string const& id) const override
    {
        return xml_cgi_protocol().ask_one(where, id);
    }
    std::optional<error>
    read_one(place const&, reply const& answer, std::string const& id, ledger& book) const override
    {
        return read_bug_xml(answer, std::span{&id, 1}, book);
    }
};

} // namespace

std::optional<error> read_bug_xml(reply const& answer, std::span<std::string const> ids, ledger& book)
{
    return read_bugs(answer, ids, book, bugzilla_names);
}

result<xml_root> read_root(reply const& answer)
{
    xml_page page;
    if (auto e = load(answer, page))
        return std::move(*e);
    auto const root = page.document.document_element();
    return xml_root{
        .name = std::string{root.name()},
        .version = std::string{wire::trimmed(root.attribute("version").value())}};
}

protocol const& xml_protocol() noexcept
{
    static show_bug const only;
    return only;
}

protocol const& xml_cgi_protocol() noexcept
{
    static xml_cgi const only;
    return only;
}

protocol const& issuezilla_protocol() noexcept
{
    static issuezilla const only;
    return only;
}

protocol const& rdf_protocol() noexcept
{
    static rdf const only;
    return only;
}

} // namespace checkwatches::adapters::bugzilla
