#include "engine/feed/amqp_confirms.hpp"

#include <map>
#include <utility>

namespace checkwatches::feed {

amqp_confirms::amqp_confirms(std::vector<std::string> ids)
{
    all_.reserve(ids.size());
    for (auto& id : ids)
        all_.push_back({.id = std::move(id)});
}

void amqp_confirms::published(std::size_t number, std::uint64_t tag)
{
    auto& m = all_[number];
    m.is = state::open;
    m.tag = tag;
    ++open_;
}

template <class Settle>
void amqp_confirms::settle(std::uint64_t tag, bool multiple, Settle how)
{
    for (auto& m : all_) {
        bool const is_meant = m.tag == tag || (multiple && m.tag < tag);
        if (m.is != state::open || !is_meant)
            continue;
        how(m);
        --open_;
    }
}

void amqp_confirms::acked(std::uint64_t tag, bool multiple)
{
    settle(tag, multiple, [](message& m) { m.is = m.why.empty() ? state::confirmed : state::refused; });
}

void amqp_confirms::nacked(std::uint64_t tag, bool multiple)
{
    settle(tag, multiple, [](message& m) {
        m.is = state::refused;
        m.why = "the broker could not take the message (basic.nack): a queue is full, or failed";
    });
}

void amqp_confirms::refused(std::size_t number, std::string why)
{
    all_[number].is = state::refused;
    all_[number].why = std::move(why);
}

void amqp_confirms::returned(std::string_view id, std::string why)
{
    for (auto& m : all_)
        if (m.is == state::open && m.id == id)
            m.why = std::move(why);
}

delivery amqp_confirms::outcome(std::optional<error> trouble) const
{
    delivery out;
    while (out.confirmed != all_.size() && all_[out.confirmed].is == state::confirmed)
        ++out.confirmed;
    if (out.confirmed == all_.size())
        return out;
    auto const& first = all_[out.confirmed];
    if (first.is == state::refused) {
        out.is_refusal = true;
        out.trouble = error{.kind = error_kind::protocol_error, .message = first.why};
        return out;
    }
    out.trouble = std::move(trouble);
    return out;
}

std::vector<std::vector<std::size_t>> rounds_of(std::vector<std::string> const& abouts)
{
    std::vector<std::vector<std::size_t>> out;
    std::map<std::string_view, std::size_t> met;
    for (std::size_t i = 0; i != abouts.size(); ++i) {
        auto const round = met[abouts[i]]++;
        if (round == out.size())
            out.emplace_back();
        out[round].push_back(i);
    }
    return out;
}

} // namespace checkwatches::feed
