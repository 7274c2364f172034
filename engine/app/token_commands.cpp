#include "engine/app/commands.hpp"
#include "engine/app/table.hpp"
#include "engine/core/sha256.hpp"
#include "engine/serve/api/json_of.hpp"
#include "engine/serve/local_user.hpp"
#include "engine/serve/web/secrets.hpp"
#include "storage/reader.hpp"
#include "storage/store.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <fmt/format.h>

#include <string_view>
#include <unistd.h>

namespace checkwatches::app {
namespace {

namespace json = boost::json;

std::string_view word(storage::access_right right)
{
    return right == storage::access_right::operate ? "operate" : "read";
}

// A name stands in the log and in pages: a short word of plain characters.
result<void> check_name(std::string const& name)
{
    constexpr std::size_t longest = 64;
    constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.@";
    if (!name.empty() && name.size() <= longest && name.find_first_not_of(plain) == std::string::npos)
        return {};
    return error{
        .kind = error_kind::usage,
        .message = fmt::format(
            "a token's name has at most {} letters, digits, \"-\", \"_\", \".\" and \"@\"", longest)};
}

storage::change deed_of(std::string what)
{
    return {
        .at = utc_now(), .field = "token", .after = std::move(what), .actor = serve::local_user(::geteuid())};
}

} // namespace

exit_code run_token_add(global_options const& global, config const&, token_add_options const& options)
{
    if (auto const good = check_name(options.name); !good)
        return fail(good.error());
    auto const store = storage::store::open(global.database);
    if (!store)
        return fail(store.error());
    auto const token = serve::random_secret("cw_");
    auto const right = word(options.right);
    result<void> added;
    (*store)->in_transaction([&] {
        added = (*store)->add_token(
            {.name = options.name,
             .right = options.right,
             .hash = sha256_of(token),
             .created_at = utc_now()});
        if (added)
            (*store)->log_act(deed_of(fmt::format("{} may {}", options.name, right)));
    });
    if (!added)
        return fail(added.error());
    if (options.json)
        fmt::print(
            "{}\n",
            json::serialize(json::object{{"name", options.name}, {"right", right}, {"token", token}}));
    else
        fmt::print("{}\n", token);
    return exit_code::done;
}

exit_code run_token_list(global_options const& global, config const&, token_list_options const& options)
{
    auto const reader = storage::reader::open(global.database);
    if (!reader)
        return fail(reader.error());
    table shown{{"NAME", "RIGHT", "CREATED", "REVOKED"}};
    for (auto const& one : (*reader)->tokens()) {
        if (options.json)
            fmt::print(
                "{}\n",
                json::serialize(json::object{
                    {"name", one.name},
                    {"right", word(one.right)},
                    {"created_at", format_time(one.created_at)},
                    {"revoked_at", serve::time_or_null(one.revoked_at)}}));
        else
            shown.add(
                {one.name,
                 std::string{word(one.right)},
                 format_time(one.created_at),
                 one.revoked_at ? format_time(*one.revoked_at) : ""});
    }
    if (!options.json && shown.empty())
        fmt::print("There is no token; `checkwatches token add NAME` makes one.\n");
    else if (!options.json)
        fmt::print("{}", shown.text(terminal_width()));
    return exit_code::done;
}

exit_code run_token_revoke(global_options const& global, config const&, token_revoke_options const& options)
{
    auto const reader = storage::reader::open(global.database); // which makes none for asking
    if (!reader)
        return fail(reader.error());
    auto const store = storage::store::open(global.database);
    if (!store)
        return fail(store.error());
    bool revoked = false;
    (*store)->in_transaction([&] {
        revoked = (*store)->revoke_token(options.name, utc_now());
        if (revoked)
            (*store)->log_act(deed_of(options.name + " revoked"));
    });
    if (!revoked)
        return fail(
            {.kind = error_kind::usage,
             .message = fmt::format(
                 "there is no token \"{}\" to revoke; `checkwatches token list` names them", options.name)});
    fmt::print("{} is worth nothing any more\n", options.name);
    return exit_code::done;
}

} // namespace checkwatches::app
