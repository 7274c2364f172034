// The compiled half of Beast: every other file sees its declarations only (BOOST_BEAST_SEPARATE_COMPILATION).
#include <boost/beast/src.hpp>
