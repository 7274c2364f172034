#include "bench/mock/xmlrpc_call.hpp"

#include <pugixml.hpp>

namespace checkwatches::mock {

namespace {

constexpr int deepest = 32;

rpc_value read_value(pugi::xml_node value, int depth)
{
    rpc_value read;
    auto const typed = value.find_child([](pugi::xml_node n) { return n.type() == pugi::node_element; });
    if (!typed) {
        read.type = "string";
        read.text = value.text().get();
        return read;
    }
    read.type = typed.name();
    if (depth > deepest)
        return read;
    if (read.type == "array") {
        for (auto const item : typed.child("data").children("value"))
            read.items.push_back(read_value(item, depth + 1));
    }
    else if (read.type == "struct") {
        for (auto const member : typed.children("member"))
            read.members.emplace_back(
                member.child("name").text().get(), read_value(member.child("value"), depth + 1));
    }
    else {
        read.text = typed.text().get();
    }
    return read;
}

} // namespace

rpc_value const* rpc_value::member(std::string_view name) const noexcept
{
    for (auto const& [key, value] : members)
        if (key == name)
            return &value;
    return nullptr;
}

std::string_view rpc_value::text_of(std::string_view name) const noexcept
{
    auto const* value = member(name);
    return value == nullptr ? std::string_view{} : std::string_view{value->text};
}

std::vector<std::string_view> rpc_value::texts() const
{
    std::vector<std::string_view> all;
    if (type != "array")
        all.emplace_back(text);
    for (auto const& item : items)
        all.emplace_back(item.text);
    return all;
}

std::optional<rpc_call> read_call(std::string_view body)
{
    pugi::xml_document document;
    constexpr unsigned options = pugi::parse_escapes | pugi::parse_cdata | pugi::parse_ws_pcdata_single;
    if (!document.load_buffer(body.data(), body.size(), options))
        return std::nullopt;
    auto const root = document.child("methodCall");
    rpc_call call{.method = root.child("methodName").text().get()};
    if (call.method.empty())
        return std::nullopt;
    for (auto const param : root.child("params").children("param"))
        call.params.push_back(read_value(param.child("value"), 0));
    return call;
}

} // namespace checkwatches::mock
