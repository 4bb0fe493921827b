# The libraries, each one target, so that a folder links only what it uses.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(ZLIB REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(CURL REQUIRED)
find_package(pugixml REQUIRED)
find_package(Boost 1.81 REQUIRED COMPONENTS url json)
pkg_check_modules(MARIADB REQUIRED libmariadb)
pkg_check_modules(SODIUM REQUIRED IMPORTED_TARGET libsodium)
pkg_check_modules(OATH REQUIRED IMPORTED_TARGET liboath)
pkg_check_modules(QRENCODE REQUIRED IMPORTED_TARGET libqrencode)
pkg_check_modules(CTEMPLATE REQUIRED IMPORTED_TARGET libctemplate)
pkg_check_modules(UTF8PROC REQUIRED IMPORTED_TARGET libutf8proc)
pkg_check_modules(TOMLPLUSPLUS REQUIRED IMPORTED_TARGET tomlplusplus)
find_package(prometheus-cpp REQUIRED COMPONENTS core)

# The process loads these two when it needs them (docs/adr/0007-libraries-on-demand.md): targets get their headers, but
# do not link them.
add_library(libcurl_headers INTERFACE)
target_include_directories(libcurl_headers SYSTEM INTERFACE ${CURL_INCLUDE_DIRS})
add_library(libmariadb_headers INTERFACE)
target_include_directories(libmariadb_headers SYSTEM INTERFACE ${MARIADB_INCLUDE_DIRS})

# Asio and Beast compiled once, not in every file that includes them.
add_compile_definitions(BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION
                        BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_DISABLE_BOOST_COROUTINE TOML_HEADER_ONLY=0)
