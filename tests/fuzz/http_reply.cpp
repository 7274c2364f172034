#include "engine/net/parser.hpp"
#include "tests/fuzz/claim.hpp"

using namespace checkwatches;
using namespace checkwatches::net;

namespace {

struct outcome_of_reading {
    bool failed = false;
    bool done = false;
    raw_reply reply{};
};

// Reads the bytes in pieces of `piece`, then the end of the connection.
outcome_of_reading read_in_pieces(std::string_view bytes, std::size_t piece, std::string_view method)
{
    settings limits;
    limits.most_header = 4096;
    limits.most_body = 8192;
    reply_parser parser{limits, method};
    outcome_of_reading out;
    while (!bytes.empty() && !parser.done() && !out.failed) {
        auto const part = bytes.substr(0, piece);
        bytes.remove_prefix(part.size());
        out.failed = !parser.put(part).has_value();
    }
    if (!out.failed && !parser.done())
        out.failed = !parser.put_end().has_value();
    out.done = !out.failed && parser.done();
    if (out.done)
        out.reply = parser.take();
    return out;
}

} // namespace

// The method, and an answer as a server sends it.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    if (size == 0)
        return 0;
    char const* const method = data[0] % 2 == 0 ? "GET" : "HEAD";
    auto const bytes = fuzz::as_text(data + 1, size - 1);
    auto const whole = read_in_pieces(bytes, bytes.size() + 1, method);
    auto const dripped = read_in_pieces(bytes, 1, method);
    fuzz::claim(whole.failed || whole.done, "at the end of the connection the answer is whole or broken");
    // What follows a complete answer makes a difference: in one piece it is seen, byte by byte it is not
    // read.
    if (whole.done) {
        fuzz::claim(dripped.done, "an answer does not depend on the pieces in which it comes");
        fuzz::claim(whole.reply.status == dripped.reply.status, "nor does its status");
        fuzz::claim(whole.reply.headers == dripped.reply.headers, "nor do its headers");
        fuzz::claim(whole.reply.body == dripped.reply.body, "nor does its body");
        fuzz::claim(whole.reply.body.size() <= 8192, "the body is bounded");
    }
    return 0;
}
