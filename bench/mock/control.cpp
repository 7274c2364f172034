#include "bench/mock/control.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>

#include <fmt/format.h>

#include <utility>

namespace checkwatches::mock {

namespace {

using asio::ip::tcp;

answer json(unsigned status, std::string body)
{
    answer a{.status = status, .frame = answer::framing::length};
    a.headers = {{"Content-Type", "application/json"}, {std::string{framing_mark}, ""}};
    a.body = std::move(body);
    return a;
}

answer wrong(unsigned status, std::string_view what)
{
    return json(status, fmt::format("{{\"error\":\"{}\"}}\n", what));
}

std::uint32_t number(form const& fields, std::string_view name, std::uint32_t otherwise)
{
    auto const text = field(fields, name);
    return text ? static_cast<std::uint32_t>(read_id(*text).value_or(otherwise)) : otherwise;
}

// The tracker named, or all of them.
std::vector<tracker*> named(farm& all, form const& fields)
{
    std::vector<tracker*> chosen;
    if (auto const name = field(fields, "tracker")) {
        if (auto* t = all.find(*name))
            chosen.push_back(t);
    }
    else {
        for (auto const& t : all.all())
            chosen.push_back(t.get());
    }
    return chosen;
}

std::optional<std::string> text(form const& fields, std::string_view name)
{
    auto const given = field(fields, name);
    return given ? std::optional<std::string>{*given} : std::nullopt;
}

answer step(farm& all, form const& fields)
{
    std::vector<int> moved;
    for (auto* t : named(all, fields))
        for (auto const id : t->step(number(fields, "count", 1)))
            moved.push_back(id);
    return json(200, fmt::format("{{\"changed\":[{}]}}\n", fmt::join(moved, ",")));
}

answer change(tracker& at, form const& fields)
{
    bug_change what{
        .status = text(fields, "status"),
        .resolution = text(fields, "resolution"),
        .priority = text(fields, "priority"),
        .severity = text(fields, "severity"),
        .task = number(fields, "task", 0)};
    if (field(fields, "duplicate_of"))
        what.duplicate_of = static_cast<int>(number(fields, "duplicate_of", 0));
    auto const id = number(fields, "id", 0);
    if (!at.change(id, what))
        return wrong(404, "no such bug");
    return json(200, fmt::format("{{\"changed\":[{}]}}\n", id));
}

answer set_clock(farm& all, form const& fields)
{
    auto ahead = field(fields, "ahead").value_or("");
    bool const behind = ahead.starts_with('-');
    ahead.remove_prefix(behind ? 1 : 0);
    auto const span = read_id(ahead);
    if (!span)
        return wrong(400, "ahead is a number of milliseconds");
    auto const chosen = named(all, fields);
    for (auto* t : chosen)
        t->set_clock(std::chrono::milliseconds{behind ? -*span : *span});
    return json(200, fmt::format("{{\"trackers\":{}}}\n", chosen.size()));
}

answer set_fault(farm& all, form const& fields)
{
    auto const what = parse_fault(field(fields, "fault").value_or(""));
    if (!what)
        return wrong(400, "no such fault");
    auto const chosen = named(all, fields);
    for (auto* t : chosen)
        t->set_fault(
            {.what = *what, .after = number(fields, "after", 0), .lasts = number(fields, "lasts", 0)});
    return json(200, fmt::format("{{\"trackers\":{}}}\n", chosen.size()));
}

} // namespace

answer command(farm& all, request const& rq)
{
    auto const& fields = rq.query;
    auto const chosen = named(all, fields);
    if (chosen.empty())
        return wrong(404, "no such tracker");
    if (rq.method == "POST" && rq.path == "/step")
        return step(all, fields);
    if (rq.method == "POST" && rq.path == "/change")
        return change(*chosen.front(), fields);
    if (rq.method == "POST" && rq.path == "/fault")
        return set_fault(all, fields);
    if (rq.method == "POST" && rq.path == "/clock")
        return set_clock(all, fields);
    if (rq.method == "GET" && rq.path == "/ledger")
        return json(200, ledger_json(chosen.front()->options().name, chosen.front()->bugs()) + "\n");
    if (rq.method == "GET" && (rq.path == "/requests" || rq.path == "/trackers")) {
        std::string lines;
        for (auto* t : chosen)
            lines += (rq.path == "/requests" ? traffic_json(*t) : describe(*t)) + "\n";
        return json(200, std::move(lines));
    }
    return wrong(404, "no such command");
}

control::control(asio::any_io_executor executor, farm& all, std::function<void()> stop)
    : farm_(all),
      stop_(std::move(stop)),
      acceptor_(executor, tcp::endpoint{asio::ip::address_v4::loopback(), 0})
{
    asio::co_spawn(executor, accept_all(), [](std::exception_ptr failure) {
        if (failure)
            std::rethrow_exception(failure);
    });
}

std::string control::url() const
{
    return fmt::format("http://127.0.0.1:{}/", acceptor_.local_endpoint().port());
}

void control::close()
{
    error_code ignored;
    acceptor_.close(ignored);
}

awaitable<void> control::accept_all()
{
    for (;;) {
        auto [ec, socket] = co_await acceptor_.async_accept(use_tuple);
        if (ec)
            co_return;
        asio::co_spawn(acceptor_.get_executor(), converse(std::move(socket)), [](std::exception_ptr failure) {
            if (failure)
                std::rethrow_exception(failure);
        });
    }
}

awaitable<void> control::converse(tcp::socket socket)
{
    boost::beast::flat_buffer buffer;
    request rq;
    for (;;) {
        bool const got = co_await read_request(socket, buffer, rq);
        if (!got)
            co_return;
        bool const last = rq.method == "POST" && rq.path == "/stop";
        auto const made = last ? json(200, "{}\n") : command(farm_, rq);
        auto const wire = serialize(made);
        auto const from = asio::buffer(wire);
        auto const [ec, n] = co_await asio::async_write(socket, from, use_tuple);
        if (last)
            stop_();
        if (ec || !rq.keep_alive || last)
            co_return;
    }
}

} // namespace checkwatches::mock
