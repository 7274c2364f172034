#include "adapters/trac/probe.hpp"

#include "adapters/trac/rpc.hpp"
#include "adapters/trac/singles.hpp"
#include "adapters/trac/table.hpp"
#include "adapters/trac/web.hpp"
#include "adapters/trouble.hpp"
#include "adapters/wire/page.hpp"
#include "adapters/wire/text.hpp"

#include <algorithm>
#include <array>

namespace checkwatches::adapters::trac {
namespace {

// The plugin names all recent changes in one answer, and reads a hundred tickets in one call.
constexpr std::size_t every_change = 100'000;
constexpr double calls_of_a_ticket = 0.01;

// What Trac's own pages carry, in lower case.
constexpr std::array<std::string_view, 5> trac_marks{
    "trac.edgewall.org", "/css/trac.css", "id=\"tracpowered\"", "trac error", "invalid ticket number"};

bool looks_like_trac(reply const& answer)
{
    constexpr std::size_t looked_at = 64 * 1024;
    auto const page = wire::lower(std::string_view{answer.body}.substr(0, looked_at));
    auto const server = wire::lower(answer.header("Server"));
    return server.starts_with("tracd/") || std::ranges::any_of(trac_marks, [&](std::string_view mark) {
               return page.find(mark) != std::string::npos;
           });
}

// Trac's own server tells its version: "tracd/1.2.3 Python/3.9.2".
std::string server_version(reply const& answer)
{
    constexpr std::string_view name = "tracd/";
    auto server = answer.header("Server");
    if (!server.starts_with(name))
        return {};
    server.remove_prefix(name.size());
    return std::string{server.substr(0, std::min(server.find(' '), std::size_t{40}))};
}

capabilities can_do(std::string_view protocol, std::size_t batch)
{
    return capabilities{
        .protocol = std::string{protocol}, .batch = batch, .importance = protocol != by_launchpad_plugin};
}

std::string version_text(wire::xmlrpc::value const& v)
{
    std::string out;
    if (auto const* const parts = v.items())
        for (auto const& part : *parts)
            out += (out.empty() ? "" : ".") + part.as_text();
    return out;
}

class prober {
public:
    explicit prober(remote& at) : at_{at} {}
    awaitable<result<capabilities>> run();

private:
    // Each way: true where it is decided, in found_ or in failed_.
    awaitable<bool> enter();
    awaitable<bool> try_query();
    awaitable<bool> query_tells_changes();
    awaitable<bool> try_rpc(std::string_view path);
    awaitable<bool> try_launchpad_plugin();
    awaitable<bool> try_single();

    bool take(capabilities can)
    {
        if (logged_in_ || proved_by_basic_) {
            can.login = proved_by_basic_ ? by_basic : by_cookie;
            can.identity = "logged in"; // Trac names us nowhere but in its pages
        }
        if (can.version.empty())
            can.version = version_;
        found_ = std::move(can);
        return true;
    }
    bool fail(error why)
    {
        failed_ = std::move(why);
        return true;
    }
    // Notes why a way is closed; true where there is no use in trying others.
    bool refused(error why)
    {
        bool const is_shut = why.kind == error_kind::bot_wall; // other ways in may be open
        if (!is_shut && prevents_an_answer(why.kind))
            return fail(std::move(why));
        if (!first_refusal_)
            first_refusal_ = std::move(why);
        return false;
    }
    void note(reply const& answer)
    {
        is_trac_ = is_trac_ || looks_like_trac(answer);
        failing_ = failing_ || answer.status >= 500;
        if (version_.empty())
            version_ = server_version(answer);
    }
    error verdict_without_a_way() const;

