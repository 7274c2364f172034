#pragma once

#include "bench/mock/fault.hpp"
#include "engine/core/error.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace checkwatches::mock {

// Where a Bugzilla takes an API key. A key in another place is not refused: the request is anonymous.
enum class key_place {
    query,  // api_key= or Bugzilla_api_key= in the query, Bugzilla_api_key as a member of XML-RPC's struct
    header, // X-BUGZILLA-API-KEY
    bearer, // Authorization: Bearer
};

// How `alias` is sent: stock 5.x, mozilla, old.
enum class alias_form { list, text_or_null, text };

struct bugzilla_flavour {
    std::string version{"5.2"};
    bool rest = true;        // /rest and /rest.cgi
    bool rewrite = true;     // /rest works, not only /rest.cgi
    bool xmlrpc = true;      // xmlrpc.cgi
    bool web = true;         // buglist.cgi and show_bug.cgi?ctype=xml
    bool xml_cgi = false;    // xml.cgi answers itself, as versions before 2.18 do
    bool issuezilla = false; // … and its root is <issuezilla>
    bool whoami = false;     // /rest/whoami exists
    bool rate_limit = false; // bugzilla.mozilla.org's: get_limit anonymous GETs of one bug a minute
    bool require_login = false;
    bool maintenance = false;   // shutdownhtml: 503 everywhere
    bool capped = false;        // bugzilla.redhat.com's: 20 rows without `limit`, and 20 for anonymous users
    bool null_duplicate = true; // REST sends dupe_of: null; false leaves the member out
    bool utc_time = false;      // Bugzilla.time has web_time_utc
    bool etag = true;           // REST's answers have one, and If-None-Match is answered 304
    std::uint32_t get_limit = 75;
    std::uint32_t line_limit = 8190; // of the request line; 0: none
    key_place key = key_place::query;
    alias_form alias = alias_form::list;
    std::string words{"stock"}; // see words.hpp
};

struct trac_flavour {
    std::string version{"1.7.1.dev0"};
    bool labels = true;        // the CSV header has labels; false: lower-case names, "--" for no resolution
    bool severities = true;    // the tracker has severities
    bool query = true;         // there are queries; false: that component is disabled
    bool ticket_csv = true;    // /ticket/N?format=csv works; false: it is the page
    bool rpc = true;           // the XML-RPC plugin
    bool rpc_old = false;      // … an old one: faultCode 2 for everything, also inside a multicall
    bool rpc_anonymous = true; // anonymous users have XML_RPC
    bool launchpad = false;    // Launchpad's plugin
    bool require_login = false;
    std::uint32_t page = 0; // rows of a CSV without max=; 0: all (versions before 0.12: 100)
};

struct launchpad_flavour {
    bool size_link = true;   // total_size_link in the place of total_size on all pages but the last
    bool gzip_etag = false;  // the ETag ends in -gzip, as behind mod_deflate
    std::uint32_t page = 75; // ws.size where none is given
    std::string project{"gadget"};
    std::string distro{"frob"};
    std::string series{"quartz"};
};

// One mock tracker.
struct tracker_options {
    std::string name{};
    std::string kind{"bugzilla"}; // see kinds.hpp
    std::uint64_t seed = 1;
    int bugs = 100;
    std::chrono::milliseconds latency{};    // from the request to the first byte of its answer
    std::chrono::milliseconds jitter{};     // up to this is added, by the seed
    std::chrono::milliseconds drip{20};     // between the bytes of slow_drip
    std::chrono::milliseconds step_every{}; // one bug changes that often; 0: only on command
    std::chrono::milliseconds clock{};      // how far the tracker's clock is ahead of ours, at first
    std::uint32_t retry_after{};            // of 429 and 503; 0: what the kind sends
    fault_plan fault{};
    std::string away{"http://127.0.0.1:9"}; // where redirect_away leads
    bugzilla_flavour bugzilla{};
    trac_flavour trac{};
    launchpad_flavour launchpad{};
    std::map<std::string, std::string, std::less<>> own{}; // the other kinds' options, as given

    // One of those options; `otherwise` where it was not given.
    std::string_view option(std::string_view key, std::string_view otherwise) const noexcept;
};

// What every tracker takes as a login; see the flavours for where.
inline constexpr std::string_view good_user = "watcher@example.org";
inline constexpr std::string_view good_password = "open sesame & more";
inline constexpr std::string_view good_key = "Mq7Jx2Rt9WbVn4KsLp6Yd3HgFc8ZaE5uTiOoXr1B";

// Bugs that are the same in every tracker and that never change by themselves.
inline constexpr int private_bug = 13;   // hidden from anonymous users
inline constexpr int duplicate_bug = 20; // of duplicated_bug; in Trac only its resolution says so
inline constexpr int duplicated_bug = 10;
inline constexpr int alias_bug = 5; // Bugzilla: has the alias below
inline constexpr std::string_view alias_text = "CVE-2026-0001";
// Ids above `bugs` do not exist.

// Sets what a flavour of this name means. Bugzilla: a version number ("5.2", "5.0.6", "4.4.12", "3.4",
// "2.20", "2.10"), "issuezilla", "kde", "bmo", "rhbz". Trac: "1.7", "0.12", "0.10", "default" (no plugin, no
// severities), "plugin" (Launchpad's). Launchpad: "devel". The others: see their files. An error of kind
// usage for any other.
result<void> set_flavour(tracker_options& options, std::string_view flavour);
// Its parts; false where there is no such flavour.
bool set_bugzilla_flavour(tracker_options& options, std::string_view flavour);
bool set_launchpad_flavour(tracker_options& options, std::string_view flavour);
bool set_trac_flavour(tracker_options& options, std::string_view flavour);

// Reads "kind=bugzilla,name=kde,bugs=300,flavour=kde,latency=200,fault=stall,…": every member of the structs
// above by its name, times in milliseconds, switches as 0 and 1; fault_after and fault_lasts
// for the plan; and the options of its kind (kinds.hpp). `kind` comes first, `flavour` before what differs
// from it. An error of kind usage names the part that is wrong.
result<tracker_options> parse_tracker(std::string_view text);

} // namespace checkwatches::mock
