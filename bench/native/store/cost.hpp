#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <string_view>

#include "../cpu_used.hpp"
#include "sync_count.hpp"

struct spent {
    std::size_t bugs{};
    double wall{}; // seconds
    double cpu{};
    std::int64_t syncs{};
};

// What `work` costs the thread, or the whole process.
template <class Work>
void add_cost(spent& to, clockid_t whose, Work work)
{
    auto const syncs = syncs_so_far().count;
    auto const cpu = checkwatches::bench::cpu_used(whose);
    auto const began = std::chrono::steady_clock::now();
    work();
    to.wall += std::chrono::duration<double>{std::chrono::steady_clock::now() - began}.count();
    to.cpu += (checkwatches::bench::cpu_used(whose) - cpu).count();
    to.syncs += syncs_so_far().count - syncs;
}

// One line, for one round.
void print(std::string_view by, bool scattered, std::size_t batch, spent const& s);
