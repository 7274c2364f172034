#pragma once

#include "adapters/ledger.hpp"
#include "adapters/wire/xmlrpc.hpp"

namespace checkwatches::adapters::trac {

// Where a Trac's XML-RPC plugin is asked.
struct rpc_place {
    std::string path{};     // "xmlrpc" or "rpc", below the tracker's address
    bool logged_in = false; // below /login, with HTTP Basic: credentials sent anywhere else are ignored
};

// What a call came to: a value or a fault, and how much of it could not be decoded.
struct rpc_answer {
    wire::xmlrpc::answer what{};
    std::size_t replaced = 0;
    std::string request{}; // for errors
};

// Calls a method. An error where no XML-RPC answer came: by explain(), or of kind protocol_error.
awaitable<result<rpc_answer>>
call(remote& at, rpc_place const& place, std::string_view method, wire::xmlrpc::array const& params);

// What a fault means for the tracker as a whole.
error fault_error(wire::xmlrpc::fault const& why, std::string request);

// What a fault, or the failed part of a multicall, says about its ticket: not_found or forbidden, by code
// (404, 403) or by the words in which plugins without such codes tell it; nothing where it says neither.
std::optional<outcome> fault_outcome(std::int64_t code, std::string_view text);

// Looks at the open tickets of the book through the XML-RPC plugin: ticket.query leaves out what is hidden or
// missing, system.multicall reads the rest, and what is open then is read one by one, where a fault says why
// it cannot be. One hidden ticket makes the plugin answer 500 for a whole multicall: then the halves are
// asked.
awaitable<void> look_by_rpc(remote& at, rpc_place const& place, ledger& book);

// Calls those open tickets of the book unmodified that ticket.getRecentChanges does not name: it names all of
// the tracker's that changed at or after `since`, in one answer. Where that answers a fault or nonsense, they
// stay open. False where trouble ended it.
awaitable<bool> pass_over_unchanged(remote& at, rpc_place const& place, ledger& book, utc_time since);

// Looks at the open tickets of the book through Launchpad's plugin (launchpad.bug_info), which tells status
// and resolution. What it leaves out stays open; with `since` it leaves out what did not change then or
// later, which is unmodified. False where trouble ended it.
awaitable<bool>
look_by_launchpad_plugin(remote& at, ledger& book, std::optional<utc_time> since = std::nullopt);

} // namespace checkwatches::adapters::trac
