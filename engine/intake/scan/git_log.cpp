#include "engine/intake/scan/git_log.hpp"

#include "engine/intake/scan/trailers.hpp"

#include <fmt/format.h>

#include <array>
#include <git2.h>
#include <memory>
#include <utility>

namespace checkwatches::intake::scan {
namespace {

constexpr std::size_t longest_message = 64 * 1024;
// Clocks of committers differ: so many in a row that are too old end the log.
constexpr std::size_t most_old = 1000;

// The library's own state, from the first use of it on.
class library {
public:
    library() { ::git_libgit2_init(); }
    library(library const&) = delete;
    ~library() { ::git_libgit2_shutdown(); }
};

template <class T, void (*Free)(T*)>
struct freed {
    void operator()(T* one) const { Free(one); }
};
template <class T, void (*Free)(T*)>
using owned = std::unique_ptr<T, freed<T, Free>>;

std::string reason()
{
    auto const* const last = ::git_error_last();
    return last == nullptr ? "it is no repository of git" : last->message;
}

std::string id_text(git_oid const& id)
{
    std::array<char, GIT_OID_HEXSZ + 1> text{};
    ::git_oid_tostr(text.data(), text.size(), &id);
    return text.data();
}

} // namespace

std::string read_git_log(
    std::string const& root,
    git_log_settings const& settings,
    short_ids const& shorts,
    bug_addresses& bugs,
    std::vector<commit_link>& into)
{
    static library const in_use;
    git_repository* opened = nullptr;
    if (::git_repository_open(&opened, root.c_str()) != 0)
        return reason();
    owned<git_repository, ::git_repository_free> const repository{opened};
    if (::git_repository_head_unborn(opened) == 1)
        return {};
    git_revwalk* walk = nullptr;
    if (::git_revwalk_new(&walk, opened) != 0)
        return reason();
    owned<git_revwalk, ::git_revwalk_free> const walking{walk};
    ::git_revwalk_sorting(walk, GIT_SORT_TIME);
    if (::git_revwalk_push_head(walk) != 0)
        return reason();

    text_links found;
    std::size_t old = 0;
    git_oid id{};
    for (std::size_t seen = 0;; ++seen) {
        auto const next = ::git_revwalk_next(&id, walk);
        if (next == GIT_ITEROVER)
            return {};
        if (next != 0)
            return reason();
        if (seen == settings.most_commits)
            return fmt::format("it has more commits: the newest {} were read", settings.most_commits);
        git_commit* read = nullptr;
        if (::git_commit_lookup(&read, opened, &id) != 0)
            return reason();
        owned<git_commit, ::git_commit_free> const commit{read};
        utc_time const at{std::chrono::seconds{::git_commit_time(read)}};
        if (settings.since && at < *settings.since) {
            if (++old == most_old)
                return {};
            continue;
        }
        old = 0;
        auto const* const message = ::git_commit_message(read);
        if (message == nullptr)
            continue;
        found.clear();
        find_in_message(
            std::string_view{message}.substr(0, longest_message), settings.of_debian, shorts, bugs, found);
        for (auto& link : found)
            into.push_back({.what = std::move(link), .commit = id_text(id)});
    }
}

} // namespace checkwatches::intake::scan
