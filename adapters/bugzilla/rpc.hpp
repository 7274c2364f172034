#pragma once

#include "adapters/adapter.hpp"
#include "adapters/wire/xmlrpc.hpp"

namespace checkwatches::adapters::bugzilla {

// A call of xmlrpc.cgi with one struct, or without parameters where `params` is empty. In the ways "member"
// and "password" the credential's slots join the struct.
request
rpc_call(web_url const& root, std::string_view method, wire::xmlrpc::members params, std::string_view way);

struct rpc_answer {
    wire::xmlrpc::answer what{};
    std::size_t replaced = 0; // characters that could not be decoded

    wire::xmlrpc::fault const* fault() const noexcept { return std::get_if<wire::xmlrpc::fault>(&what); }
    wire::xmlrpc::value const* value() const noexcept { return std::get_if<wire::xmlrpc::value>(&what); }
};

// Reads the answer; what is no XML is explained by its status and shape.
result<rpc_answer> read_rpc(reply const& answer);

} // namespace checkwatches::adapters::bugzilla
