#include "adapters/bugzilla/words.hpp"

#include "adapters/bugzilla/fault.hpp"
#include "adapters/wire/text.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace checkwatches::adapters::bugzilla {
namespace {

using status_word = std::pair<std::string_view, status>;
using importance_word = std::pair<std::string_view, importance>;

// Statuses that say it all, whatever the resolution.
constexpr std::array statuses{
    status_word{"UNCONFIRMED", status::new_},
    status_word{"REPORTED", status::new_}, // KDE
    status_word{"NEW", status::confirmed},
    status_word{"REOPENED", status::confirmed},
    status_word{"UPSTREAM", status::confirmed},
    status_word{"DEFERRED", status::confirmed},
    status_word{"CONFIRMED", status::confirmed},
    status_word{"ASSIGNED", status::in_progress},
    status_word{"ON_DEV", status::in_progress},
    status_word{"FAILS_QA", status::in_progress},
    status_word{"STARTED", status::in_progress},
    status_word{"IN_PROGRESS", status::in_progress},
    status_word{"POST", status::in_progress}, // Red Hat: a patch is posted
    status_word{"NEEDINFO", status::incomplete},
    status_word{"NEEDINFO_REPORTER", status::incomplete},
    status_word{"NEEDSINFO", status::incomplete},
    status_word{"WAITING", status::incomplete},
    status_word{"SUSPENDED", status::incomplete},
    status_word{"PLEASETEST", status::incomplete},
    status_word{"PENDINGUPLOAD", status::fix_committed},
    status_word{"MODIFIED", status::fix_committed},
    status_word{"RELEASE_PENDING", status::fix_committed},
    status_word{"ON_QA", status::fix_committed},
    status_word{"REJECTED", status::invalid},
};

// What RESOLVED, VERIFIED and CLOSED mean.
constexpr std::array resolutions{
    status_word{"FIXED", status::fix_released},
    status_word{"CODE_FIX", status::fix_released},
    status_word{"CURRENTRELEASE", status::fix_released},
    status_word{"ERRATA", status::fix_released},
    status_word{"NEXTRELEASE", status::fix_released},
    status_word{"PATCH_ALREADY_AVAILABLE", status::fix_released},
    status_word{"RAWHIDE", status::fix_released},
    status_word{"DOCUMENTED", status::fix_released},
    status_word{"WONTFIX", status::wont_fix},
    status_word{"WILL_NOT_FIX", status::wont_fix},
    status_word{"INTENTIONAL", status::wont_fix}, // KDE, in the place of WONTFIX
    status_word{"UNMAINTAINED", status::wont_fix},
    status_word{"DOWNSTREAM", status::wont_fix},
    status_word{"NOTOURBUG", status::wont_fix},
    status_word{"UPSTREAM", status::wont_fix},
    status_word{"EOL", status::wont_fix},
    status_word{"DEFERRED", status::wont_fix},
    status_word{"MOVED", status::wont_fix},
    status_word{"LATER", status::wont_fix},
    status_word{"REMIND", status::wont_fix},
    status_word{"OBSOLETE", status::expired},
    status_word{"INSUFFICIENT_DATA", status::expired},
    status_word{"INCOMPLETE", status::expired},
    status_word{"EXPIRED", status::expired},
    status_word{"INACTIVE", status::expired},
    status_word{"INVALID", status::invalid},
    status_word{"WORKSFORME", status::invalid},
    status_word{"NOTABUG", status::invalid},
    status_word{"NOT A BUG", status::invalid}, // KDE, in the place of INVALID
    status_word{"CANTFIX", status::invalid},
    status_word{"UNREPRODUCIBLE", status::invalid},
    status_word{"DUPLICATE", status::invalid},
};

constexpr std::array<std::string_view, 3> closed{"RESOLVED", "VERIFIED", "CLOSED"};

// Severities and priorities; their words do not collide.
constexpr std::array importances{
    importance_word{"blocker", importance::critical},
    importance_word{"critical", importance::critical},
    importance_word{"immediate", importance::critical},
    importance_word{"urgent", importance::critical},
    importance_word{"highest", importance::critical},
    importance_word{"vhi", importance::critical}, // KDE
    importance_word{"s1", importance::critical},  // Mozilla
    importance_word{"p1", importance::critical},
    importance_word{"crash", importance::high},
    importance_word{"grave", importance::high},
    importance_word{"major", importance::high},
    importance_word{"high", importance::high},
    importance_word{"hi", importance::high},
    importance_word{"s2", importance::high},
    importance_word{"p2", importance::high},
    importance_word{"normal", importance::medium},
    importance_word{"nor", importance::medium},
    importance_word{"medium", importance::medium},
    importance_word{"s3", importance::medium},
    importance_word{"p3", importance::medium},
    importance_word{"minor", importance::low},
    importance_word{"low", importance::low},
    importance_word{"trivial", importance::low},
    importance_word{"lowest", importance::low},
    importance_word{"lo", importance::low},
    importance_word{"vlo", importance::low},
    importance_word{"s4", importance::low},
    importance_word{"p4", importance::low},
    importance_word{"p5", importance::low},
    importance_word{"enhancement", importance::wishlist},
    importance_word{"wishlist", importance::wishlist},
    importance_word{"unspecified", importance::undecided},
    importance_word{"---", importance::undecided},
    importance_word{"--", importance::undecided},
    importance_word{"n/a", importance::undecided},
};

// The value of `word` in a table; nothing where it has none.
template <class Table>
auto look_up(Table const& table, std::string_view word)
{
    auto const found = std::ranges::find_if(table, [&](auto const& entry) {
        return entry.first.size() == word.size() && wire::same_word(entry.first, word);
    });
    return found == table.end() ? std::nullopt : std::optional{found->second};
}

std::optional<status> status_of(std::string_view word, std::string_view resolution)
{
    if (auto const known = look_up(statuses, word))
        return known;
    bool const is_closed = std::ranges::any_of(
        closed, [&](std::string_view one) { return wire::same_word(one, word); });
    if (!is_closed)
        return std::nullopt;
    // Red Hat's VERIFIED is still open: tested, not yet shipped.
    if (resolution.empty() && wire::same_word(word, "VERIFIED"))
        return status::fix_committed;
    return look_up(resolutions, resolution);
}

void weigh(raw_words const& words, verdict& out)
{
    auto weight = importance::unknown;
    for (auto const* const field : {&words.severity, &words.priority}) {
        auto const word = wire::trimmed(*field);
        if (word.empty())
            continue;
        auto const known = look_up(importances, word);
        if (!known) {
            out.unmapped.push_back({.field = "importance", .word = std::string{word}});
            return;
        }
        weight = *known;
        if (weight != importance::undecided)
            break;
    }
    // Mozilla's enhancements have lost that severity to a field of its own.
    bool const open = weight == importance::undecided || weight == importance::unknown;
    if (open && wire::same_word(words.type, "enhancement"))
        weight = importance::wishlist;
    out.weight = weight;
}

} // namespace

verdict interpret(raw_words const& words)
{
    verdict out;
    auto const word = wire::trimmed(words.status);
    auto const resolution = resolution_of(words.resolution);
    out.state = status_of(word, resolution);
    if (!out.state) {
        auto pair = remote_status({.status = std::string{word}, .resolution = std::string{resolution}});
        if (!pair.empty())
            out.unmapped.push_back({.field = "status", .word = std::move(pair)});
    }
    weigh(words, out);
    return out;
}

} // namespace checkwatches::adapters::bugzilla
