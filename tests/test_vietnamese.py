"""Vietnamese as data: one form in, one order and one search key out."""

from __future__ import annotations

import random
import unicodedata
from decimal import Decimal

import pytest
from django.contrib.auth import get_user_model
from hypothesis import given
from hypothesis import strategies as st

from learning.vietnamese import format_decimal, name_sort_key, nfc, search_key
from tests.factories import UserFactory

# In the order a Vietnamese reader expects: by given name, letters before tones.
GIVEN_NAMES = [
    "An", "Ánh", "Ân", "Bình", "Chi", "Dũng", "Duy", "Dương", "Đào", "Đức", "Hoa", "Hòa", "Hỏa",
    "Hõa", "Hóa", "Họa", "Lan", "Linh", "Ngọc", "Oanh", "Ôn", "Ơn", "Tú", "Uyên", "Ước", "Vy", "Ý",
    "Zung",
]  # fmt: skip
# Same given name: the words before it decide; and a given name alone stands before all of them.
WHOLE_NAMES = ["Đức", "Đặng Văn Đức", "Lê Đức", "Lê Văn Đức", "Nguyễn An Đức", "Zung Đức"]

VIETNAMESE = (
    "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵ"
)
names = st.text(VIETNAMESE + VIETNAMESE.upper() + " ", min_size=1, max_size=60)


def nfd(text: str) -> str:
    return unicodedata.normalize("NFD", text)


def test_vietnamese_letters_above_are_in_one_form():
    assert all(
        unicodedata.is_normalized("NFC", x) for x in [*GIVEN_NAMES, *WHOLE_NAMES, VIETNAMESE]
    )


@pytest.mark.parametrize("expected", [GIVEN_NAMES, WHOLE_NAMES])
def test_names_sort_as_vietnamese_readers_expect(expected):
    shuffled = random.Random(7).sample(expected, len(expected))
    assert sorted(shuffled, key=name_sort_key) == expected
    assert sorted(map(nfd, shuffled), key=name_sort_key) == [nfd(name) for name in expected]


def test_the_family_name_does_not_come_first():
    assert sorted(["An Zung", "Zung An"], key=name_sort_key) == ["Zung An", "An Zung"]


@pytest.mark.django_db
def test_the_database_sorts_people_the_same_way():
    for name in random.Random(3).sample(GIVEN_NAMES, len(GIVEN_NAMES)):
        UserFactory(full_name=nfd(f"Trần Thị {name}"))
    found = get_user_model().objects.values_list("full_name", flat=True)
    assert list(found) == [f"Trần Thị {name}" for name in GIVEN_NAMES]


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["do hoa", "Đỗ Hòa", "ĐỖ HOÀ", nfd("đỗ hoà"), " do  hoa "])
def test_people_are_found_however_the_name_is_typed(typed):
    person = UserFactory(full_name="Đỗ Hoà")
    UserFactory(full_name="Đỗ Lan")
    assert list(get_user_model().objects.search(typed)) == [person]


@given(st.text(max_size=80))
def test_the_sort_key_is_digits_and_the_same_for_both_unicode_forms(text):
    key = name_sort_key(text)
    assert key == name_sort_key(nfd(text))
    assert key.isascii() and key.isdigit() and len(key) <= 255


@given(names)
def test_the_search_key_is_plain_stable_and_blind_to_form_and_case(name):
    key = search_key(name)
    assert key.isascii() and key == key.lower() and "  " not in key and key == key.strip()
    assert search_key(key) == key
    assert search_key(nfd(name)) == search_key(name.upper()) == search_key(f"  {name} ") == key


@given(names, names)
def test_what_is_contained_is_found(before, name):
    assert search_key(name) in search_key(f"{before} {name}")


@given(st.text(max_size=80))
def test_one_form_is_reached_in_one_step(text):
    assert nfc(nfc(text)) == nfc(text) == nfc(nfd(text))


def test_letters_with_a_stroke_and_both_ways_to_set_a_tone():
    assert search_key("Đặng Đình Đỉnh") == "dang dinh dinh"
    assert search_key("hoà") == search_key("hòa") == "hoa"
    assert name_sort_key("Hoà") == name_sort_key("Hòa") != name_sort_key("Hoa")
    assert name_sort_key("Dức") < name_sort_key("Đức")


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        (Decimal("1234.5"), 1, "1.234,5"),
        (3, 1, "3"),
        (Decimal("100.0"), 1, "100"),
        (1200, 0, "1.200"),
        (Decimal("66.67"), 2, "66,67"),
        (0, 1, "0"),
    ],
)
def test_numbers_are_written_as_in_vietnamese(value, places, text):
    assert format_decimal(value, places) == text
