#include "engine/feed/amqp_settings.hpp"
#include "engine/feed/digest/mail_message.hpp"
#include "engine/feed/digest/maintenance.hpp"
#include "engine/feed/fedora_message.hpp"
#include "engine/feed/webhook_signature.hpp"
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

void read_window(std::string const& text)
{
    auto const window = parse_window(text);
    if (!window) {
        claim(!window.error().message.empty(), "an error says what is wrong");
        return;
    }
    claim(window->from.has_value() == window->until.has_value(), "a window has both ends, or returns");
    if (window->from)
        claim(
            window->holds(*window->from) && !window->holds(*window->until),
            "a window holds its beginning, and not its end");
    else
        claim(
            window->lasts > std::chrono::minutes{0} && window->lasts <= std::chrono::days{1}
                && window->begins >= std::chrono::minutes{0} && window->begins < std::chrono::days{1},
            "a window that returns is in a day");
}

void read_address(std::string const& text)
{
    auto const at = parse_address(text);
    if (!at)
        return;
    auto const is_plain = [](std::string const& word) {
        return word.find_first_of(std::string_view{"\r\n\0", 3}) == std::string::npos;
    };
    claim(is_plain(at->name) && is_plain(at->address), "an address begins no header of its own");
    claim(!at->domain().empty() && at->domain().size() < at->address.size(), "an address has a domain");
    auto const again = parse_address(at->address);
    claim(again && again->address == at->address, "an address alone is one, too");
}

void read_key(std::string const& text)
{
    for (auto const& said : {text, "whsec_" + text})
        if (auto const key = signing_key(secret{said}))
            claim(key->reveal().size() >= 24 && key->reveal().size() <= 4096, "a key is not short or long");
}

} // namespace

// What a tracker says, the prefix of topics, the address of a broker, a maintenance window, somebody's
// address, or a webhook's secret.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    std::string const text{fuzz::as_text(data, size)};
    if (is_utf8(text))
        tell(text);
    read_window(text);
    read_address(text);
    read_key(text);
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
