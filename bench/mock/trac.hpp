#pragma once

#include "bench/mock/row_cache.hpp"
#include "bench/mock/site.hpp"
#include "bench/mock/xmlrpc_call.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace checkwatches::mock {

// The parts of a mock Trac: what its pages and its plugins share, the query module and the XML-RPC plugins.

// The cookie that /login gives.
inline constexpr std::string_view good_trac_auth = "5be0c37d42f1a8697d0e3b1f6c92a4d8";

struct trac_ground {
    site_ground site;
    trac_flavour const& flavour;
    std::uint64_t answers = 0; // counted for cookies

    // A visitor who has logged in.
    bool knows(request const& rq) const;
    // HTTP Basic with the right user and password; means something below /login only.
    static bool has_password(request const& rq);
    // An answer of tracd, with a new session for anonymous visitors.
    answer page(unsigned status, std::string_view content_type, bool anonymous);
    // Trac's page in the place of what was asked.
    answer html(unsigned status, std::string_view title);
};

// A ticket's field as text; times as Trac's pages show them.
std::string ticket_field(trac_ground const& at, bug const& b, std::string_view field);

// A query: TracQuery's constraints, order and page.
struct trac_query {
    std::vector<std::pair<std::int64_t, std::int64_t>> ids{}; // ranges, inclusive
    bool asks_ids = false;
    bool bad_ids = false;
    std::vector<std::pair<std::string, std::vector<std::string>>> constraints{};
    std::string order{"priority"};
    bool descending = false;
    std::optional<std::size_t> most{}; // max=; 0: all

    // Of a query's fields as a URL has them. Where no field is a constraint, Trac asks its default question:
    // all open tickets. `old`: of a version before 0.12, which knows no constraints on times.
    trac_query(form const& fields, bool old);

    std::vector<bug const*> run(trac_ground const& at, bool known) const;
};

class trac_web {
public:
    explicit trac_web(trac_ground& ground) : ground_(ground) {}
    // /query; CSV and tab-separated.
    answer query(request const& rq);
    // /ticket/N
    answer ticket(request const& rq, std::string_view id);

private:
    std::vector<std::string_view> chosen_columns(form const& fields, trac_query const& query) const;

    trac_ground& ground_;
    row_cache rows_;
};

// The XML-RPC plugin and Launchpad's.
class trac_rpc {
public:
    explicit trac_rpc(trac_ground& ground) : ground_(ground) {}
    // `authenticated`: the path was below /login.
    answer serve(request const& rq, bool authenticated);

private:
    struct outcome;
    outcome call(rpc_call const& what, bool known);
    outcome ticket_get(rpc_value const& id, bool known);
    outcome ticket_query(rpc_value const& text, bool known);
    outcome recent_changes(rpc_value const& since, bool known);
    outcome change_log(rpc_value const& id, bool known);
    outcome multicall(rpc_value const& calls, bool known);
    outcome launchpad_call(rpc_call const& what, bool known);
    outcome bug_info(rpc_value const& level, rpc_value const& criteria, bool known);
    outcome get_comments(rpc_value const& ids, bool known);

    trac_ground& ground_;
    row_cache rows_;
};

} // namespace checkwatches::mock
