#include "adapters/bugzilla/probe.hpp"

#include "adapters/bugzilla/fault.hpp"
#include "adapters/bugzilla/login.hpp"
#include "adapters/bugzilla/rest.hpp"
#include "adapters/bugzilla/rpc.hpp"
#include "adapters/bugzilla/xml.hpp"
#include "adapters/trouble.hpp"
#include "adapters/wire/csv.hpp"
#include "adapters/wire/page.hpp"
#include "adapters/wire/text.hpp"

#include <fmt/format.h>

namespace checkwatches::adapters::bugzilla {
namespace {

class prober {
public:
    explicit prober(remote& at) : at_{at}, root_{root_of(at)} {}

    awaitable<result<capabilities>> run()
    {
        auto failure = co_await find_out();
        if (failure)
            co_return std::move(*failure);
        if (how_ == nullptr)
            co_return doubt_.value_or(error{
                .kind = error_kind::unsupported,
                .message = fmt::format("{} answers, and not as a Bugzilla", root_.text())});
        auto can = describe();
        if (!at_.has_credential())
            co_return can;
        co_return co_await prove(std::move(can));
    }

private:
    // Sets how_ and version_; an error is one that ends the probe.
    awaitable<std::optional<error>> find_out()
    {
        auto failure = co_await ask_rest(rest_protocol());
        if (!settled(failure))
            failure = co_await ask_rest(rest_cgi_protocol());
        if (!settled(failure))
            failure = co_await ask_xmlrpc();
        if (!settled(failure))
            failure = co_await ask_root("show_bug.cgi?ctype=xml&id=1&field=bug_id", false);
        if (!settled(failure))
            failure = co_await ask_root("xml.cgi?id=1", true);
        if (!settled(failure))
            failure = co_await ask_csv();
        co_return failure;
    }

    bool settled(std::optional<error> const& failure) const { return failure || how_ != nullptr; }

    void found(protocol const& how, std::string version)
    {
        how_ = &how;
        version_ = std::move(version);
    }

    // Sorts what came in the place of an expected answer: an error that ends the probe is returned; one that
    // leaves open what this is, is remembered; anything else tells that this door does not exist.
    std::optional<error> weigh(error e, unsigned status)
    {
        switch (e.kind) {
        case error_kind::bot_wall:
        case error_kind::maintenance:
        case error_kind::rate_limited: return e;
        default: break;
        }
        bool const open = e.kind == error_kind::auth_failed || e.kind == error_kind::forbidden
                          || status >= 500;
        if (open && !doubt_)
            doubt_ = tracker_trouble(std::move(e));
        return std::nullopt;
    }

    awaitable<std::optional<error>> ask_rest(protocol const& how)
    {
        auto const relative = fmt::format("{}/version", how.word());
        auto const answer = co_await at_.ask(rest_get(root_, relative, {}));
        if (!answer)
            co_return answer.error();
        auto const in = read_rest(*answer);
        if (!in)
            co_return weigh(in.error(), answer->status);
        if (auto const code = in->fault())
            co_return weigh(error_of(*code, in->message(), answer->request), answer->status);
        auto version = wire::text_member(in->root, "version");
        if (!version.empty())
            found(how, std::move(version));
        co_return std::nullopt;
    }

    awaitable<std::optional<error>> ask_xmlrpc()
    {
        auto const answer = co_await at_.ask(rpc_call(root_, "Bugzilla.version", {}, {}));
        if (!answer)
            co_return answer.error();
        auto const in = read_rpc(*answer);
        if (!in)
            co_return weigh(in.error(), answer->status);
        if (auto const* const fault = in->fault())
            co_return weigh(error_of(fault->code, fault->text, answer->request), answer->status);
        auto const* const version = in->value()->member("version"); // very old ones answer with an array
        if (version != nullptr && at_least(version->as_text(), {3, 4}))
            found(xmlrpc_protocol(), version->as_text());
        co_return std::nullopt;
    }

    awaitable<std::optional<error>> ask_root(std::string_view relative, bool old)
    {
        auto const answer = co_await at_.ask(get(root_, relative, {}));
        if (!answer)
            co_return answer.error();
        auto const root = read_root(*answer);
        if (!root)
            co_return weigh(root.error(), answer->status);
        if (root->name == "issuezilla")
            found(issuezilla_protocol(), root->version);
        else if (root->name == "bugzilla")
            found(old ? old_protocol(root->version) : xml_protocol(), root->version);
        co_return std::nullopt;
    }

    // For a Bugzilla that has xml.cgi and no show_bug.cgi?ctype=xml.
    static protocol const& old_protocol(std::string_view version)
    {
        if (at_least(version, {2, 20}))
            return csv_protocol();
        return at_least(version, {2, 16}) ? rdf_protocol() : xml_cgi_protocol();
    }

    // The last resort: sites that have closed everything but their lists.
    awaitable<std::optional<error>> ask_csv()
    {
        auto const relative = "buglist.cgi?ctype=csv&bug_id=1&columnlist=bug_id,bug_status&limit=1";
        auto const answer = co_await at_.ask(get(root_, relative, {}));
        if (!answer)
            co_return answer.error();
        if (auto e = wire::expect(*answer, {"text/csv"}))
            co_return weigh(std::move(*e), answer->status);
        auto const text = wire::decode_text(answer->body, answer->header("Content-Type")).text;
        auto const table = wire::csv_table::parse(text);
        if (table && table->column("bug_id") && table->column("bug_status"))
            found(csv_protocol(), {});
        co_return std::nullopt;
    }

    bool has_rest() const { return how_ == &rest_protocol() || how_ == &rest_cgi_protocol(); }

    capabilities describe() const
    {
        bool const has_api = has_rest() || how_ == &xmlrpc_protocol();
        capabilities can{
            .protocol = std::string{how_->word()},
            .version = version_,
            .importance = true,
            .comments = has_api};
        can.batch = how_->batch(can);
        can.changed_since = how_->tells_changes(can);
        return can;
    }

    awaitable<result<capabilities>> prove(capabilities can)
    {
        if (!has_rest() && how_ != &xmlrpc_protocol())
            co_return error{
                .kind = error_kind::auth_failed,
                .message = fmt::format(
                    "this Bugzilla {} can only be read by \"{}\", which takes no credential",
                    version_,
                    can.protocol)};
        std::string rest;
        if (has_rest())
            rest = can.protocol;
        auto const proved = co_await prove_login(at_, root_, rest, version_);
        if (!proved)
            co_return proved.error();
        can.login = proved->way;
        can.identity = proved->identity;
        if (login_for(can.login)->place == login_place::where::body)
            can.protocol = xmlrpc_protocol().word();
        auto const& how = *find_protocol(can.protocol);
        can.batch = how.batch(can);
        can.changed_since = how.tells_changes(can);
        co_return can;
    }

    remote& at_;
    web_url root_;
    protocol const* how_ = nullptr;
    std::string version_;
    std::optional<error> doubt_; // what left open whether this is a Bugzilla
};

} // namespace

awaitable<result<capabilities>> probe(remote& at)
{
    prober one{at};
    co_return co_await one.run();
}

} // namespace checkwatches::adapters::bugzilla
