#pragma once

#include "bench/mock/row_cache.hpp"
#include "bench/mock/site.hpp"
#include "bench/mock/xmlrpc_call.hpp"

#include <chrono>
#include <deque>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace checkwatches::mock {

// The parts of a mock Bugzilla: what its three protocols share, and one class for each.

// Why Bugzilla refuses, by its own number.
struct bugzilla_refusal {
    int code{};
    std::string message{};
};

// Who asks.
struct visitor {
    bool known = false;
    std::optional<bugzilla_refusal> refused{}; // a wrong key or password, in the right place
};

struct bugzilla_ground {
    site_ground site;
    bugzilla_flavour const& flavour;
    std::uint64_t answers = 0; // counted for cookies and the order of members

    // The key of a request that has `as_parameter` for one among its parameters: what the flavour looks at.
    std::string_view key_of(request const& rq, std::string_view as_parameter) const;
    // By the query and the headers of a REST request.
    visitor who(request const& rq) const;
    // By the values of a key, a login with password, and a token.
    visitor
    who(std::string_view key,
        std::string_view login,
        std::string_view password,
        std::string_view token) const;
    // The bug as this visitor may have it: 101 does not exist, 102 not for him, 100 no number and no alias.
    std::variant<bug const*, bugzilla_refusal> bug_for(visitor const& by, std::string_view id) const;

    // An answer with the headers every page has: those of `first` behind Server, a new cookie for anonymous
    // visitors, and those of `last` behind it.
    answer page(unsigned status, form first, std::string_view content_type, bool anonymous, form last = {});
    // Bugzilla's HTML in the place of what was asked.
    answer html(unsigned status, std::string_view title, std::string_view text = {});
    answer maintenance(bool long_page);
};

inline constexpr std::string_view login_needed = "You must log in before using this part of Bugzilla.";
// The token that a login gives (5.0 and later), and the cookie (before).
inline constexpr std::string_view good_token = "3-fz8RQmKuOsw2";
inline constexpr std::string_view good_logincookie = "hK7sWq2Lm9";

// A field of a bug as the web service has it.
struct moment {
    std::int64_t at;
};
struct person {
    std::string_view name;
};
using field_value = std::variant<
    std::monostate,
    std::int64_t,
    bool,
    std::string_view,
    moment,
    person,
    std::vector<std::string_view>>;

// The names of the fields asked for that exist, in an order that differs from bug to bug; all of them where
// none are asked for. `old`: only what Bugzilla 3.4 has.
std::vector<std::string_view> known_fields(std::span<std::string_view const> wanted, bool old, bool mozilla);
field_value value_of(bugzilla_ground const& at, bug const& b, std::string_view field);
// Where the members of bug `b` begin in the list of fields.
std::size_t first_member(bug const& b, std::size_t fields) noexcept;

class bugzilla_rest {
public:
    explicit bugzilla_rest(bugzilla_ground& ground) : ground_(ground) {}
    // `resource` is the path behind /rest or /rest.cgi.
    answer serve(request const& rq, std::string_view resource);

private:
    answer json(request const& rq, unsigned status, std::string body, std::uint64_t tag, bool anonymous);
    answer refuse(request const& rq, bugzilla_refusal const& why, bool anonymous = true);
    answer get(request const& rq, std::string_view id, visitor const& by);
    answer search(request const& rq, visitor const& by);
    answer comments(request const& rq, std::string_view id, visitor const& by);
    answer account(request const& rq, std::string_view resource, visitor const& by);
    std::optional<answer> limit_gets(request const& rq);
    void append_bug(
        std::string& out, bug const& b, std::span<std::string_view const> fields, std::string_view shape);
    std::vector<bug const*> found(request const& rq, visitor const& by) const;

    bugzilla_ground& ground_;
    row_cache rows_;
    std::deque<std::chrono::steady_clock::time_point> gets_; // of the last minute
    std::chrono::steady_clock::time_point blocked_until_{};
};

class bugzilla_xmlrpc {
public:
    explicit bugzilla_xmlrpc(bugzilla_ground& ground) : ground_(ground) {}
    answer serve(request const& rq);

private:
    struct reply;
    reply call(request const& rq);
    reply run(std::string_view method, rpc_value const& args, visitor const& by);
    visitor who(request const& rq, rpc_value const& args, bool logs_in) const;

    bugzilla_ground& ground_;
    row_cache rows_;
};

// buglist.cgi, show_bug.cgi and xml.cgi.
class bugzilla_web {
public:
    explicit bugzilla_web(bugzilla_ground& ground) : ground_(ground) {}
    answer buglist(request const& rq);
    answer show_bug(request const& rq);
    answer xml_cgi(request const& rq);

private:
    bool may_see(request const& rq, bug const& b) const;
    std::vector<bug const*> rows(request const& rq, form const& fields) const;
    answer csv(request const& rq, form const& fields);
    answer rdf(request const& rq, form const& fields);
    answer bug_page(request const& rq, std::string_view id);
    void append_xml_bug(std::string& out, bug const& b, std::span<std::string_view const> fields) const;

    bugzilla_ground& ground_;
    row_cache rows_;
};

} // namespace checkwatches::mock
