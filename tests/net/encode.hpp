#pragma once

#include "engine/net/coding.hpp"

#include <brotli/encode.h>
#include <zlib.h>
#include <zstd.h>

#include <stdexcept>
#include <string>

namespace checkwatches::test {

inline std::string deflate_with(std::string const& text, int window)
{
    z_stream z{};
    if (deflateInit2(&z, 6, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        throw std::runtime_error("deflateInit2");
    std::string out(deflateBound(&z, text.size()) + 64, '\0');
    z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    z.avail_in = static_cast<uInt>(text.size());
    z.next_out = reinterpret_cast<Bytef*>(out.data());
    z.avail_out = static_cast<uInt>(out.size());
    deflate(&z, Z_FINISH);
    out.resize(z.total_out);
    deflateEnd(&z);
    return out;
}

inline std::string raw_deflate(std::string const& text)
{
    return deflate_with(text, -15);
}

inline std::string encode(net::coding how, std::string const& text)
{
    switch (how) {
    case net::coding::gzip: return deflate_with(text, 15 + 16);
    case net::coding::deflate: return deflate_with(text, 15);
    case net::coding::brotli: {
        std::size_t size = BrotliEncoderMaxCompressedSize(text.size()) + 64;
        std::string out(size, '\0');
        BrotliEncoderCompress(
            5,
            BROTLI_DEFAULT_WINDOW,
            BROTLI_DEFAULT_MODE,
            text.size(),
            reinterpret_cast<std::uint8_t const*>(text.data()),
            &size,
            reinterpret_cast<std::uint8_t*>(out.data()));
        out.resize(size);
        return out;
    }
    case net::coding::zstd: {
        std::string out(ZSTD_compressBound(text.size()), '\0');
        out.resize(ZSTD_compress(out.data(), out.size(), text.data(), text.size(), 3));
        return out;
    }
    case net::coding::none: break;
    }
    return text;
}

} // namespace checkwatches::test
