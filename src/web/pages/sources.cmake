# What a person sees: the pages, their templates and static files. Included by src/web/CMakeLists.txt.
target_sources(web PRIVATE
  pages/answer.cc
  pages/catalog_page.cc
  pages/delete_page.cc
  pages/directory_page.cc
  pages/directory_query.cc
  pages/edit_page.cc
  pages/employee_page.cc
  pages/error_page.cc
  pages/error_summary.cc
  pages/form_fields.cc
  pages/highlight.cc
  pages/page.cc
  pages/page_routes.cc
  pages/person_parts.cc
  pages/record_page.cc
  pages/remove_file_page.cc
  pages/static_files.cc
  pages/submit_page.cc
  pages/submitted_page.cc
  pages/words.cc)

dossier_embed(web page_templates ${CMAKE_SOURCE_DIR}/ui/templates
  catalog.html
  delete.html
  directory.html
  employee.html
  error.html
  error_summary.html
  file_list.html
  frame_bottom.html
  frame_top.html
  record.html
  remove_file.html
  submit.html
  submitted.html)

dossier_embed(web page_static ${CMAKE_SOURCE_DIR}/ui/static
  app.js
  choosing.js
  favicon.svg
  leaving.js
  making.js
  preview.js
  print.css
  problems.js
  sending.js
  style.css
  upload.js)
