#include "engine/feed/cloud_event.hpp"

#include "engine/feed/fedora_message.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace checkwatches::feed {
namespace {

namespace json = boost::json;

json::object envelope_of(std::string const& id, utc_time at, cloud_source const& from, std::string_view type)
{
    return {
        {"specversion", "1.0"},
        {"id", id},
        {"source", from.source},
        {"type", from.type_prefix + std::string{type}},
        {"time", format_time(at)},
        {"datacontenttype", "application/json"}};
}

} // namespace

std::string cloud_event_of(event const& e, cloud_source const& from)
{
    auto const at = e.change ? e.change->what.at : e.check->what.at;
    auto out = envelope_of(e.uuid, at, from, e.change ? ".change.v1" : ".check.v1");
    // An attribute is not empty: an act that is of no tracker has no subject.
    if (auto const& subject = e.url.empty() ? e.tracker() : e.url; !subject.empty())
        out["subject"] = subject;
    out["dataschema"] = e.change ? "urn:checkwatches:checkwatches.change.v1"
                                 : "urn:checkwatches:checkwatches.check.v1";
    out["data"] = body_of(e);
    return json::serialize(out);
}

std::string cloud_test_of(std::string const& id, utc_time now, cloud_source const& from)
{
    auto out = envelope_of(id, now, from, ".test.v1");
    out["data"] = json::object{{"message", "a test of this webhook; nothing has changed"}};
    return json::serialize(out);
}

} // namespace checkwatches::feed
