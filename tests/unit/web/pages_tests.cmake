dossier_test(pages_tests
  SOURCES
    pages_highlight_test.cc
    pages_query_test.cc
    pages_render_test.cc
    pages_site_test.cc
    pages_static_test.cc
    pages_words_test.cc
  USES web http domain base)
