#include "storage/json_list.hpp"
#include "storage/store_impl.hpp"

#include <fmt/format.h>

namespace checkwatches::storage {

void store::add_pass(tracker_pass const& p)
{
    auto& i = *impl_;
    auto const outcomes = json_object(p.outcomes);
    i.atomically([&] {
        run(i.insert_pass_,
            p.from,
            p.began,
            p.ended,
            p.asked,
            p.failed,
            p.changes,
            p.requests,
            p.not_modified,
            p.bytes,
            p.deferred,
            p.trouble,
            outcomes);
        auto const deferrals = std::int64_t{p.deferred ? 1 : 0};
        run(i.count_traffic_, p.from, day_of(p.ended), p.requests, p.not_modified, p.bytes, deferrals);
        return true;
    });
}

result<void> store::add_token(access_token const& t)
{
    auto& i = *impl_;
    return i.atomically([&]() -> result<void> {
        if (start(i.token_by_name_, t.name).next())
            return error{
                .kind = error_kind::usage,
                .message = fmt::format("there is a token named {} already", t.name)};
        std::string_view const may = t.right == access_right::operate ? "operate" : "read";
        run(i.insert_token_, t.name, may, t.hash, t.created_at, t.revoked_at);
        return {};
    });
}

bool store::revoke_token(std::string const& name, utc_time at)
{
    run(impl_->revoke_token_, name, at);
    return impl_->db_.changes() != 0;
}

void store::put_meaning(stored_meaning const& m)
{
    run(impl_->put_meaning_, m.from, m.field, m.key, m.means, m.actor, m.at);
}

bool store::drop_meaning(tracker_id from, std::string const& field, std::string const& key)
{
    run(impl_->drop_meaning_, from, field, key);
    return impl_->db_.changes() != 0;
}

void store::settle_word(tracker_id from, std::string const& field, std::string const& word)
{
    run(impl_->settle_word_, from, field, word);
}

void store::put_away(std::string const& label, bug_id bug, utc_time at)
{
    run(impl_->put_away_, bug, label, at);
}

void store::take_back(std::string const& label, bug_id bug)
{
    run(impl_->take_back_, bug, label);
}

} // namespace checkwatches::storage
