#pragma once

#include "engine/core/async.hpp"
#include "engine/core/capabilities.hpp"
#include "engine/core/comment.hpp"
#include "engine/core/error.hpp"
#include "engine/core/sighting.hpp"
#include "engine/core/time.hpp"
#include "engine/core/url.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace checkwatches::adapters {

// Where a request carries the tracker's credential. The engine puts the value in, and only towards the
// credential's own origin; an adapter never sees it.
struct login_place {
    enum class where {
        query,  // a query parameter `name`
        header, // a header `name`, the value behind `prefix`: {"Authorization", "Bearer "}
        basic,  // HTTP Basic, user and value
        body,   // `secret_slot` and `user_slot` in the body are replaced by value and user, escaped for a
                // form where Content-Type says so, for XML otherwise
    };
    where place{};
    std::string name{};
    std::string prefix{};
};
inline constexpr std::string_view secret_slot = "{{checkwatches:secret}}";
inline constexpr std::string_view user_slot = "{{checkwatches:user}}";

struct request {
    enum class redirects {
        follow,  // GET: followed; POST: 307 and 308 only
        repost,  // a POST is posted again on 301, 302 and 303 too (Bugzilla's search forms, XML-RPC)
        ignored, // the redirect is the answer
    };
    std::string method{"GET"};
    web_url url{};
    std::vector<std::pair<std::string, std::string>>
        headers{}; // without Host, User-Agent, Accept-Encoding, Cookie
    std::string body{};
    redirects on_redirect = redirects::follow;
    std::optional<login_place> login{};
    // The answer may be 304: all of it is as it was when the bugs of this look were last read. Only for a GET
    // whose answer speaks of bugs of the look and of nothing else.
    bool conditional = false;
};

// A complete answer of any HTTP status; what the status means is the adapter's to say
// (adapters/wire/page.hpp).
struct reply {
    unsigned status{};
    std::vector<std::pair<std::string, std::string>> headers{};
    std::string body{};    // without content coding; the characters are still the server's
    web_url url{};         // where it finally came from
    std::string request{}; // "GET https://host/path", credentials removed: for errors

    // The first header of this name, compared without case; empty where there is none.
    std::string_view header(std::string_view name) const noexcept;
};

// How an adapter asks its tracker: bound to one tracker, with its cookies and credential. Deadlines, budgets,
// connections and decoding are behind it.
class remote {
public:
    virtual ~remote() = default;

    // The tracker's address as people see it.
    virtual web_url const& base() const noexcept = 0;
    // The address of its API where that was given; otherwise the adapter knows or derives it.
    virtual std::optional<web_url> const& api() const noexcept = 0;
    // There is a credential for this tracker; has_user: with a user name.
    virtual bool has_credential() const noexcept = 0;
    virtual bool has_user() const noexcept = 0;

    // Asks. Any HTTP status is an answer (304 to a conditional request only), unless it speaks of too many
    // requests; what prevents an answer is an error of a tracker-failure kind.
    virtual awaitable<result<reply>> ask(request rq) = 0;
};

// A bug as a URL names it.
struct bug_ref {
    web_url base{};          // of its tracker
    std::string remote_id{}; // normalised where the id is one of this kind's, otherwise as it was written
};

// Why an id has no sighting.
struct absence {
    // not_found, forbidden, gone, moved, invalid_id, not_answered, unparsable; or unmodified, by a 304 or
    // where only changes were asked for
    outcome why{};
    std::string detail{}; // the tracker's own words, or where it moved to; may be empty
};

struct finding {
    std::string remote_id{};
    std::variant<sighting, absence> what{};
};

// What a look brought home. Each id of the look stands in `found` at most once, in the order asked. An id
// that is missing there was lost to `trouble`: it gets that outcome. (adapters/ledger.hpp keeps this
// straight.)
struct findings {
    std::vector<finding> found{};
    std::optional<error> trouble{};
};

// A question that a look may ask conditionally.
struct question {
    std::string url{};              // as web_url::text() writes it
    std::vector<std::string> ids{}; // of the look, whose sightings its answer is part of
};

// What a kind can do where a tracker of it allows all (what one does allow: capabilities). For people.
struct kind_features {
    std::string_view addresses{}; // of its bugs: "https://HOST/…/ticket/N"
    std::size_t batch = 1;        // how many ids one request takes at most
    bool changed_since = false;
    bool importance = false;
    bool comments = false;
    std::string_view login{}; // what proves who we are: "API key"; empty: it is asked anonymously only
    bool polled = true;       // false: its bugs are links for people, and never asked for
};

// One kind of bug tracker. An adapter speaks its protocol and nothing else: deadlines, retries, budgets, the
// values of credentials, the clock and storage belong to the engine. Adapters hold no state: one serves all
// trackers.
class adapter {
public:
    virtual ~adapter() = default;

    // "bugzilla": as in --kind and in the store.
    virtual std::string_view kind() const noexcept = 0;

    virtual kind_features features() const noexcept = 0;

    // The bug that the URL names, if its shape is one of this kind's. No I/O; another kind may share the
    // shape.
    virtual std::optional<bug_ref> recognise(web_url const& url) const = 0;

    // The one spelling of an id ("#42", "042" and "42" are one bug); nothing where no bug of this kind can
    // have it.
    virtual std::optional<std::string> normalise(std::string_view remote_id) const = 0;

    // The address at which people read the bug. For a malformed id too, so that it can be shown.
    virtual web_url bug_url(web_url const& base, std::string_view remote_id) const = 0;

    // Finds out whether the tracker is of this kind and what it can do. An error of kind unsupported: it
    // answers, and is not of this kind; other kinds: it could not be told.
    virtual awaitable<result<capabilities>> probe(remote& at) const = 0;

    // Looks at these bugs, at most can.batch of them, in as few requests as the protocol allows. The ids are
    // as recognise() or normalise() gave them; malformed ones are answered invalid_id without a request.
    virtual awaitable<findings>
    look(remote& at, capabilities const& can, std::span<std::string const> ids) const = 0;

    // Looks at these bugs, which were all seen before, and reads only what changed since the server's time
    // `since`; the others come back as an absence with outcome::unmodified. As with look() every id comes
    // back exactly once. Only where can.changed_since; where can.page is not 0, of more than can.batch ids
    // too.
    //
    // A bug is called unmodified only where the answer covers it: the request named it (or its whole
    // project), every page was read, and the answer is what was asked for. A bug that went missing or private
    // cannot be told from one without changes here, so that each must be read by look() at times. `since` is
    // the tracker's clock at an earlier look; how far its changes may lag behind that clock is the adapter's
    // to know.
    virtual awaitable<findings>
    look_changed(remote& at, capabilities const& can, std::span<std::string const> ids, utc_time since) const;

    // What look() would ask conditionally for these ids. An answer is of use for that only where it was part
    // of the last sighting of each of the question's ids. No I/O.
    virtual std::vector<question>
    conditional_questions(remote const& at, capabilities const& can, std::span<std::string const> ids) const;

    // Reads what was written about one bug at `since` or later (all of it where nothing), oldest first; the
    // report itself counts as the first. A comment that was hidden or taken back is left out. An error of
    // kind not_found or forbidden speaks of the bug, unsupported: this tracker (or kind) tells no comments.
    virtual awaitable<result<std::vector<comment>>> read_comments(
        remote& at,
        capabilities const& can,
        std::string const& remote_id,
        std::optional<utc_time> since) const;

    // The raw words in normal words; pure, so that it can be repeated over stored history.
    virtual verdict interpret(raw_words const& words) const = 0;
};

} // namespace checkwatches::adapters
