// Beast compiled once, for everything (BOOST_BEAST_SEPARATE_COMPILATION).
#include <boost/beast/src.hpp>
