#pragma once

#include "engine/intake/recognise.hpp"
#include "engine/net/client.hpp"
#include "engine/remote/bound_remote.hpp"
#include "storage/store.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace checkwatches::intake {

// Watches to add: a URL and what it is watched for.
struct wanted_watch {
    std::string url{};
    storage::watch what{};
};

// What became of a wanted watch.
struct added_watch {
    std::string url{}; // as it was given
    storage::tracker tracker{};
    std::string remote_id{};
    bool new_tracker = false;
    bool new_bug = false;
    bool new_watch = false;
    bool malformed_id = false; // no bug of this kind can have the id: each check will say invalid_id
};

struct intake_settings {
    std::string only_kind{}; // --kind
    bool probe = true;       // --no-probe
    std::vector<credential> credentials{};
    std::chrono::seconds capabilities_last{std::chrono::days{7}};
};

// Takes watches in: recognises URLs, finds or proves their trackers, and registers what is new. Looks at the
// database through `read` and changes it through `write`, both blocking: it is run by commands, not on a busy
// loop.
class intake {
public:
    intake(
        storage::reader const& read,
        storage::store& write,
        adapters::registry const& kinds,
        net::client& over,
        intake_settings settings);

    // One result for each wanted watch, in order; an error says what is wrong with that one, and the others
    // are added all the same. Trackers that are not known yet are probed all at once, each once.
    awaitable<std::vector<result<added_watch>>> add(std::vector<wanted_watch> wanted);

    // Registers a tracker at an address that its bugs' URLs do not give away. Probes it unless told not to.
    // Errors: usage (taken, bad URL, no such kind), or what the probe said.
    awaitable<result<storage::tracker>>
    add_tracker(std::string kind, std::string base_url, std::optional<std::string> api_url, std::string name);

private:
    // A tracker that was not known when the work began, and what its probes said.
    struct newcomer {
        std::vector<candidate> tried{};
        std::optional<candidate> proven{};
        std::optional<capabilities> can{};
        std::string refusals{}; // "bugzilla: unsupported: …; trac: …"
    };
    using newcomers = std::map<std::string, newcomer>; // by kinds and base URL

    newcomers unknown_trackers(std::vector<wanted_watch> const& wanted) const;
    awaitable<void> prove(newcomer& one);
    void assume(newcomer& one) const;
    result<added_watch>
    add_one(wanted_watch const& want, newcomers const& fresh, std::set<storage::bug_id>& made);
    result<storage::tracker> register_tracker(
        adapters::adapter const& kind,
        web_url const& base,
        std::optional<std::string> const& api_url,
        std::string name,
        std::optional<capabilities> const& can);
    std::string free_name(web_url const& base) const;

    storage::reader const& read_;
    storage::store& write_;
    adapters::registry const& kinds_;
    net::client& over_;
    intake_settings settings_;
};

} // namespace checkwatches::intake
