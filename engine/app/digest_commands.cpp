#include "engine/app/commands.hpp"
#include "engine/app/digest_host.hpp"
#include "engine/app/digest_preview.hpp"
#include "engine/app/health.hpp"
#include "engine/app/known_kinds.hpp"
#include "engine/app/table.hpp"
#include "engine/core/numbers.hpp"
#include "engine/core/span.hpp"
#include "engine/feed/digest/test_letter.hpp"
#include "engine/serve/api/json_of.hpp"
#include "engine/serve/local_user.hpp"
#include "storage/digest_records.hpp"
#include "storage/reader.hpp"
#include "storage/store.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <unistd.h>

namespace checkwatches::app {
namespace {

namespace json = boost::json;

constexpr std::int64_t most_letters = 10'000;
constexpr std::chrono::days mutes_are_kept{90};

std::optional<utc_time> muted_until(storage::reader const& in, std::string const& digest, utc_time now)
{
    for (auto const& m : in.mutes(digest))
        if (now >= m.from && now < m.until)
            return m.until;
    return std::nullopt;
}

struct standing {
    std::size_t open = 0;
    std::size_t errors = 0;
    std::size_t letters = 0;
    std::size_t parked = 0;
    std::optional<utc_time> muted{};
    std::string trouble{};
};

standing standing_of(storage::reader const& in, std::string const& digest)
{
    standing out{.muted = muted_until(in, digest, utc_now())};
    if (auto const state = in.digest(digest)) {
        out.open = state->topics.size();
        out.errors = static_cast<std::size_t>(
            std::ranges::count(state->troubles, true, &storage::digest_trouble::told));
    }
    auto letters = letters_of(in, digest);
    out.letters = letters.waiting;
    out.parked = letters.parked;
    out.trouble = std::move(letters.trouble);
    return out;
}

void print_letter(storage::digest_letter const& letter, std::string_view state, bool as_json)
{
    if (as_json) {
        fmt::print(
            "{}\n",
            json::serialize(json::object{
                {"state", state},
                {"kind", letter.kind},
                {"about", letter.topic},
                {"at", format_time(letter.at)},
                {"message_id", letter.message_id},
                {"subject", letter.subject},
                {"text", letter.text}}));
        return;
    }
    fmt::print("Subject: {}\nState: {}\n\n{}\n", one_line(letter.subject), state, letter.text);
}

// A time, or a span from now on.
result<utc_time> end_of(std::string const& text, utc_time now)
{
    auto until = parse_time(text);
    if (auto const span = parse_span(text))
        until = now + *span;
    if (until && *until > now)
        return *until;
    return error{
        .kind = error_kind::usage,
        .message = fmt::format(
            "--until wants a time to come, such as 2026-11-22T08:00:00Z, or a span such as 8h; \"{}\" is "
            "none",
            text)};
}

// What the caller did to a digest, for the log.
storage::change deed_of(std::string what)
{
    return {
        .at = utc_now(),
        .field = "digest",
        .after = std::move(what),
        .actor = serve::local_user(::geteuid())};
}

} // namespace

exit_code
run_digest_list(global_options const& global, config const& conf, digest_list_options const& options)
{
    auto const reader = storage::reader::open(global.database);
    if (!reader)
        return fail(reader.error());
    table shown{{"NAME", "BY", "OPEN", "ERRORS", "LETTERS", "PARKED", "MUTED UNTIL", "TROUBLE"}};
    for (auto const& one : conf.digests.all) {
        auto const now = standing_of(**reader, one.name);
        if (options.json)
            fmt::print(
                "{}\n",
                json::serialize(json::object{
                    {"name", one.name},
                    {"by", feed::word(one.by)},
                    {"to", json::array(one.to.begin(), one.to.end())},
                    {"open", now.open},
                    {"errors", now.errors},
                    {"letters", now.letters},
                    {"parked", now.parked},
                    {"muted_until", serve::time_or_null(now.muted)},
                    {"trouble", now.trouble}}));
        else
            shown.add(
                {one.name,
                 std::string{feed::word(one.by)},
                 std::to_string(now.open),
                 std::to_string(now.errors),
                 std::to_string(now.letters),
                 std::to_string(now.parked),
                 now.muted ? format_time(*now.muted) : "",
                 now.trouble});
    }
    if (!options.json && shown.empty())
        fmt::print("There is no digest; the configuration's [[digest]] makes one.\n");
    else if (!options.json)
        fmt::print("{}", shown.text(terminal_width()));
    return exit_code::done;
}

exit_code
run_digest_preview(global_options const& global, config const& conf, digest_preview_options const& options)
{
    auto const digest = digest_named(conf.digests, options.name);
    if (!digest)
        return fail(digest.error());
    auto const reader = storage::reader::open(global.database);
    if (!reader)
        return fail(reader.error());
    auto const kinds = load_kinds(conf);
    auto const style = letter_style_of(conf, (*reader)->store_id());
    auto const waiting = (*reader)->letters(digest->name, false, most_letters);
    auto const parked = (*reader)->letters(digest->name, true, most_letters);
    auto const now = preview_letters(**reader, *digest, style, kinds.all);
    for (auto const& letter : parked)
        print_letter(letter, "parked", options.json);
    for (auto const& letter : waiting)
        print_letter(letter, "waiting", options.json);
    for (auto const& letter : now)
        print_letter(letter, "gathered", options.json);
    if (!options.json && parked.empty() && waiting.empty() && now.empty())
        fmt::print("There is nothing to tell.\n");
    return exit_code::done;
}

exit_code run_digest_test(global_options const&, config const& conf, digest_test_options const& options)
{
    auto const digest = digest_named(conf.digests, options.name);
    if (!digest)
        return fail(digest.error());
    auto const letter = feed::test_letter(*digest, letter_style_of(conf, ""), utc_now());
    feed::send_limit const none;
    auto const sent = make_mailer(conf)->send(feed::compose(letter, *digest, conf.digests.mail->head), none);
    if (sent.trouble)
        return fail({.kind = error_kind::storage, .message = to_string(*sent.trouble)});
    fmt::print("handed over, for {}\n", fmt::join(digest->to, ", "));
    if (!sent.note.empty())
        fmt::print(stderr, "checkwatches: but: {}\n", one_line(sent.note));
    return sent.note.empty() ? exit_code::done : exit_code::some_failed;
}

exit_code
run_digest_mute(global_options const& global, config const& conf, digest_mute_options const& options)
{
    auto const digest = digest_named(conf.digests, options.name);
    if (!digest)
        return fail(digest.error());
    auto const now = utc_now();
    auto const until = end_of(options.until, now);
    if (!until)
        return fail(until.error());
    auto const store = storage::store::open(global.database);
    if (!store)
        return fail(store.error());
    auto const actor = serve::local_user(::geteuid());
    (*store)->in_transaction([&] {
        (*store)->mute_digest(
            digest->name, {.from = now, .until = *until, .actor = actor}, now - mutes_are_kept);
        (*store)->log_act(deed_of(fmt::format("mute {} until {}", digest->name, format_time(*until))));
    });
    fmt::print("{} is silent until {}\n", digest->name, format_time(*until));
    return exit_code::done;
}

exit_code
run_digest_unmute(global_options const& global, config const& conf, digest_unmute_options const& options)
{
    auto const digest = digest_named(conf.digests, options.name);
    if (!digest)
        return fail(digest.error());
    auto const store = storage::store::open(global.database);
    if (!store)
        return fail(store.error());
    bool was = false;
    (*store)->in_transaction([&] {
        was = (*store)->unmute_digest(digest->name, utc_now());
        if (was)
            (*store)->log_act(deed_of("unmute " + digest->name));
    });
    fmt::print("{} {}\n", digest->name, was ? "tells again what happens from now on" : "was not muted");
    return exit_code::done;
}

exit_code
run_digest_retry(global_options const& global, config const& conf, digest_retry_options const& options)
{
    auto const digest = digest_named(conf.digests, options.name);
    if (!digest)
        return fail(digest.error());
    auto const store = storage::store::open(global.database);
    if (!store)
        return fail(store.error());
    std::int64_t n = 0;
    (*store)->in_transaction([&] {
        n = (*store)->unpark_letters(digest->name);
        if (n != 0)
            (*store)->log_act(deed_of("retry " + digest->name));
    });
    fmt::print("{} to be tried again\n", counted(n, "letter"));
    return exit_code::done;
}

} // namespace checkwatches::app
