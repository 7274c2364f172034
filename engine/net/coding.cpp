#include "engine/net/coding.hpp"

#include "engine/core/ascii.hpp"

#include <brotli/decode.h>
#include <fmt/format.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <limits>
#include <memory>

namespace checkwatches::net {
namespace {

error too_large(std::size_t most)
{
    return error{
        .kind = error_kind::too_large,
        .message = fmt::format("the answer is longer than {} bytes when decoded", most)};
}

error broken(std::string_view name)
{
    return error{.kind = error_kind::protocol_error, .message = fmt::format("the {} body is broken", name)};
}

error cut_short(std::string_view name)
{
    return error{
        .kind = error_kind::protocol_error, .message = fmt::format("the {} body is cut short", name)};
}

// The decoded text as it grows, never beyond one byte more than the limit.
class output {
public:
    explicit output(std::size_t most) : most_{most} {}

    // Makes room and returns it; empty once the limit is passed.
    std::pair<char*, std::size_t> room()
    {
        used_ = text_.size();
        constexpr std::size_t first = 32 * 1024;
        auto const wanted = std::max(first, used_);
        auto const step = std::min(wanted, most_ + 1 - used_);
        text_.resize(used_ + step);
        return {text_.data() + used_, step};
    }
    void filled(std::size_t n) { text_.resize(used_ + n); }
    bool over() const { return text_.size() > most_; }
    std::string take() { return std::move(text_); }

private:
    std::string text_;
    std::size_t most_;
    std::size_t used_ = 0;
};

// "deflate" should be a zlib stream, and from some servers is a bare one.
bool has_zlib_header(std::string_view body)
{
    if (body.size() < 2)
        return false;
    auto const first = static_cast<unsigned char>(body[0]);
    auto const second = static_cast<unsigned char>(body[1]);
    return (first & 0x0f) == 8 && (first * 256 + second) % 31 == 0;
}

result<std::string> inflate_all(std::string_view name, std::string& body, int window, std::size_t most)
{
    z_stream z{};
    if (inflateInit2(&z, window) != Z_OK)
        return broken(name);
    std::unique_ptr<z_stream, decltype(&inflateEnd)> const guard{&z, &inflateEnd};
    z.next_in = reinterpret_cast<Bytef*>(body.data());
    z.avail_in = static_cast<uInt>(body.size());
    output out{most};
    for (;;) {
        auto const [at, size] = out.room();
        z.next_out = reinterpret_cast<Bytef*>(at);
        z.avail_out = static_cast<uInt>(size);
        int const rc = inflate(&z, Z_NO_FLUSH);
        out.filled(size - z.avail_out);
        if (out.over())
            return too_large(most);
        if (rc == Z_STREAM_END) {
            // A gzip body may have several members; anything else behind it is padding.
            bool const more = z.avail_in > 1 && z.next_in[0] == 0x1f && z.next_in[1] == 0x8b;
            if (!more || inflateReset(&z) != Z_OK)
                return out.take();
        }
        else if (rc != Z_OK && rc != Z_BUF_ERROR) {
            return broken(name);
        }
        else if (z.avail_in == 0 && z.avail_out != 0) {
            return cut_short(name);
        }
    }
}

result<std::string> brotli_all(std::string_view body, std::size_t most)
{
    std::unique_ptr<BrotliDecoderState, decltype(&BrotliDecoderDestroyInstance)> const state{
        BrotliDecoderCreateInstance(nullptr, nullptr, nullptr), &BrotliDecoderDestroyInstance};
    auto const* in = reinterpret_cast<std::uint8_t const*>(body.data());
    auto left = body.size();
    output out{most};
    for (;;) {
        auto const [at, size] = out.room();
        auto* to = reinterpret_cast<std::uint8_t*>(at);
        auto free = size;
        auto const rc = BrotliDecoderDecompressStream(state.get(), &left, &in, &free, &to, nullptr);
        out.filled(size - free);
        if (out.over())
            return too_large(most);
        if (rc == BROTLI_DECODER_RESULT_SUCCESS)
            return out.take();
        if (rc == BROTLI_DECODER_RESULT_ERROR)
            return broken("br");
        if (rc == BROTLI_DECODER_RESULT_NEEDS_MORE_INPUT)
            return cut_short("br");
    }
}

result<std::string> zstd_all(std::string_view body, std::size_t most)
{
    std::unique_ptr<ZSTD_DCtx, decltype(&ZSTD_freeDCtx)> const state{ZSTD_createDCtx(), &ZSTD_freeDCtx};
    // RFC 8878 §3.1.1.1.2: 8 MB is the window that a decoder should take.
    ZSTD_DCtx_setParameter(state.get(), ZSTD_d_windowLogMax, 23);
    ZSTD_inBuffer in{body.data(), body.size(), 0};
    output out{most};
    for (;;) {
        auto const [at, size] = out.room();
        ZSTD_outBuffer to{at, size, 0};
        auto const rc = ZSTD_decompressStream(state.get(), &to, &in);
        out.filled(to.pos);
        if (out.over())
            return too_large(most);
        if (ZSTD_isError(rc))
            return broken("zstd");
        if (rc == 0 && in.pos == in.size)
            return out.take();
        if (in.pos == in.size && to.pos < to.size)
            return cut_short("zstd");
    }
}

} // namespace

coding parse_coding(std::string_view name) noexcept
{
    if (same_word(name, "gzip") || same_word(name, "x-gzip"))
        return coding::gzip;
    if (same_word(name, "deflate"))
        return coding::deflate;
    if (same_word(name, "br"))
        return coding::brotli;
    if (same_word(name, "zstd"))
        return coding::zstd;
    return coding::none;
}

result<std::string> decode(coding from, std::string body, std::size_t most)
{
    // zlib counts in 32 bits; no body is allowed to come near that.
    if (body.size() > std::numeric_limits<uInt>::max())
        return too_large(most);
    if (from != coding::none && !body.empty()) {
        constexpr int gzip_window = 15 + 16;
        switch (from) {
        case coding::gzip: return inflate_all("gzip", body, gzip_window, most);
        case coding::deflate: return inflate_all("deflate", body, has_zlib_header(body) ? 15 : -15, most);
        case coding::brotli: return brotli_all(body, most);
        default: return zstd_all(body, most);
        }
    }
    if (body.size() > most)
        return too_large(most);
    return body;
}

} // namespace checkwatches::net
