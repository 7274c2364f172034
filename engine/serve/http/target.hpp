#pragma once

#include "engine/serve/http/message.hpp"

#include <boost/system/result.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace checkwatches::serve {

// Why a request is not answered as it wishes: what it is told in place of that.
struct refusal {
    unsigned status{};
    std::string detail{};
};

template <class T>
using or_refusal = boost::system::result<T, refusal>;

// What a request line asks for, taken apart; the fields are those of http_request.
struct request_target {
    std::string authority{}; // where the target was written in absolute form; empty otherwise
    std::string path{};
    std::vector<std::string> parts{};
    http_fields query{};
};

// Reads a target in origin form ("/path?query") or in absolute form ("http://host/path?query"). Refused with
// 400: other forms, characters that do not belong there, broken escapes, text that is no UTF-8, parts of the
// path that are empty, "." or "..", or that hold a backslash or a control character, more than
// `most_arguments`.
or_refusal<request_target> read_target(std::string_view target, std::size_t most_arguments);

} // namespace checkwatches::serve
