#include "adapters/mantis/probe.hpp"

#include "adapters/mantis/export.hpp"
#include "adapters/mantis/singles.hpp"
#include "adapters/mantis/web.hpp"
#include "adapters/trouble.hpp"
#include "adapters/wire/text.hpp"

namespace checkwatches::adapters::mantis {
namespace {

namespace soap = wire::soap;

constexpr std::string_view soap_script = "mantisconnect.php";
std::string const first_issue = "1";

bool is_soap_address(web_url const& url)
{
    return url.path.ends_with(soap_script);
}

web_url soap_address(remote const& at)
{
    if (at.api() && is_soap_address(*at.api()))
        return *at.api();
    return join(at.base(), "api/soap/" + std::string{soap_script});
}

bool has_rest_address(remote const& at)
{
    return at.api() && !is_soap_address(*at.api());
}

web_url rest_root(remote const& at, std::string_view protocol)
{
    if (has_rest_address(at))
        return *at.api();
    return join(at.base(), protocol == by_rewritten_rest ? "api/rest" : "api/rest/index.php");
}

capabilities can_do(std::string_view protocol, std::size_t batch, double each)
{
    return capabilities{.protocol = std::string{protocol}, .batch = batch, .each = each, .importance = true};
}

class prober {
public:
    explicit prober(remote& at) : at_{at} {}
    awaitable<result<capabilities>> run();

private:
    // Each way: true where it is decided, in found_ or in failed_.
    awaitable<bool> meet_soap();
    awaitable<bool> try_soap(soap_place place);
    awaitable<bool> try_soap_singly(soap_place const& place);
    awaitable<bool> try_rest(std::string_view protocol);
    awaitable<bool> try_token_with_soap(std::string_view user, std::string_view protocol);
    awaitable<bool> try_export();
    awaitable<bool> try_page();
    awaitable<std::string> name_of_user(soap_place const& place);

    bool take(capabilities can, std::string_view login = {}, std::string identity = {})
    {
        can.login = login;
        can.identity = std::move(identity);
        can.version = version_;
        found_ = std::move(can);
        return true;
    }
    bool fail(error why)
    {
        failed_ = std::move(why);
        return true;
    }
    // Notes why a way is closed; true where there is no use in trying others.
    bool refused(error why)
    {
        if (prevents_an_answer(why.kind))
            return fail(std::move(why));
        if (!refusal_ || (is_mantis_ && why.kind == error_kind::auth_failed))
            refusal_ = std::move(why);
        return false;
    }
    error verdict_without_a_way() const;

