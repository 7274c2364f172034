#include "adapters/redmine/ask.hpp"

#include <fmt/format.h>

namespace checkwatches::adapters::redmine {

std::string_view login_of(remote const& at)
{
    if (!at.has_credential())
        return {};
    return at.has_user() ? by_basic : by_key;
}

request get(remote const& at, std::string_view relative, std::string_view login)
{
    request rq{.url = join(at.api().value_or(at.base()), relative)};
    rq.headers.emplace_back("Accept", "application/json");
    if (login == by_basic)
        rq.login = login_place{.place = login_place::where::basic};
    else if (login == by_key)
        rq.login = login_place{.place = login_place::where::header, .name = "X-Redmine-API-Key"};
    return rq;
}

request
list_request(remote const& at, std::string_view login, std::string_view ids, std::optional<utc_time> since)
{
    auto relative = fmt::format(
        "issues.json?issue_id={}&status_id=*&include=relations&sort=id&limit=100", ids);
    if (since)
        relative += "&updated_on=" + percent_encode(">=" + format_time(*since));
    return get(at, relative, login);
}

} // namespace checkwatches::adapters::redmine
