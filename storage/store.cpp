#include "storage/open.hpp"
#include "storage/store_impl.hpp"

#include <fmt/format.h>

#include <utility>

namespace checkwatches::storage {
namespace {

error taken(std::string message)
{
    return error{.kind = error_kind::usage, .message = std::move(message)};
}

} // namespace

// The tracker that a URL belongs to.
std::optional<std::string> store::impl::name_of_owner(std::string const& url)
{
    auto row = start(tracker_by_url_, url);
    if (!row.next())
        return std::nullopt;
    return std::string{row.text(0)};
}

void store::impl::count_addition()
{
    run(count_addition_);
}

result<std::unique_ptr<store>> store::open(std::string const& path)
{
    auto db = open_for_writing(path);
    if (!db)
        return db.error();
    try {
        return std::unique_ptr<store>{new store{std::make_unique<impl>(std::move(*db))}};
    }
    catch (database_error const& failed) {
        return failed.why();
    }
}

store::store(std::unique_ptr<impl> i) : impl_{std::move(i)} {}
store::~store() = default;

recheck_writer& store::rechecks() noexcept
{
    return impl_->rechecks_;
}

void store::in_transaction(std::function<void()> const& work)
{
    sqlite::transaction writing{impl_->db_, sqlite::transaction::purpose::write};
    work();
    writing.commit();
}

result<tracker> store::add_tracker(tracker const& t)
{
    auto& i = *impl_;
    return i.atomically([&]() -> result<tracker> {
        if (start(i.tracker_by_name_, t.name).next())
            return taken(fmt::format("there is a tracker named {} already", t.name));
        if (auto const owner = i.name_of_owner(t.base_url))
            return taken(fmt::format("{} is the tracker {} already", t.base_url, *owner));
        run(i.insert_tracker_, t.kind, t.name, t.base_url, t.api_url, t.created_at);
        tracker made = t;
        made.id = static_cast<tracker_id>(i.db_.last_id());
        run(i.insert_alias_, made.base_url, made.id);
        i.count_addition();
        return made;
    });
}

result<void> store::add_alias(tracker_id of, std::string const& url)
{
    auto& i = *impl_;
    return i.atomically([&]() -> result<void> {
        if (start(i.alias_of_, url, of).next())
            return {};
        if (auto const owner = i.name_of_owner(url))
            return taken(fmt::format("{} is the tracker {} already", url, *owner));
        run(i.insert_alias_, url, of);
        return {};
    });
}

result<void> store::move_tracker(tracker_id of, std::string const& base_url)
{
    return impl_->atomically([&]() -> result<void> {
        if (auto added = add_alias(of, base_url); !added)
            return added;
        run(impl_->set_base_url_, of, base_url);
        return {};
    });
}

void store::put_capabilities(tracker_id of, stored_capabilities const& what)
{
    auto const& can = what.can;
    run(impl_->put_capabilities_,
        of,
        can.protocol,
        can.version,
        can.batch,
        can.changed_since,
        can.page,
        can.each,
        can.importance,
        can.comments,
        can.login,
        can.identity,
        what.probed_at,
        what.expires_at);
}

} // namespace checkwatches::storage
