#include "storage/store_impl.hpp"

#include <string_view>

namespace checkwatches::storage {
namespace {

constexpr std::string_view word_of(parked_event const& e)
{
    return e.is_check ? "check" : "change";
}

} // namespace

void store::put_sink(sink_record const& s)
{
    run(impl_->put_sink_,
        s.name,
        s.kind,
        s.changes,
        s.checks,
        s.delivered,
        s.confirmed_at,
        s.failing_since,
        s.tries,
        s.trouble);
}

void store::drop_sink(std::string const& name)
{
    auto& i = *impl_;
    i.atomically([&] {
        run(i.drop_parked_, name);
        run(i.drop_sink_, name);
        drop_digest(name);
        return true;
    });
}

void store::park(parked_event const& e)
{
    run(impl_->park_, e.sink, word_of(e), e.id, e.at, e.tries, e.why);
}

bool store::unpark(parked_event const& e)
{
    run(impl_->unpark_, e.sink, word_of(e), e.id);
    return impl_->db_.changes() != 0;
}

} // namespace checkwatches::storage
