"""Codes survive being read out and typed by hand."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from learning.certificates.codes import ALPHABET, new_code, printed, read_code

CODES = st.text(ALPHABET, min_size=13, max_size=13).map(lambda signs: printed(signs, check=True))


def test_new_codes_are_fourteen_signs_in_groups():
    code = new_code()
    assert [len(group) for group in code.split("-")] == [4, 4, 4, 2]
    assert read_code(code) == code
    assert new_code() != code


@given(CODES)
def test_a_code_reads_as_itself_however_it_is_spaced(code):
    assert read_code(code.lower().replace("-", " ")) == code


@given(CODES, st.integers(0, 13), st.sampled_from(ALPHABET))
def test_one_wrong_sign_is_always_found(code, place, sign):
    signs = code.replace("-", "")
    wrong = signs[:place] + sign + signs[place + 1 :]
    assert (read_code(wrong) is None) is (wrong != signs)


@given(CODES, st.integers(0, 11))
def test_a_swap_of_neighbours_is_always_found(code, place):
    signs = code.replace("-", "")
    swapped = signs[:place] + signs[place + 1] + signs[place] + signs[place + 2 :]
    assert (read_code(swapped) is None) is (swapped != signs)


@given(st.text(max_size=30))
def test_anything_may_be_typed(typed):
    assert read_code(typed) is None or len(read_code(typed)) == 17
