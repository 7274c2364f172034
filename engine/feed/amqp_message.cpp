#include "engine/feed/amqp_message.hpp"

#include <vector>

namespace checkwatches::feed {
namespace {

// They point into the message.
std::vector<amqp_table_entry_t> headers_of(fedora_message const& m)
{
    std::vector<amqp_table_entry_t> out{
        header("fedora_messaging_schema", m.schema),
        header("fedora_messaging_severity", m.severity),
        header("sent-at", m.sent_at),
        header("priority", std::int64_t{0})};
    if (!m.schema_package.empty())
        out.push_back(header("fedora_messaging_schema_package", m.schema_package));
    for (auto const& name : m.filters)
        out.push_back(header(name));
    return out;
}

} // namespace

amqp_bytes_t bytes_of(std::string_view text)
{
    return {.len = text.size(), .bytes = const_cast<char*>(text.data())}; // the library only reads it
}

std::string_view text_of(amqp_bytes_t bytes)
{
    return {static_cast<char const*>(bytes.bytes), bytes.len};
}

amqp_table_entry_t header(std::string_view name, std::string_view text)
{
    amqp_table_entry_t out{};
    out.key = bytes_of(name);
    out.value.kind = AMQP_FIELD_KIND_UTF8;
    out.value.value.bytes = bytes_of(text);
    return out;
}
amqp_table_entry_t header(std::string_view name, std::int64_t number)
{
    amqp_table_entry_t out{};
    out.key = bytes_of(name);
    out.value.kind = AMQP_FIELD_KIND_I32;
    out.value.value.i32 = static_cast<std::int32_t>(number);
    return out;
}
amqp_table_entry_t header(std::string_view name)
{
    amqp_table_entry_t out{};
    out.key = bytes_of(name);
    out.value.kind = AMQP_FIELD_KIND_BOOLEAN;
    out.value.value.boolean = 1;
    return out;
}

int publish_on(
    amqp_connection_state_t connection,
    amqp_channel_t channel,
    amqp_settings const& how,
    fedora_message const& m)
{
    auto headers = headers_of(m);
    amqp_basic_properties_t about{};
    about._flags = AMQP_BASIC_CONTENT_TYPE_FLAG | AMQP_BASIC_CONTENT_ENCODING_FLAG | AMQP_BASIC_HEADERS_FLAG
                   | AMQP_BASIC_DELIVERY_MODE_FLAG | AMQP_BASIC_PRIORITY_FLAG | AMQP_BASIC_MESSAGE_ID_FLAG;
    about.content_type = bytes_of("application/json");
    about.content_encoding = bytes_of("utf-8");
    about.headers = {.num_entries = static_cast<int>(headers.size()), .entries = headers.data()};
    about.delivery_mode = 2;
    about.priority = 0;
    about.message_id = bytes_of(m.id);
    return amqp_basic_publish(
        connection,
        channel,
        bytes_of(how.exchange),
        bytes_of(m.topic),
        how.is_mandatory ? 1 : 0,
        0,
        &about,
        bytes_of(m.body));
}

} // namespace checkwatches::feed
