// POST {root}/xmlrpc.cgi, Bug.get({ids, permissive, include_fields}) → {bugs:[…], faults:[{id, faultCode,
// …}]}
//
// Since 3.4. `permissive` gives each missing or private id a fault of its own; without it one such id fails
// the call. The type must be text/xml. Members that have no value are left out. Times are UTC without a zone
// since 3.6; before, they are the server's own.
//
// Bug.search({id, last_change_time, limit, include_fields}) answers in the same shape, without faults, for
// those of the ids that changed then or later.

#include "adapters/bugzilla/rpc.hpp"

#include "adapters/bugzilla/fault.hpp"
#include "adapters/bugzilla/protocol.hpp"
#include "adapters/wire/page.hpp"
#include "adapters/wire/text.hpp"

#include <charconv>

namespace checkwatches::adapters::bugzilla {
namespace {

namespace xmlrpc = wire::xmlrpc;

std::string text_of(xmlrpc::value const& in, std::string_view name)
{
    auto const* const found = in.member(name);
    return found == nullptr ? std::string{} : found->as_text();
}

xmlrpc::value to_id(std::string const& id)
{
    std::int64_t number = 0;
    auto const read = std::from_chars(id.data(), id.data() + id.size(), number);
    bool const whole = read.ec == std::errc{} && read.ptr == id.data() + id.size();
    return whole ? xmlrpc::value{number} : xmlrpc::value{id};
}

xmlrpc::array to_ids(std::span<std::string const> ids)
{
    xmlrpc::array list;
    for (auto const& id : ids)
        list.push_back(to_id(id));
    return list;
}

xmlrpc::array fields()
{
    return {
        "id",
        "status",
        "resolution",
        "priority",
        "severity",
        "summary",
        "product",
        "dupe_of",
        "last_change_time"};
}

sighting to_sighting(xmlrpc::value const& bug, bool in_utc)
{
    auto const* const changed = bug.member("last_change_time");
    return sighting{
        .words{
            .status = text_of(bug, "status"),
            .resolution = std::string{resolution_of(text_of(bug, "resolution"))},
            .priority = text_of(bug, "priority"),
            .severity = text_of(bug, "severity")},
        .title = text_of(bug, "summary"),
        .product = text_of(bug, "product"),
        .duplicate_of = text_of(bug, "dupe_of"),
        .modified = changed == nullptr || !in_utc ? std::nullopt : changed->as_utc()};
}

std::optional<error>
read_faults(xmlrpc::value const& in, reply const& answer, std::span<std::string const> ids, ledger& book)
{
    auto const* const list = in.member("faults");
    if (list == nullptr || list->items() == nullptr)
        return std::nullopt;
    for (auto const& fault : *list->items()) {
        auto const* const code = fault.member("faultCode");
        auto const e = record_fault(
            book,
            asked_as(ids, text_of(fault, "id")),
            code == nullptr ? 0 : code->integer().value_or(0),
            text_of(fault, "faultString"),
            answer.request);
        if (e)
            return e;
    }
    return std::nullopt;
}

class xmlrpc_get final : public protocol {
public:
    std::string_view word() const noexcept override { return "xmlrpc"; }
    std::optional<std::size_t> cost_of_id() const noexcept override { return std::nullopt; }

    std::size_t batch(capabilities const& can) const noexcept override
    {
        return is_red_hat(can.version) ? 200 : 500;
    }

    request ask(place const& where, std::span<std::string const> ids) const override
    {
        xmlrpc::members params;
        params.emplace_back("ids", to_ids(ids));
        params.emplace_back("permissive", true);
        params.emplace_back("include_fields", fields());
        return rpc_call(where.root, "Bug.get", std::move(params), way_of(where));
    }

    bool tells_changes(capabilities const& can) const noexcept override
    {
        return at_least(can.version, {3, 6}); // before, which zone its times are in is unknown
    }
    request ask_changed(place const& where, std::span<std::string const> ids, utc_time since) const override
    {
        xmlrpc::members params;
        params.emplace_back("id", to_ids(ids));
        params.emplace_back("last_change_time", xmlrpc::to_date_time(since));
        params.emplace_back("limit", static_cast<std::int64_t>(ids.size()));
        params.emplace_back("include_fields", fields());
        return rpc_call(where.root, "Bug.search", std::move(params), way_of(where));
    }

    std::optional<error>
    read(place const& where, reply const& answer, std::span<std::string const> ids, ledger& book)
        const override
    {
        auto const in = read_rpc(answer);
        if (!in)
            return in.error();
        if (auto const* const fault = in->fault())
            return ids.size() == 1 ? record_fault(book, ids.front(), fault->code, fault->text, answer.request)
                                   : error_of(fault->code, fault->text, answer.request);
        auto const* const bugs = in->value()->member("bugs");
        if (bugs == nullptr || bugs->items() == nullptr)
            return unreadable(answer, "the XML-RPC response has no list of bugs");
        bool const in_utc = at_least(where.can.version, {3, 6});
        for (auto const& bug : *bugs->items())
            record(book, ids, text_of(bug, "id"), to_sighting(bug, in_utc), in->replaced);
        return read_faults(*in->value(), answer, ids, book);
    }
};

} // namespace

request rpc_call(web_url const& root, std::string_view method, xmlrpc::members params, std::string_view way)
{
    if (way == way::member)
        params.emplace_back("Bugzilla_api_key", std::string{secret_slot});
    if (way == way::password) {
        params.emplace_back("Bugzilla_login", std::string{user_slot});
        params.emplace_back("Bugzilla_password", std::string{secret_slot});
    }
    xmlrpc::array list;
    if (!params.empty())
        list.emplace_back(std::move(params));
    return request{
        .method = "POST",
        .url = join(root, "xmlrpc.cgi"),
        .headers{{"Content-Type", "text/xml"}, {"Accept", "text/xml"}},
        .body = xmlrpc::encode_call(method, list),
        .on_redirect = request::redirects::repost,
        .login = login_for(way)};
}

result<rpc_answer> read_rpc(reply const& answer)
{
    if (auto e = wire::expect(answer, {"text/xml", "application/xml"}))
        return std::move(*e);
    auto const decoded = wire::decode_text(answer.body, answer.header("Content-Type"));
    auto what = xmlrpc::decode_answer(decoded.text);
    if (!what)
        return unreadable(answer, what.error().message);
    return rpc_answer{.what = std::move(*what), .replaced = decoded.replaced};
}

protocol const& xmlrpc_protocol() noexcept
{
    static xmlrpc_get const only;
    return only;
}

} // namespace checkwatches::adapters::bugzilla