    remote& at_;
    bool logged_in_ = false;       // the cookie was granted
    bool proved_by_basic_ = false; // a call below /login was answered
    bool is_trac_ = false;
    bool failing_ = false;
    std::string version_;
    bool speaks_rpc_ = false; // something answers at /xmlrpc, if only with a refusal
    std::optional<error> login_refusal_;
    std::optional<error> first_refusal_;
    std::optional<capabilities> found_;
    std::optional<error> failed_;
};

awaitable<result<capabilities>> prober::run()
{
    bool done = co_await enter();
    bool const pages = !login_refusal_; // the session reaches the pages
    if (!done && pages)
        done = co_await try_query();
    if (!done)
        done = co_await try_rpc(by_xmlrpc);
    if (!done && !speaks_rpc_)
        done = co_await try_rpc(by_rpc);
    if (!done && speaks_rpc_ && pages)
        done = co_await try_launchpad_plugin();
    if (!done && pages)
        co_await try_single(); // what it found is kept in found_
    if (found_)
        co_return std::move(*found_);
    if (failed_)
        co_return std::move(*failed_);
    co_return verdict_without_a_way();
}

awaitable<bool> prober::enter()
{
    if (!at_.has_credential())
        co_return false;
    auto login = co_await log_in(at_);
    logged_in_ = !login.refusal;
    if (logged_in_)
        co_return false;
    // A site with a login form grants no cookie for HTTP Basic, and may still take it on /login/xmlrpc.
    bool const elsewhere = login.undecided;
    if (!elsewhere)
        co_return fail(std::move(*login.refusal));
    login_refusal_ = std::move(login.refusal);
    co_return false;
}

awaitable<bool> prober::try_query()
{
    auto const answer = co_await at_.ask(query_request(at_.base(), "1"));
    if (!answer)
        co_return fail(answer.error());
    note(*answer);
    auto const rows = read_table(*answer);
    constexpr std::size_t tickets = 500;
    if (!rows)
        co_return refused(rows.error());
    auto can = can_do(by_query, tickets);
    can.importance = rows->cells.column("priority") || rows->cells.column("severity");
    can.changed_since = co_await query_tells_changes();
    co_return take(std::move(can));
}

// No ticket changes that far ahead: one that comes in spite of it shows that the constraint is not known.
// Where an answer was prevented, it is not held against the query, and everything is read in full.
awaitable<bool> prober::query_tells_changes()
{
    constexpr utc_time far_ahead = std::chrono::sys_days{std::chrono::year{2100} / 1 / 1};
    auto rq = changes_request(at_.base(), "1", far_ahead);
    auto const answer = co_await at_.ask(std::move(rq));
    if (!answer)
        co_return false;
    auto const rows = read_table(*answer);
    co_return rows.has_value() && rows->cells.rows() == 0;
}

awaitable<bool> prober::try_rpc(std::string_view path)
{
    rpc_place const place{.path = std::string{path}, .logged_in = at_.has_credential()};
    wire::xmlrpc::array const nothing;
    auto const answer = co_await call(at_, place, "system.getAPIVersion", nothing);
    constexpr std::size_t tickets = 300;
    if (!answer) {
        speaks_rpc_ = speaks_rpc_ || answer.error().kind == error_kind::auth_failed;
        co_return refused(answer.error());
    }
    speaks_rpc_ = true;
    proved_by_basic_ = place.logged_in;
    if (auto const* const version = std::get_if<wire::xmlrpc::value>(&answer->what)) {
        auto can = can_do(path, tickets);
        can.changed_since = true;
        can.comments = true;
        can.page = every_change;
        can.each = calls_of_a_ticket;
        can.version = "XML-RPC plugin " + version_text(*version);
        co_return take(std::move(can));
    }
    proved_by_basic_ = false;
    co_return refused(fault_error(std::get<wire::xmlrpc::fault>(answer->what), answer->request));
}

awaitable<bool> prober::try_launchpad_plugin()
{
    rpc_place const place{.path = std::string{by_xmlrpc}};
    wire::xmlrpc::array const nothing;
    auto const answer = co_await call(at_, place, "launchpad.bugtracker_version", nothing);
    if (!answer)
        co_return refused(answer.error());
    auto const* const version = std::get_if<wire::xmlrpc::value>(&answer->what);
    if (version == nullptr)
        co_return false;
    constexpr std::size_t tickets = 300;
    auto can = can_do(by_launchpad_plugin, tickets);
    can.changed_since = true;
    can.comments = true;
    if (auto const* const parts = version->items(); parts != nullptr && !parts->empty())
        can.version = parts->front().as_text();
    co_return take(std::move(can));
}

awaitable<bool> prober::try_single()
{
    auto const answer = co_await at_.ask(ticket_request(at_.base(), "1"));
    if (!answer)
        co_return fail(answer.error());
    note(*answer);
    auto const row = read_table(*answer);
    // Ticket 1 may be gone while others are there.
    constexpr std::size_t tickets = 20;
    if (row || (is_trac_ && row.error().kind == error_kind::not_found)) {
        auto can = can_do(singly, tickets);
        can.each = 1;
        co_return take(std::move(can));
    }
    co_return refused(row.error());
}

error prober::verdict_without_a_way() const
{
    if (login_refusal_)
        return *login_refusal_;
    auto why = *first_refusal_;
    if (why.kind == error_kind::bot_wall || why.kind == error_kind::auth_failed)
        return why;
    if (is_trac_ || speaks_rpc_ || failing_ || why.kind == error_kind::forbidden)
        return tracker_trouble(std::move(why));
    return no_such_kind("Trac", "the ticket query " + why.message, why.request);
}

} // namespace

awaitable<result<capabilities>> probe(remote& at)
{
    prober p{at};
    co_return co_await p.run();
}

} // namespace checkwatches::adapters::trac
