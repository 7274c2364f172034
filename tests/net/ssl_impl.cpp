// The compiled half of Asio's TLS streams, which only the tests' servers use.
#include <boost/asio/ssl/impl/src.hpp>
