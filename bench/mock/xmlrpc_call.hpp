#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace checkwatches::mock {

// A value of an XML-RPC call as a client sent it: the text of a scalar, the items of an array, or the members
// of a struct.
struct rpc_value {
    std::string type{}; // "int", "string", "array", …
    std::string text{};
    std::vector<rpc_value> items{};
    std::vector<std::pair<std::string, rpc_value>> members{};

    // The member of this name, or nothing.
    rpc_value const* member(std::string_view name) const noexcept;
    // The text of the member of this name, or empty.
    std::string_view text_of(std::string_view name) const noexcept;
    // The texts of an array's items; of a scalar its own.
    std::vector<std::string_view> texts() const;
};

struct rpc_call {
    std::string method{};
    std::vector<rpc_value> params{};
};

// Nothing where `body` is no XML-RPC call.
std::optional<rpc_call> read_call(std::string_view body);

} // namespace checkwatches::mock
