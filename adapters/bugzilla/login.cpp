#include "adapters/bugzilla/login.hpp"

#include "adapters/bugzilla/fault.hpp"
#include "adapters/bugzilla/rest.hpp"
#include "adapters/bugzilla/rpc.hpp"

#include <fmt/format.h>

namespace checkwatches::adapters::bugzilla {
namespace {

// As long as a key, and nobody's.
constexpr std::string_view made_up_key = "checkwatchesasksifmadeupkeysareaccepted0";
constexpr std::string_view unnamed = "a user whom the tracker does not name";
constexpr std::string_view own_user = "the credential's user";

// What a question about us brought: an identity (proved), nothing (not proved), or the error that prevents an
// answer.
using answer_about_us = result<std::optional<std::string>>;

// The tracker as a whole does not answer now, so that nothing can be told.
bool is_out_of_order(error_kind kind)
{
    return kind == error_kind::maintenance || kind == error_kind::bot_wall
           || kind == error_kind::rate_limited;
}

// How a request that carries a key was received.
enum class reception { served, refused, neither };

reception received(error const& e)
{
    return e.kind == error_kind::auth_failed ? reception::refused : reception::neither;
}

class login_prover {
public:
    login_prover(remote& at, web_url root, std::string rest, std::string version)
        : at_{at},
          root_{std::move(root)},
          rest_{std::move(rest)},
          version_{std::move(version)}
    {}

    awaitable<result<proof>> run()
    {
        std::string tried;
        for (auto const w : ways()) {
            auto const identity = co_await try_way(w);
            if (!identity)
                co_return identity.error();
            if (*identity)
                co_return proof{.way = std::string{w}, .identity = **identity};
            tried += fmt::format("{}{}", tried.empty() ? "" : ", ", w);
        }
        co_return error{
            .kind = error_kind::auth_failed,
            .message = tried.empty()
                           ? fmt::format("Bugzilla {} offers no way to use this credential", version_)
                           : fmt::format("the credential was not accepted (tried: {})", tried)};
    }

private:
    // A key in the URL ends up in logs, so other places come first; what may be a password is tried as one
    // before that.
    std::vector<std::string_view> ways() const
    {
        std::vector<std::string_view> out;
        if (!rest_.empty())
            out = {way::header, way::bearer};
        bool const may_have_rpc = !is_mozilla(version_);
        if (at_.has_user() && may_have_rpc && at_least(version_, {3, 6}))
            out.push_back(way::password);
        if (!rest_.empty())
            out.push_back(way::query);
        if (may_have_rpc && at_least(version_, {5, 0}))
            out.push_back(way::member);
        return out;
    }

    awaitable<answer_about_us> try_way(std::string_view w)
    {
        if (w == way::password) {
            if (at_least(version_, {5, 0}))
                co_return co_await ask_valid_login(w);
            co_return co_await ask_login();
        }
        if (w == way::member) {
            if (at_.has_user()) {
                auto named = co_await ask_valid_login(w);
                if (!named || *named)
                    co_return named;
            }
            co_return co_await compare_by_rpc();
        }
        co_return co_await try_rest(w);
    }

    awaitable<answer_about_us> try_rest(std::string_view w)
    {
        if (has_whoami_) {
            auto named = co_await ask_whoami(w);
            if (!named || has_whoami_)
                co_return named;
        }
        auto known = co_await compare_by_rest(w);
        if (known && *known && at_.has_user() && !is_mozilla(version_)) {
            auto named = co_await ask_valid_login(way::member);
            if (named && *named)
                co_return named;
        }
        co_return known;
    }

    // GET rest/whoami → {"id":3,"name":"a@b.c",…}: bugzilla.mozilla.org, Red Hat's, 5.1.
    awaitable<answer_about_us> ask_whoami(std::string_view w)
    {
        auto const answer = co_await at_.ask(rest_get(root_, rest_ + "/whoami", w));
        if (!answer)
            co_return answer.error();
        auto const in = read_rest(*answer);
        if (!in && is_out_of_order(in.error().kind))
            co_return in.error();
        constexpr std::int64_t no_such_resource = 32614;
        auto const fault = in ? in->fault() : std::optional<std::int64_t>{};
        if (fault == no_such_resource || (!fault && answer->status == 404))
            has_whoami_ = false;
        if (!in || fault)
            co_return std::nullopt;
        auto name = wire::text_member(in->root, "name");
        if (name.empty())
            co_return std::nullopt;
        co_return std::optional{std::move(name)};
    }

