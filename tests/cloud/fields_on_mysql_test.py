"""A fifth field on MySQL: see tests/integration/fifth_field_test.py."""

from fifth_field_test import expect_it_everywhere, five


def test_it_is_on_every_page_in_the_api_the_filters_and_the_search(deployment):
    expect_it_everywhere(deployment.node(binary=five()))
