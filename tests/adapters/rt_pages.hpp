#pragma once

#include "tests/support/scripted_remote.hpp"

#include <fmt/format.h>

#include <string>
#include <string_view>

// Answers in the shapes of a real RT 5.0.3, with values of our own.
namespace checkwatches::test {

inline adapters::reply rest1(std::string_view status, std::string_view text)
{
    return answer(200, "text/plain; charset=utf-8", fmt::format("RT/5.0.3 {}\n{}\n\n", status, text));
}

inline adapters::reply rest1_refused()
{
    return answer(200, "text/plain; charset=utf-8", "RT/5.0.3 401 Credentials required\n");
}

inline std::string rest1_ticket(int id, std::string_view status, std::string_view priority = "50")
{
    return fmt::format(
        "id: ticket/{}\nSubject: plums: \"sour\" #{}\nStatus: {}\nPriority: {}\n", id, id, status, priority);
}

inline std::string rest1_missing(int id)
{
    return fmt::format("# Ticket {} does not exist.\n\n", id);
}

inline std::string rest1_hidden(int id)
{
    return fmt::format("# You are not allowed to display ticket {}.\n\n", id);
}

template <class... More>
std::string blocks(std::string const& first, More const&... more)
{
    std::string out = "\n" + first;
    ((out += "\n--\n\n" + std::string{more}), ...);
    return out;
}

inline adapters::reply rest2(unsigned status, std::string body)
{
    return answer(status, "application/json; charset=\"utf-8\"", std::move(body));
}

inline adapters::reply rest2_message(unsigned status, std::string_view text)
{
    return rest2(status, fmt::format("{{\"message\":\"{}\"}}", text));
}

inline std::string rest2_row(int id, std::string_view status)
{
    return fmt::format(
        "{{\"_url\":\"https://rt.example.org/REST/2.0/ticket/"
        "{}\",\"type\":\"ticket\",\"id\":\"{}\",\"Status\":\"{}\","
        "\"Subject\":\"plums\",\"Priority\":\"75\",\"LastUpdated\":\"2026-11-20T10:00:00Z\"}}",
        id,
        id,
        status);
}

} // namespace checkwatches::test
