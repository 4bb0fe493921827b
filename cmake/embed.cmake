# Puts files into the binary: dossier_embed(TARGET NAME ROOT file...) adds a source to TARGET that defines
#   namespace dossier::embedded { std::span<const base::embedded_file> NAME(); }
# with each file's path relative to ROOT.
function(dossier_embed target name root)
  set(output ${CMAKE_CURRENT_BINARY_DIR}/embedded_${name}.cc)
  set(paths)
  foreach(file IN LISTS ARGN)
    list(APPEND paths ${root}/${file})
  endforeach()
  string(REPLACE ";" "|" files "${ARGN}")
  add_custom_command(OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DNAME=${name} -DROOT=${root} "-DFILES=${files}" -DOUTPUT=${output}
            -P ${CMAKE_SOURCE_DIR}/cmake/embed_script.cmake
    DEPENDS ${paths} ${CMAKE_SOURCE_DIR}/cmake/embed_script.cmake VERBATIM)
  target_sources(${target} PRIVATE ${output})
endfunction()
