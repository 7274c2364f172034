#include "bench/mock/farm_thread.hpp"

#include "engine/core/error.hpp"

#include <stdexcept>

namespace checkwatches::mock {

namespace {

tracker& at(farm& all, std::string_view name)
{
    auto* found = all.find(name);
    if (found == nullptr)
        throw std::out_of_range("there is no mock tracker " + std::string{name});
    return *found;
}

} // namespace

farm_thread::farm_thread() : thread_([this] { loop_.run(); }) {}

farm_thread::~farm_thread()
{
    asio::post(loop_, [this] {
        farm_.stop();
        work_.reset();
        loop_.stop();
    });
    thread_.join();
}

address farm_thread::add(tracker_options options)
{
    return call([&](farm& all) {
        auto const& made = all.add(std::move(options));
        return address{.name = made.options().name, .url = made.url(), .api = made.api()};
    });
}

address farm_thread::add(std::string_view spec)
{
    auto options = parse_tracker(spec);
    if (!options)
        throw std::invalid_argument(to_string(options.error()));
    return add(*std::move(options));
}

bool farm_thread::change(std::string_view name, std::int64_t id, bug_change const& what)
{
    return call([&](farm& all) { return at(all, name).change(id, what); });
}

std::vector<int> farm_thread::step(std::string_view name, std::size_t count)
{
    return call([&](farm& all) { return at(all, name).step(count); });
}

void farm_thread::set_fault(std::string_view name, fault_plan plan)
{
    call([&](farm& all) { at(all, name).set_fault(plan); });
}

void farm_thread::set_clock(std::string_view name, std::chrono::milliseconds ahead)
{
    call([&](farm& all) { at(all, name).set_clock(ahead); });
}

void farm_thread::set_clock(std::chrono::milliseconds ahead)
{
    call([&](farm& all) {
        for (auto const& t : all.all())
            t->set_clock(ahead);
    });
}

traffic farm_thread::counts(std::string_view name)
{
    return call([&](farm& all) { return at(all, name).counts(); });
}

std::string farm_thread::ledger(std::string_view name)
{
    return call([&](farm& all) { return ledger_json(name, at(all, name).bugs()); });
}

bug farm_thread::look(std::string_view name, std::int64_t id)
{
    return call([&](farm& all) {
        auto const* found = at(all, name).bugs().find(id);
        return found == nullptr ? bug{} : *found;
    });
}

} // namespace checkwatches::mock
