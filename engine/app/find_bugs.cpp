#include "engine/app/find_bugs.hpp"

namespace checkwatches::app {
namespace {

result<storage::bug_id>
find_bug(storage::reader const& in, adapters::registry const& kinds, std::string const& text)
{
    auto const url = parse_link(text);
    if (!url)
        return url.error();
    auto const bug = intake::find_bug(in, kinds, *url);
    if (!bug)
        return bug.error();
    if (*bug)
        return **bug;
    return error{
        .kind = error_kind::usage,
        .message = redacted(*url) + " is not watched; `checkwatches add " + redacted(*url) + "` watches it"};
}

} // namespace

result<std::vector<storage::bug_id>>
find_bugs(storage::reader const& in, adapters::registry const& kinds, std::vector<std::string> const& urls)
{
    std::vector<storage::bug_id> out;
    for (auto const& url : urls) {
        auto const bug = find_bug(in, kinds, url);
        if (!bug)
            return bug.error();
        out.push_back(*bug);
    }
    return out;
}

} // namespace checkwatches::app
