#include "engine/feed/amqp_settings.hpp"
#include "engine/feed/fedora_message.hpp"
#include "tests/fuzz/claim.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <string>

using namespace checkwatches;
using namespace checkwatches::feed;
using checkwatches::fuzz::claim;

namespace {

namespace json = boost::json;

// Texts are UTF-8 by the time that they come to a message; asked of somebody else's code.
bool is_utf8(std::string const& text)
{
    error_code wrong;
    json::parse(json::serialize(json::string{text}), wrong);
    return !wrong;
}

// A change that has `said` wherever a tracker, or somebody who watches, has a say.
event change_that_says(std::string const& said)
{
    event e{.uuid = uuid_of("0", event_kind::change, 1)};
    auto& c = e.change.emplace();
    c.what = {.id = 1, .field = "status", .before = said, .after = said, .remote_before = said};
    c.tracker = said;
    c.remote_id = said;
    e.title = said;
    e.watches = {
        {.label = said, .source = "typed", .owner = said}, {.label = "curl", .source = "typed", .owner = ""}};
    return e;
}

void tell(std::string const& said)
{
    auto const message = make_message(change_that_says(said), {.prefix = "a.b"}, utc_time{});
    auto const line = line_of(message);
    claim(line.find('\n') == line.size() - 1, "a message is one line");
    error_code wrong;
    auto const all = json::parse(line, wrong);
    claim(!wrong, "the line is JSON");
    auto const& headers = all.at("headers").as_object();
    auto const& old = all.at("body").at("old").as_string();
    claim(std::string_view{old.data(), old.size()} == said, "the body says what was said");
    claim(headers.contains("fedora_messaging_rpm_curl"), "a package is a header");
    for (auto const& name : message.filters)
        claim(name.size() <= 255 && headers.contains(name), "a header to choose by fits, and is there");
}

} // namespace

// What a tracker says, the prefix of topics, or the address of a broker.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    std::string const text{fuzz::as_text(data, size)};
    if (is_utf8(text))
        tell(text);
    if (auto const prefix = read_topic_prefix(text)) {
        claim(prefix->size() <= 232, "every topic fits");
        claim(!prefix->ends_with('.') && prefix->find("..") == std::string::npos, "no word is empty");
    }
    if (auto const at = parse_amqp_address(text)) {
        claim(!at->host.empty() && at->port != 0 && !at->vhost.empty(), "the address is whole");
        claim(
            at->text().find('@') == std::string::npos || at->vhost.find('@') != std::string::npos
                || at->host.find('@') != std::string::npos,
            "the user is not shown");
    }
    return 0;
}
