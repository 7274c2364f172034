#include "turns.hpp"

#include "storage/reader.hpp"

#include <algorithm>
#include <stdexcept>

#include "cost.hpp"

using namespace checkwatches;
namespace fs = std::filesystem;

namespace {

constexpr std::size_t slices = 8; // turns in a round

void write(storage::store& to, reports const& all)
{
    for (auto const& each : all)
        to.apply(each);
}

} // namespace

store_turns::store_turns(
    fs::path const& recorded, fs::path const& stored, fs::path const& bare, settled_bugs& bugs)
    : bugs_{bugs},
      recorded_{recorded},
      store_{storage::store::open(stored).value()},
      bare_{bare}
{}

void store_turns::run(bool scattered, std::size_t batch, std::size_t bugs, unsigned round)
{
    spent stored;
    spent bare;
    auto const in_slice = std::max<std::size_t>(bugs / batch / slices, 1);
    for (std::size_t slice = 0; stored.bugs < bugs; ++slice) {
        std::vector<reports> all;
        std::vector<statement_tape> tapes;
        for (std::size_t i = 0; i != in_slice; ++i) {
            all.push_back(scattered ? bugs_.scattered(batch) : bugs_.neighbours(batch));
            tapes.push_back(recorded_.record([&](storage::store& to) { write(to, all.back()); }));
        }
        auto const by_store = [&] {
            for (auto const& each : all)
                store_->in_transaction([&] { write(*store_, each); });
        };
        auto const by_hand = [&] {
            for (auto const& each : tapes)
                bare_.play(each, recorded_.texts());
        };
        if (slice % 2 == 0)
            add_cost(stored, CLOCK_THREAD_CPUTIME_ID, by_store);
        add_cost(bare, CLOCK_THREAD_CPUTIME_ID, by_hand);
        if (slice % 2 != 0)
            add_cost(stored, CLOCK_THREAD_CPUTIME_ID, by_store);
        stored.bugs += in_slice * batch;
        bare.bugs = stored.bugs;
    }
    if (round == 0)
        return;
    print("store", scattered, batch, stored);
    print("bare", scattered, batch, bare);
}

// What was done by hand must be what the store did, or the comparison says nothing.
void compare_databases(fs::path const& one, fs::path const& other, load_shape const& shape)
{
    auto const left = storage::reader::open(one).value();
    auto const right = storage::reader::open(other).value();
    std::vector<storage::bug_id> some;
    for (std::size_t row = 0; row < shape.bugs; row += 7)
        some.push_back(settled_bugs::id_of(shape, row));
    auto const same_row = [](storage::bug_state const& a, storage::bug_state const& b) {
        return a.id == b.id && a.checked_at == b.checked_at && a.next_check == b.next_check
               && a.state == b.state;
    };
    auto const same_entry = [](storage::shown_change const& a, storage::shown_change const& b) {
        return a.what.id == b.what.id && a.what.bug == b.what.bug && a.what.previous == b.what.previous;
    };
    bool const same = left->last_change() == right->last_change()
                      && std::ranges::equal(left->bugs(some), right->bugs(some), same_row)
                      && std::ranges::equal(
                          left->changes(static_cast<std::int64_t>(shape.bugs), 100'000),
                          right->changes(static_cast<std::int64_t>(shape.bugs), 100'000),
                          same_entry);
    if (!same)
        throw std::logic_error{"the bare loop's database is another one than the store's"};
}
