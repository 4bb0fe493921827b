# The compiler enforces the arrows between the folders of src/.
#
# Every target sees the sources through a folder of links. It holds links to the target's own folder and to those that
# it may use, nothing else: an include against the arrows does not find its file. An include that climbs out of its
# folder (#include "../web/x.h") would find it, so ./test lint refuses those.
function(dossier_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;USES" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  dossier_may_include(${name} ${name} ${ARG_USES})
  target_link_libraries(${name} PUBLIC ${ARG_USES})
  target_compile_options(${name} PRIVATE ${DOSSIER_WATCHED})
  dossier_use_precompiled(${name} dossier_headers)
endfunction()

# May be called again for more folders. Removes links to folders that the target may no longer use.
function(dossier_may_include target)
  set(view ${CMAKE_BINARY_DIR}/arrows/${target})
  file(MAKE_DIRECTORY ${view})
  set_property(TARGET ${target} APPEND PROPERTY DOSSIER_MAY_INCLUDE ${ARGN})
  get_property(allowed TARGET ${target} PROPERTY DOSSIER_MAY_INCLUDE)
  file(GLOB links RELATIVE ${view} ${view}/*)
  foreach(link IN LISTS links)
    if(NOT link IN_LIST allowed)
      file(REMOVE ${view}/${link})
    endif()
  endforeach()
  foreach(folder IN LISTS ARGN)
    if(NOT EXISTS ${view}/${folder} AND EXISTS ${CMAKE_SOURCE_DIR}/src/${folder})
      file(CREATE_LINK ${CMAKE_SOURCE_DIR}/src/${folder} ${view}/${folder} SYMBOLIC)
    endif()
  endforeach()
  target_include_directories(${target} PRIVATE ${view})
endfunction()