    // A place that this server does not look at, it does not look at for a made-up key either.
    awaitable<answer_about_us> compare_by_rest(std::string_view w)
    {
        auto const relative = rest_ + "/bug?id=1&include_fields=id&limit=1";
        auto with_made_up = rest_get(root_, relative, {});
        auto const place = *login_for(w);
        if (place.place == login_place::where::query)
            with_made_up.url.query += fmt::format("&{}={}", place.name, made_up_key);
        else
            with_made_up.headers.emplace_back(place.name, place.prefix + std::string{made_up_key});
        auto const made_up = co_await reception_by_rest(std::move(with_made_up));
        if (!made_up)
            co_return made_up.error();
        if (*made_up != reception::refused)
            co_return std::nullopt;
        auto const ours = co_await reception_by_rest(rest_get(root_, relative, w));
        if (!ours)
            co_return ours.error();
        if (*ours != reception::served)
            co_return std::nullopt;
        co_return std::optional{std::string{unnamed}};
    }

    awaitable<result<reception>> reception_by_rest(request rq)
    {
        auto const answer = co_await at_.ask(std::move(rq));
        if (!answer)
            co_return answer.error();
        auto const in = read_rest(*answer);
        if (!in && is_out_of_order(in.error().kind))
            co_return in.error();
        if (!in)
            co_return received(in.error());
        if (auto const code = in->fault())
            co_return received(error_of(*code, in->message(), answer->request));
        co_return reception::served;
    }

    // User.valid_login, since 5.0: whether we are the user that the credential names.
    awaitable<answer_about_us> ask_valid_login(std::string_view w)
    {
        wire::xmlrpc::members params;
        params.emplace_back("login", std::string{user_slot});
        auto const answer = co_await call("User.valid_login", std::move(params), w);
        if (!answer)
            co_return answer.error();
        auto const* const value = *answer ? (*answer)->value() : nullptr;
        if (value == nullptr)
            co_return std::nullopt;
        auto const* const flag = std::get_if<bool>(&value->get());
        bool const yes = flag != nullptr ? *flag : value->integer() == 1;
        co_return yes ? std::optional{std::string{own_user}} : std::nullopt;
    }

    // User.login, 3.6 to 4.4 → {id: 3}. From 3.6 on every call takes user and password.
    awaitable<answer_about_us> ask_login()
    {
        wire::xmlrpc::members params;
        params.emplace_back("login", std::string{user_slot});
        params.emplace_back("password", std::string{secret_slot});
        auto const answer = co_await call("User.login", std::move(params), way::password);
        if (!answer)
            co_return answer.error();
        auto const* const value = *answer ? (*answer)->value() : nullptr;
        auto const* const id = value == nullptr ? nullptr : value->member("id");
        if (id == nullptr || id->as_text().empty() || id->as_text() == "0")
            co_return std::nullopt;
        co_return std::optional{"user " + id->as_text()};
    }

    awaitable<answer_about_us> compare_by_rpc()
    {
        auto params = first_bug();
        params.emplace_back("Bugzilla_api_key", std::string{made_up_key});
        auto const made_up = co_await reception_by_rpc(std::move(params), {});
        if (!made_up)
            co_return made_up.error();
        if (*made_up != reception::refused)
            co_return std::nullopt;
        auto const ours = co_await reception_by_rpc(first_bug(), way::member);
        if (!ours)
            co_return ours.error();
        if (*ours != reception::served)
            co_return std::nullopt;
        co_return std::optional{std::string{unnamed}};
    }

    awaitable<result<reception>> reception_by_rpc(wire::xmlrpc::members params, std::string_view w)
    {
        auto const answer = co_await call("Bug.get", std::move(params), w);
        if (!answer)
            co_return answer.error();
        if (!*answer)
            co_return reception::neither;
        if (auto const* const fault = (*answer)->fault())
            co_return received(error_of(fault->code, fault->text, {}));
        co_return reception::served;
    }

    static wire::xmlrpc::members first_bug()
    {
        wire::xmlrpc::members params;
        params.emplace_back("ids", wire::xmlrpc::array{1});
        params.emplace_back("permissive", true);
        params.emplace_back("include_fields", wire::xmlrpc::array{"id"});
        return params;
    }

    // The answer; nothing where it is none of XML-RPC.
    awaitable<result<std::optional<rpc_answer>>>
    call(std::string_view method, wire::xmlrpc::members params, std::string_view w)
    {
        auto const answer = co_await at_.ask(rpc_call(root_, method, std::move(params), w));
        if (!answer)
            co_return answer.error();
        auto in = read_rpc(*answer);
        if (!in && is_out_of_order(in.error().kind))
            co_return in.error();
        if (!in)
            co_return std::nullopt;
        co_return std::optional{std::move(*in)};
    }

    remote& at_;
    web_url root_;
    std::string rest_;
    std::string version_;
    bool has_whoami_ = true;
};

} // namespace

awaitable<result<proof>> prove_login(remote& at, web_url root, std::string rest, std::string version)
{
    login_prover prover{at, std::move(root), std::move(rest), std::move(version)};
    co_return co_await prover.run();
}

} // namespace checkwatches::adapters::bugzilla
