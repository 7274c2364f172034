# What every target of the project is compiled with.
add_library(checkwatches_options INTERFACE)
target_compile_options(checkwatches_options INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Woverloaded-virtual
    $<$<CXX_COMPILER_ID:GNU>:-Wno-mismatched-new-delete> # g++ 12: a false positive on awaitable frames
    $<$<BOOL:${CHECKWATCHES_WERROR}>:-Werror>)
# Asio and Beast are compiled once, in engine/core/boost_impl.cpp and engine/net/beast_impl.cpp;
# the two macros must be the same in every file.
target_compile_definitions(checkwatches_options INTERFACE
    BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION BOOST_ASIO_NO_DEPRECATED)
target_link_libraries(checkwatches_options INTERFACE Threads::Threads)

# Asio's coroutines take seconds to parse: once for all is a third of the build.
function(checkwatches_precompile target)
    if(NOT CHECKWATCHES_PCH)
        return()
    endif()
    set(headers
        <boost/asio/awaitable.hpp> <boost/asio/co_spawn.hpp> <boost/asio/as_tuple.hpp>
        <boost/asio/io_context.hpp> <boost/asio/steady_timer.hpp> <boost/asio/use_awaitable.hpp>
        <boost/system/result.hpp> <fmt/format.h>
        <algorithm> <chrono> <functional> <map> <memory> <optional> <string> <string_view> <variant> <vector>)
    if(target STREQUAL checkwatches_core)
        target_precompile_headers(${target} PRIVATE ${headers})
    elseif(target STREQUAL core_tests) # tests are compiled with other options
        target_precompile_headers(${target} PRIVATE ${headers} <catch2/catch.hpp>)
    elseif(target MATCHES "_tests$")
        target_precompile_headers(${target} REUSE_FROM core_tests)
    else()
        target_precompile_headers(${target} REUSE_FROM checkwatches_core)
    endif()
endfunction()
