#pragma once

#include "adapters/ledger.hpp"
#include "adapters/wire/soap.hpp"

namespace checkwatches::adapters::mantis {

// Where the SOAP API is, and as whom it is asked: each call carries a user name and a password. An API token
// does as a password, for the user whose it is.
struct soap_place {
    enum class who {
        anybody,    // both are empty: where the site lets anonymous visitors in
        credential, // user and value of the credential
        token,      // the credential is a token of `user`
    };
    web_url address{}; // "…/api/soap/mantisconnect.php"
    who as{};
    std::string user{};
};

// What a call came to.
struct soap_answer {
    wire::soap::answer what{};
    unsigned status = 200; // faults come with 200 and with 500
    std::size_t replaced = 0;
    std::string request{}; // for errors
};

// Calls a method with the login and, where `ids` is not empty, with one issue or (`list`) a list of them. An
// error where no SOAP came.
struct soap_call {
    std::string_view method{};
    bool logs_in = true;
    std::span<std::string const> ids{};
    bool list = false;
};
awaitable<result<soap_answer>> ask(remote& at, soap_place const& place, soap_call const& what);

// What a fault means: not_found or forbidden by its words, else protocol_error.
error fault_error(wire::soap::fault const& why, std::string request);

// How the open issues of the book are read: by mc_issues_get_header, which answers with the main fields of
// all that are there and to be seen, and passes the others over. Duplicates, whose originals it does not
// name, and what it passed over are asked one by one (mc_issue_get), at most 60 a look; what is beyond stays
// due. With `batch` false all of it is (before 1.3 there is nothing else).
awaitable<void> look_by_soap(remote& at, soap_place const& place, ledger& book, bool batch);

} // namespace checkwatches::adapters::mantis
