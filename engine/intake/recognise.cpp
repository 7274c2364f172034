#include "engine/intake/recognise.hpp"

#include <algorithm>

namespace checkwatches::intake {
namespace {

std::string kind_list(adapters::registry const& kinds)
{
    std::string out;
    for (auto const& kind : kinds.all()) {
        if (!out.empty())
            out += ", ";
        out += kind->kind();
    }
    return out;
}

// The address without a slash, or "/-/issues", at its end.
web_url bare(web_url url)
{
    while (url.path.size() > 1 && url.path.ends_with('/'))
        url.path.pop_back();
    for (std::string_view const tail : {"/-/issues", "/issues"})
        if (url.path.ends_with(tail))
            url.path.resize(url.path.size() - tail.size());
    if (url.path.empty())
        url.path = "/";
    return url;
}

std::optional<web_url> with_other_scheme(web_url url)
{
    if (url.scheme == "http" && url.port == 80) {
        url.scheme = "https";
        url.port = 443;
        return url;
    }
    if (url.scheme == "https" && url.port == 443) {
        url.scheme = "http";
        url.port = 80;
        return url;
    }
    return std::nullopt;
}

} // namespace

result<std::vector<candidate>>
candidates(adapters::registry const& kinds, web_url const& url, std::string const& only_kind)
{
    if (!only_kind.empty() && kinds.find(only_kind) == nullptr)
        return error{
            .kind = error_kind::usage,
            .message = "there is no tracker kind \"" + only_kind + "\"; known are " + kind_list(kinds)};

    std::vector<candidate> out;
    for (auto const& kind : kinds.all()) {
        if (!only_kind.empty() && kind->kind() != only_kind)
            continue;
        auto bug = kind->recognise(url);
        if (!bug)
            continue;
        candidate one{.kind = kind.get(), .bug = std::move(*bug)};
        if (!kind->features().polled)
            return std::vector{std::move(one)};
        out.push_back(std::move(one));
    }
    if (!out.empty())
        return out;

    std::string shapes;
    for (auto const& kind : kinds.all())
        shapes += std::string{shapes.empty() ? "" : ", "} + std::string{kind->kind()} + " ("
                  + std::string{kind->features().addresses} + ")";
    return error{
        .kind = error_kind::usage,
        .message = redacted(url) + " has the shape of no known tracker's bug; known shapes are " + shapes};
}

std::vector<std::string> same_tracker(web_url const& base)
{
    std::vector<std::string> out{base.text()};
    if (base.host.empty()) // a link
        return out;
    auto const add = [&](web_url const& url) {
        if (auto text = url.text(); std::ranges::find(out, text) == out.end())
            out.push_back(std::move(text));
    };
    auto const add_paths = [&](web_url const& url) {
        web_url const plain = bare(url);
        add(plain);
        for (std::string_view const tail : {"/", "/-/issues", "/issues"}) {
            web_url longer = plain;
            longer.path = plain.path == "/" ? std::string{tail} : plain.path + std::string{tail};
            add(longer);
        }
    };
    add_paths(base);
    if (auto const other = with_other_scheme(base))
        add_paths(*other);
    return out;
}

std::optional<storage::tracker> find_tracker(storage::reader const& in, web_url const& base)
{
    for (auto const& spelling : same_tracker(base))
        if (auto found = in.tracker_by_url(spelling))
            return found;
    return std::nullopt;
}

result<std::optional<storage::bug_id>>
find_bug(storage::reader const& in, adapters::registry const& kinds, web_url const& url)
{
    auto const all = candidates(kinds, url, {});
    if (!all)
        return all.error();
    for (auto const& c : *all) {
        auto const tracker = find_tracker(in, c.bug.base);
        if (!tracker || tracker->kind != c.kind->kind())
            continue;
        if (auto const bug = in.find_bug(tracker->id, c.bug.remote_id))
            return std::optional{*bug};
    }
    return std::optional<storage::bug_id>{};
}

} // namespace checkwatches::intake
