#include "engine/feed/sink.hpp"

#include <fmt/format.h>

namespace checkwatches::feed {

awaitable<result<std::string>> sink::test()
{
    co_return error{
        .kind = error_kind::usage,
        .message = fmt::format("a sink of the kind \"{}\" cannot be tested", kind())};
}

} // namespace checkwatches::feed
