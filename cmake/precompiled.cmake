# The headers that most files include are parsed once, not again in each file: those of the standard library, of Asio
# and fmt, and for tests GoogleTest's. No header of src/ is among them: every target could then use it, whatever the
# arrows say (arrows.cmake).
#
# A file still includes what it uses: -DDOSSIER_PCH=OFF builds without precompiled headers, as the build with the thread
# sanitizer does.
option(DOSSIER_PCH "Precompile the headers of libraries" ON)

# Without the path of the header besides, which CMake's own words have: no two clones would share a result of ccache.
set(CMAKE_CXX_COMPILE_OPTIONS_USE_PCH -Xclang -include-pch -Xclang <PCH_FILE>)

# dossier_precompiled(NAME HEADERS header... [LINKS targets...]): a set of headers that targets share by dossier_use_precompiled(). These targets
# must be compiled with the same flags.
function(dossier_precompiled name)
  if(NOT DOSSIER_PCH)
    return()
  endif()
  cmake_parse_arguments(ARG "" "" "HEADERS;LINKS" ${ARGN})
  set(empty ${CMAKE_CURRENT_BINARY_DIR}/${name}.cc)
  file(CONFIGURE OUTPUT ${empty} CONTENT "")
  add_library(${name} OBJECT ${empty})
  target_precompile_headers(${name} PRIVATE ${ARG_HEADERS})
  target_link_libraries(${name} PRIVATE fmt::fmt ${ARG_LINKS})
  target_compile_options(${name} PRIVATE "SHELL:-Xclang -fno-pch-timestamp")
  dossier_sum_of_precompiled(${name} ${ARG_HEADERS})
endfunction()

# A digest of all that the headers hold. ccache compares it (CCACHE_PCH_EXTSUM) instead of the precompiled file, whose
# bytes contain the paths of this build folder, so that no two clones would share a result.
function(dossier_sum_of_precompiled name)
  list(TRANSFORM ARGN REPLACE "(.+)" "#include \\1\n" OUTPUT_VARIABLE lines)
  list(JOIN lines "" text)
  file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/${name}.headers.h CONTENT "${text}")
  execute_process(
    COMMAND ${CMAKE_CXX_COMPILER} -std=c++23 -E -P -x c++ ${CMAKE_CURRENT_BINARY_DIR}/${name}.headers.h
    OUTPUT_VARIABLE all COMMAND_ERROR_IS_FATAL ANY)
  string(SHA256 sum "${all}")
  file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/CMakeFiles/${name}.dir/cmake_pch.hxx.pch.sum CONTENT "${sum}")
  # An upgrade of a package changes its header here, so CMake then configures again.
  foreach(header boost/version.hpp fmt/core.h gtest/gtest.h stdio.h)
    if(EXISTS /usr/include/${header})
      set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS /usr/include/${header})
    endif()
  endforeach()
endfunction()

function(dossier_use_precompiled target name)
  if(DOSSIER_PCH)
    target_precompile_headers(${target} REUSE_FROM ${name})
  endif()
endfunction()

dossier_precompiled(dossier_headers HEADERS
  <algorithm> <array> <atomic> <charconv> <chrono> <condition_variable> <deque> <exception> <expected> <filesystem>
  <functional> <map> <memory> <mutex> <optional> <span> <string> <string_view> <thread> <unordered_map> <utility>
  <variant> <vector>
  <boost/asio/co_spawn.hpp> <boost/asio/detached.hpp> <boost/asio/io_context.hpp> <boost/asio/post.hpp>
  <boost/asio/steady_timer.hpp> <boost/asio/this_coro.hpp> <boost/asio/use_awaitable.hpp>
  <fmt/format.h>)
if(TARGET dossier_headers)
  target_compile_options(dossier_headers PRIVATE ${DOSSIER_WATCHED})
endif()
