#pragma once

#include "adapters/bugzilla/place.hpp"
#include "adapters/ledger.hpp"

namespace checkwatches::adapters::bugzilla {

// One of the languages in which a Bugzilla can be asked: builds requests and reads answers, without I/O.
class protocol {
public:
    virtual ~protocol() = default;

    // As in capabilities::protocol.
    virtual std::string_view word() const noexcept = 0;

    // How many ids a look takes at most, at this place.
    virtual std::size_t batch(capabilities const& can) const noexcept = 0;

    // Bytes of the request line that an id takes beside its own; nothing where ids do not stand there.
    virtual std::optional<std::size_t> cost_of_id() const noexcept = 0;

    // Aliases can be asked, one at a time.
    virtual bool knows_aliases() const noexcept { return true; }

    // Of how many ids ask() asks conditionally at most; 0: never.
    virtual std::size_t most_conditional() const noexcept { return 0; }

    // Asks for these numbers at once, or for one alias.
    virtual request ask(place const& where, std::span<std::string const> ids) const = 0;
    // Records what the answer says. An error means that the answer as a whole is not what was asked for; ids
    // that it passes over stay open.
    virtual std::optional<error>
    read(place const& where, reply const& answer, std::span<std::string const> ids, ledger& book) const = 0;

    // It can be asked for those bugs alone that changed, as exactly as ask() asks for all of them.
    virtual bool tells_changes(capabilities const&) const noexcept { return false; }
    // Asks for those of these numbers that changed at or after `since`; read() reads the answer.
    virtual request ask_changed(place const& where, std::span<std::string const> ids, utc_time) const
    {
        return ask(where, ids);
    }

    // Asks for one id in the way that says why it has no bug. An error of kind unsupported from read_one():
    // this tracker has no such way.
    virtual request ask_one(place const& where, std::string const& id) const
    {
        return ask(where, std::span{&id, 1});
    }
    virtual std::optional<error>
    read_one(place const& where, reply const& answer, std::string const& id, ledger& book) const
    {
        return read(where, answer, std::span{&id, 1}, book);
    }
};

protocol const& rest_protocol() noexcept;       // "rest"
protocol const& rest_cgi_protocol() noexcept;   // "rest.cgi": the same without URL rewriting
protocol const& xmlrpc_protocol() noexcept;     // "xmlrpc"
protocol const& xml_protocol() noexcept;        // "xml": show_bug.cgi?ctype=xml
protocol const& csv_protocol() noexcept;        // "csv": buglist.cgi?ctype=csv
protocol const& rdf_protocol() noexcept;        // "rdf": buglist.cgi of versions before 2.20
protocol const& xml_cgi_protocol() noexcept;    // "xml.cgi": versions before 2.16
protocol const& issuezilla_protocol() noexcept; // "issuezilla"

// The protocol of this word; null for any other word.
protocol const* find_protocol(std::string_view word) noexcept;

} // namespace checkwatches::adapters::bugzilla
