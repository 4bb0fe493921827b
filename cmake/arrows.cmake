# The arrows between the folders of src/, kept by the compiler.
#
# Every target sees the sources through a folder of links that holds itself and what it may use,
# nothing else: an include against the arrows does not find its file.
function(dossier_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;USES" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  dossier_may_include(${name} ${name} ${ARG_USES})
  target_link_libraries(${name} PUBLIC ${ARG_USES})
endfunction()

function(dossier_may_include target)
  set(view ${CMAKE_BINARY_DIR}/arrows/${target})
  file(MAKE_DIRECTORY ${view})
  foreach(folder IN LISTS ARGN)
    if(NOT EXISTS ${view}/${folder} AND EXISTS ${CMAKE_SOURCE_DIR}/src/${folder})
      file(CREATE_LINK ${CMAKE_SOURCE_DIR}/src/${folder} ${view}/${folder} SYMBOLIC)
    endif()
  endforeach()
  target_include_directories(${target} PRIVATE ${view})
endfunction()
