// The compiled half of Beast for this room, which does not see engine/net. A program that links both takes
// whichever archive comes first.
#include <boost/beast/src.hpp>
