#include "engine_room.hpp"

#include "storage/store.hpp"

#include <boost/asio/co_spawn.hpp>

#include <exception>
#include <fstream>
#include <unistd.h>

#include "cpu_used.hpp"

using namespace checkwatches;

namespace {

void throw_failure(std::exception_ptr e, result<void> const& done)
{
    if (e)
        std::rethrow_exception(e);
    if (!done)
        throw std::runtime_error(to_string(done.error()));
}

} // namespace

double resident_bytes()
{
    std::size_t total = 0;
    std::size_t resident = 0;
    std::ifstream{"/proc/self/statm"} >> total >> resident;
    return static_cast<double>(resident) * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

double busy_ms()
{
    return std::chrono::duration<double, std::milli>{bench::cpu_used()}.count();
}

engine_room::engine_room(std::string const& database)
    : writer_{storage::store::open(database).value()},
      reader_{storage::reader::open(database).value()},
      engine_{
          {.executor = loop_.get_executor(),
           .time = time_,
           .network = network_,
           .set_budget = [](std::string const&, net::budget_settings const&) {},
           .writer = writer_,
           .reader = reader_,
           .kinds = kinds_,
           .log = log_},
          {}}
{
    asio::co_spawn(loop_, engine_.load(), throw_failure);
    loop_.run();
    loop_.restart();
}

idleness engine_room::idle(std::chrono::seconds span)
{
    asio::co_spawn(loop_, engine_.serve(), throw_failure);
    loop_.run_for(std::chrono::seconds{1});
    auto const before = busy_ms();
    loop_.run_for(span);
    idleness const out{.resident = resident_bytes(), .busy_ms = busy_ms() - before};
    engine_.stop();
    loop_.run();
    return out;
}