    remote& at_;
    bool is_mantis_ = false;
    bool speaks_soap_ = false;
    bool failing_ = false;
    std::string version_;
    std::optional<error> refusal_;
    std::optional<capabilities> found_;
    std::optional<error> failed_;
};

awaitable<result<capabilities>> prober::run()
{
    bool done = co_await meet_soap();
    bool const named = at_.has_user();
    if (!done && speaks_soap_ && (named || !at_.has_credential())) {
        soap_place const place{
            .address = soap_address(at_),
            .as = named ? soap_place::who::credential : soap_place::who::anybody};
        done = co_await try_soap(place);
    }
    if (!done)
        done = co_await try_rest(by_rest);
    if (!done && !has_rest_address(at_))
        done = co_await try_rest(by_rewritten_rest);
    if (!done && !at_.has_credential())
        done = co_await try_export();
    if (!done && !at_.has_credential())
        co_await try_page(); // what it found is kept in found_
    if (found_)
        co_return std::move(*found_);
    if (failed_)
        co_return std::move(*failed_);
    co_return verdict_without_a_way();
}

awaitable<bool> prober::meet_soap()
{
    soap_place const place{.address = soap_address(at_)};
    soap_call const call{.method = "mc_version", .logs_in = false};
    auto const answer = co_await ask(at_, place, call);
    if (!answer)
        co_return refused(answer.error());
    auto const* const got = std::get_if<soap::response>(&answer->what);
    speaks_soap_ = got != nullptr && got->name == "mc_versionResponse";
    if (speaks_soap_) {
        is_mantis_ = true;
        version_ = shortened(got->result.text);
    }
    co_return false;
}

awaitable<bool> prober::try_soap(soap_place place)
{
    soap_call const call{.method = "mc_issues_get_header", .ids = {&first_issue, 1}, .list = true};
    auto const answer = co_await ask(at_, place, call);
    if (!answer)
        co_return refused(answer.error());
    if (auto const* const no = std::get_if<soap::fault>(&answer->what)) {
        auto why = tracker_trouble(fault_error(*no, answer->request));
        bool const unknown = why.kind == error_kind::protocol_error;
        if (unknown)
            co_return co_await try_soap_singly(place);
        co_return refused(std::move(why));
    }
    constexpr std::size_t issues = 200;
    constexpr double passed_over = 0.05; // and duplicates
    auto can = can_do(by_soap, issues, passed_over);
    if (place.as == soap_place::who::anybody)
        co_return take(std::move(can));
    if (place.as == soap_place::who::token)
        co_return take(std::move(can), by_token, place.user);
    auto user = co_await name_of_user(place);
    co_return take(std::move(can), by_user, std::move(user));
}

awaitable<bool> prober::try_soap_singly(soap_place const& place)
{
    soap_call const call{.method = "mc_issue_get", .ids = {&first_issue, 1}};
    auto const answer = co_await ask(at_, place, call);
    if (!answer)
        co_return refused(answer.error());
    if (auto const* const no = std::get_if<soap::fault>(&answer->what)) {
        auto why = fault_error(*no, answer->request);
        bool const missing = why.kind == error_kind::not_found;
        if (!missing)
            co_return refused(tracker_trouble(std::move(why)));
    }
    auto can = can_do(by_soap_singly, most_singles, 1);
    if (place.as == soap_place::who::anybody)
        co_return take(std::move(can));
    auto user = co_await name_of_user(place);
    co_return take(std::move(can), by_user, std::move(user));
}

// A call was answered with this login, so that it is good, whether or not the name is told.
awaitable<std::string> prober::name_of_user(soap_place const& place)
{
    soap_call const call{.method = "mc_login"};
    auto const answer = co_await ask(at_, place, call);
    std::string name{"logged in"};
    if (!answer)
        co_return name;
    auto const* const got = std::get_if<soap::response>(&answer->what);
    auto const* const account = got == nullptr ? nullptr : got->result.child("account_data");
    auto const* const told = account == nullptr ? nullptr : account->child("name");
    if (told != nullptr && !told->text.empty())
        name = shortened(told->text);
    co_return name;
}

awaitable<bool> prober::try_rest(std::string_view protocol)
{
    rest_place const place{.root = rest_root(at_, protocol), .logged_in = at_.has_credential()};
    auto const answer = co_await at_.ask(list_request(place));
    if (!answer)
        co_return fail(answer.error());
    failing_ = failing_ || answer->status >= 500;
    if (auto why = refusal_of(*answer))
        co_return refused(tracker_trouble(std::move(*why)));
    if (answer->header("X-Mantis-Version").empty() && answer->header("X-Mantis-Username").empty()) {
        error other{.kind = error_kind::protocol_error, .request = answer->request};
        other.message = "answered in JSON, and not as Mantis";
        co_return refused(std::move(other));
    }
    is_mantis_ = true;
    if (version_.empty())
        version_ = shortened(answer->header("X-Mantis-Version"));
    if (!place.logged_in)
        co_return take(can_do(protocol, most_singles, 1));
    if (!took_token(*answer)) {
        error no{.kind = error_kind::auth_failed, .request = answer->request};
        no.message = "the API token is not taken";
        co_return fail(std::move(no));
    }
    std::string const user{answer->header("X-Mantis-Username")};
    co_return co_await try_token_with_soap(user, protocol);
}

awaitable<bool> prober::try_token_with_soap(std::string_view user, std::string_view protocol)
{
    if (speaks_soap_ && !user.empty()) {
        soap_place const place{
            .address = soap_address(at_), .as = soap_place::who::token, .user = std::string{user}};
        bool const done = co_await try_soap(place);
        if (done && found_ && found_->protocol == by_soap)
            co_return true;
        failed_.reset();
        found_.reset();
    }
    co_return take(
        can_do(protocol, most_singles, 1), by_token, user.empty() ? "logged in" : std::string{user});
}

awaitable<bool> prober::try_export()
{
    ledger nothing{{}};
    auto why = co_await look_by_export(at_, nothing);
    if (why)
        co_return refused(std::move(*why));
    is_mantis_ = true;
    constexpr std::size_t issues = 500;
    constexpr double missing = 0.1;
    co_return take(can_do(by_export, issues, missing));
}

awaitable<bool> prober::try_page()
{
    auto const answer = co_await at_.ask(page_request(at_.base(), first_issue));
    if (!answer)
        co_return fail(answer.error());
    failing_ = failing_ || answer->status >= 500;
    is_mantis_ = is_mantis_ || looks_like_mantis(*answer);
    auto const seen = read_page(*answer, first_issue);
    bool const shown = seen.has_value() || seen.error().kind == error_kind::not_found;
    if (is_mantis_ && shown)
        co_return take(can_do(by_pages, most_singles, 1));
    if (seen.has_value())
        co_return false;
    co_return refused(tracker_trouble(seen.error()));
}

error prober::verdict_without_a_way() const
{
    auto why = refusal_.value_or(
        error{.kind = error_kind::unsupported, .message = "answers neither by SOAP nor by REST"});
    if (why.kind == error_kind::auth_failed && is_mantis_)
        return why;
    if (is_mantis_ || failing_)
        return tracker_trouble(std::move(why));
    return no_such_kind("MantisBT", "it " + why.message, why.request);
}

} // namespace

rest_place rest_place_of(remote const& at, capabilities const& can)
{
    return {.root = rest_root(at, can.protocol), .logged_in = !can.login.empty()};
}

soap_place soap_place_of(remote const& at, capabilities const& can)
{
    soap_place out{.address = soap_address(at)};
    if (can.login == by_user)
        out.as = soap_place::who::credential;
    else if (can.login == by_token) {
        out.as = soap_place::who::token;
        out.user = can.identity;
    }
    return out;
}

awaitable<result<capabilities>> probe(remote& at)
{
    prober p{at};
    co_return co_await p.run();
}

} // namespace checkwatches::adapters::mantis
