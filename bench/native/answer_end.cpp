#include "answer_end.hpp"

#include "engine/core/ascii.hpp"

#include <algorithm>
#include <charconv>

namespace checkwatches::bench {

namespace {

constexpr std::string_view end_of_chunks = "0\r\n\r\n";

template <class Number>
void read_digits(std::string_view text, Number& into)
{
    std::from_chars(text.data(), text.data() + text.size(), into);
}

} // namespace

bool answer_end::take(std::string_view piece)
{
    if (in_body_)
        return take_body(piece);
    auto const held = head_.size();
    if (held != 0)
        head_ += piece;
    std::string_view const all = held != 0 ? std::string_view{head_} : piece;
    auto const end = all.find("\r\n\r\n");
    if (end == std::string_view::npos) {
        if (held == 0)
            head_ = piece;
        return false;
    }
    read_head(all.substr(0, end));
    in_body_ = true;
    return take_body(all.substr(end + 4));
}

void answer_end::read_head(std::string_view head)
{
    read_digits(head.substr(std::min(head.find(' ') + 1, head.size())), status_);
    while (!head.empty()) {
        auto const line = head.substr(0, head.find("\r\n"));
        head.remove_prefix(std::min(line.size() + 2, head.size()));
        auto const colon = line.find(": ");
        if (colon == std::string_view::npos)
            continue;
        auto const name = line.substr(0, colon);
        auto const value = line.substr(colon + 2);
        if (same_word(name, "Content-Length"))
            read_digits(value, missing_);
        else if (same_word(name, "Transfer-Encoding"))
            is_chunked_ = same_word(value, "chunked");
        else if (same_word(name, "Connection"))
            closes_ = same_word(value, "close");
    }
}

bool answer_end::take_body(std::string_view piece)
{
    if (!is_chunked_) {
        missing_ -= std::min(missing_, piece.size());
        return missing_ == 0;
    }
    if (piece.size() >= end_of_chunks.size()) {
        tail_ = piece.substr(piece.size() - end_of_chunks.size());
        return tail_ == end_of_chunks;
    }
    tail_ += piece;
    return tail_.ends_with(end_of_chunks);
}

} // namespace checkwatches::bench
