#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace checkwatches {

namespace asio = boost::asio;

// What waits is a coroutine of this type. Design rule for g++ 12: inside a full expression with co_await
// there is no braced temporary, no capturing lambda, no ?:, no && and no || (tests/lint_coawait.py checks
// it).
using asio::awaitable;
using asio::use_awaitable;

// Completes with (error_code, ...) instead of throwing: auto [ec, n] = co_await op(use_tuple); awaited where
// it stands, it needs no coroutine of its own.
inline constexpr auto use_tuple = asio::as_tuple(asio::deferred);

} // namespace checkwatches
