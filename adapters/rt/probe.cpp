#include "adapters/rt/probe.hpp"

#include "adapters/rt/rest1.hpp"
#include "adapters/rt/rest2.hpp"
#include "adapters/trouble.hpp"
#include "adapters/wire/text.hpp"

namespace checkwatches::adapters::rt {
namespace {

constexpr unsigned ok = 200;
constexpr unsigned bad_request = 400; // of an old RT, to the names of the fields
constexpr unsigned unauthorized = 401;
constexpr unsigned internal_error = 500; // and above

capabilities can_do(std::string_view protocol, std::string_view login)
{
    constexpr std::size_t tickets_of_a_form = 200;
    constexpr std::size_t rows_of_a_page = 100;
    bool const rest1 = protocol == by_rest1;
    capabilities out{
        .protocol = std::string{protocol},
        .batch = rest1 ? tickets_of_a_form : rows_of_a_page,
        .changed_since = rest1,
        .importance = true,
        .comments = true};
    out.identity = login.empty() ? "" : "the credential's user"; // nothing at RT names us
    if (login == as_guest)
        out.identity = as_guest; // no credential of ours goes there, so that none can come or go
    else
        out.login = login;
    return out;
}

class prober {
public:
    explicit prober(remote& at) : at_{at} {}

    awaitable<result<capabilities>> run()
    {
        std::string const guest{as_guest};
        std::string login;
        if (at_.has_credential())
            login = at_.has_user() ? by_password : by_token;
        bool decided = co_await try_rest1(login);
        if (!decided && login.empty() && is_rt_)
            decided = co_await try_rest1(guest);
        if (!decided)
            decided = co_await try_rest2(login);
        if (!decided)
            co_return verdict_without_a_way();
        if (failed_)
            co_return *failed_;
        co_return found_;
    }

private:
    // Each way: true where it is decided, in found_ or in failed_.
    awaitable<bool> try_rest1(std::string login)
    {
        std::vector<std::string> const first{"1"};
        auto const form = show_form(first);
        auto const answer = co_await at_.ask(rest1_post(at_, "show", form, login));
        if (!answer)
            co_return fail(answer.error());
        failing_ = failing_ || answer->status >= internal_error;
        auto const in = read_rest1(*answer);
        if (!in)
            co_return refused(in.error());
        is_rt_ = true;
        if (in->status == unauthorized) {
            login_refusal_ = rest1_error(*in);
            co_return false;
        }
        if (in->status != ok && in->status != bad_request)
            co_return fail(rest1_error(*in));
        found_ = can_do(by_rest1, login);
        found_.version = in->version;
        co_return true;
    }

    awaitable<bool> try_rest2(std::string login)
    {
        auto const answer = co_await at_.ask(rest2_get(at_, "rt", login));
        if (!answer)
            co_return fail(answer.error());
        failing_ = failing_ || answer->status >= internal_error;
        auto const in = read_rest2(*answer);
        if (!in && answer->status == unauthorized && speaks_like_rest2(*answer)) {
            is_rt_ = true;
            login_refusal_ = in.error();
            co_return false;
        }
        if (!in)
            co_return refused(in.error());
        auto const version = wire::text_member(in->root, "Version");
        if (version.empty() || login.empty())
            co_return false;
        found_ = can_do(by_rest2, login);
        found_.version = version;
        co_return true;
    }

    // RT's own 401: {"message":"Unauthorized"}, or "Authorization required" as plain text.
    static bool speaks_like_rest2(reply const& answer)
    {
        auto const type = wire::media_type(answer.header("Content-Type"));
        auto const text = wire::trimmed(answer.body);
        return (type == "application/json" && text == R"({"message":"Unauthorized"})")
               || (type == "text/plain" && text == "Authorization required");
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
        if (!first_refusal_)
            first_refusal_ = std::move(why);
        return false;
    }

    error verdict_without_a_way() const
    {
        if (login_refusal_) {
            auto why = *login_refusal_;
            why.kind = error_kind::auth_failed;
            if (!at_.has_credential())
                why.message = "this RT shows nothing without a login: " + why.message;
            return why;
        }
        auto why = first_refusal_.value_or(error{
            .kind = error_kind::protocol_error, .message = "answered neither for REST 1.0 nor for REST 2.0"});
        if (is_rt_ || failing_ || why.kind == error_kind::forbidden || why.kind == error_kind::auth_failed)
            return tracker_trouble(std::move(why));
        return no_such_kind("Request Tracker", "its REST 1.0 " + why.message, why.request);
    }

    remote& at_;
    capabilities found_;
    std::optional<error> failed_;
    std::optional<error> first_refusal_;
    std::optional<error> login_refusal_;
    bool is_rt_ = false;
    bool failing_ = false; // so that it cannot be told whose the answers are
};

} // namespace

std::string login_of(capabilities const& can)
{
    return can.login.empty() && can.identity == as_guest ? std::string{as_guest} : can.login;
}

awaitable<result<capabilities>> probe(remote& at)
{
    prober p{at};
    co_return co_await p.run();
}

} // namespace checkwatches::adapters::rt
