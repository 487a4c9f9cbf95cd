"""Files from strangers: bombs, traps and ways out are refused with a sentence."""

from __future__ import annotations

import io
import stat
import struct
import warnings
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizzes.exchange import archives, pictures, xml
from quizzes.exchange.archives import read_archive, write_archive
from quizzes.exchange.base import FileError
from quizzes.exchange.formats.moodle_xml import MoodleXml
from quizzes.exchange.formats.qti import Qti21, Qti30
from quizzes.exchange.formats.word import Word
from quizzes.exchange.html import html_of, plain_of_html, through_html
from quizzes.exchange.xml import parse_xml
from tests.quizzes.exchange.drafts import picture_bytes, texts
from tests.quizzes.exchange.english import english

__all__ = ["english"]

FORMATS = [MoodleXml(), Qti21(), Qti30(), Word()]
_LAUGHS = b"".join(
    b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10 if n else b"ha") for n in range(10)
)
TRAPS = {
    "laughs": b"<!DOCTYPE quiz [" + _LAUGHS + b"]><quiz>&a9;</quiz>",
    "in an attribute": b"<!DOCTYPE quiz [" + _LAUGHS + b']><quiz a="&a9;"/>',
    "file": b'<!DOCTYPE quiz [<!ENTITY x SYSTEM "file:///etc/passwd">]><quiz>&x;</quiz>',
    "network": b'<!DOCTYPE quiz SYSTEM "http://example.invalid/x.dtd"><quiz/>',
    "after a comment": b"<?xml version='1.0'?><!-- <quiz> --><!DOCTYPE quiz []><quiz/>",
    "UTF-16": "<?xml version='1.0' encoding='UTF-16'?><!DOCTYPE quiz []><quiz/>".encode("utf-16"),
    "far behind": b"<!--" + b"x" * 40_000 + b"--><!DOCTYPE quiz []><quiz/>",
}


def refusal(data: bytes) -> str:
    """The sentence an archive or a document is refused with."""
    with pytest.raises(FileError) as error:
        read_archive(data) if data[:2] == b"PK" else parse_xml(data)
    return str(error.value)


@pytest.mark.parametrize("name", TRAPS)
def test_document_types_are_refused(name: str) -> None:
    assert refusal(TRAPS[name]) == (
        "The file has a document type (DOCTYPE). Such files are not read: they may be traps."
    )


def test_a_document_type_inside_a_text_is_a_text() -> None:
    root = parse_xml(b"<quiz><![CDATA[<!DOCTYPE html [<!ENTITY a 'b'>]>]]></quiz>")
    assert root.text == "<!DOCTYPE html [<!ENTITY a 'b'>]>"


def test_documents_too_deep_or_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    deep = b"<a>" * 150 + b"</a>" * 150
    assert refusal(deep) == "Line 1: elements stand more than 100 deep in each other."
    assert refusal(b"<a>" * 100_000).startswith("Line 1: the file is no well-formed XML")
    monkeypatch.setattr(xml, "MOST_ELEMENTS", 10)
    assert refusal(b"<a>" + b"<b/>" * 20 + b"</a>") == "The file has more than 10 elements."
    monkeypatch.setattr(xml, "MOST_BYTES", 1024)
    assert refusal(b"<a>" + b"x" * 2000 + b"</a>") == "The file is larger than 0 MB."


def test_malformed_documents_name_the_line() -> None:
    assert refusal(b"<a>\n<b>\n</a>") == ("Line 3: the file is no well-formed XML from here on.")
    assert refusal(b"<?xml version='1.0' encoding='x-none'?><a/>").startswith("Line 1")


def archive(*members: tuple[str, bytes], mode: int = 0o100644) -> bytes:
    """An archive of these members, whatever their names."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members:
            member = zipfile.ZipInfo(name)
            member.external_attr = mode << 16
            member.compress_type = zipfile.ZIP_DEFLATED
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                made.writestr(member, content)
    return target.getvalue()


@pytest.mark.parametrize(
    "name", ["../a.xml", "/etc/passwd", "a/../../b", "C:/a", "a/..", "x\\..\\y"]
)
def test_paths_that_lead_out_are_refused(name: str) -> None:
    # ZipInfo mends some names itself: they are put in afterwards, of the same length.
    harmless = "n" * len(name)
    data = archive((harmless, b"x")).replace(harmless.encode(), name.encode())
    assert refusal(data).startswith("The archive holds a path that leads out of it: «")


def test_links_and_doubles_are_refused() -> None:
    link = archive(("a", b"/etc/passwd"), mode=stat.S_IFLNK | 0o777)
    assert refusal(link) == "The archive holds a link instead of a file: «a»."
    assert refusal(archive(("a.xml", b"1"), ("A.xml", b"2"))) == (
        "The archive holds «A.xml» twice."
    )


def test_archives_that_swell_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = archive(("a.xml", b"\0" * 40_000_000))
    assert len(bomb) < 60_000
    assert refusal(bomb) == "The archive swells too much when it is unpacked."
    monkeypatch.setattr(archives, "MOST_UNPACKED", 5000)
    several = archive(*[(f"{n}.xml", b"x" * 2000) for n in range(3)])
    assert refusal(several) == "The archive swells too much when it is unpacked."
    monkeypatch.setattr(archives, "MOST_FILES", 2)
    assert refusal(several) == "The archive holds more than 2 files."


def test_an_archive_that_lies_about_sizes_is_refused() -> None:
    data = bytearray(archive(("a.xml", b"x" * 5000)))
    size = struct.pack("<L", 5000)
    where = data.rindex(size)
    data[where : where + 4] = struct.pack("<L", 10)
    assert refusal(bytes(data)) == "The file is no archive (ZIP), or a damaged one."


def test_archives_come_back() -> None:
    files = {"a.xml": b"<a/>", "pictures/ảnh.png": b"\0\1"}
    assert read_archive(write_archive(files)) == files
    assert write_archive(files) == write_archive(files)


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
def test_no_bytes_do_more_than_be_refused(form: MoodleXml) -> None:
    @settings(max_examples=60, deadline=None)
    @given(
        st.one_of(
            st.binary(max_size=200),
            st.binary(max_size=100).map(lambda rest: b"PK\x03\x04" + rest),
            st.text(max_size=60).map(
                lambda text: f"<quiz>{text}</quiz>".encode("utf-8", "replace")
            ),
        )
    )
    def check(data: bytes) -> None:
        try:
            form.read(data)
        except FileError as error:
            assert str(error)

    check()


@settings(max_examples=100, deadline=None)
@given(texts)
def test_plain_texts_survive_html(text: str) -> None:
    assert plain_of_html(html_of(text)).text == text == through_html(text)


@settings(max_examples=100, deadline=None)
@given(st.text(st.sampled_from("<>/&;\"'= \nabpdivscriptstyle!-[]"), max_size=60))
def test_any_html_becomes_a_text(html: str) -> None:
    assert "\0" not in plain_of_html(html).text


def test_scripts_and_styles_say_nothing() -> None:
    plain = plain_of_html("<script>alert(1)</script><style>p{}</style><p onclick=x()>Chữ</p>")
    assert plain.text == "Chữ"


def test_pictures_are_told_by_their_bytes() -> None:
    data = picture_bytes("red", (3, 5))
    assert pictures.media_type(data) == "image/png"
    assert pictures.media_type(b"<svg onload='x()'/>") == ""
    assert pictures.read_picture("a.png", b"MZ") is None
    assert pictures.size_of(data) == (3, 5)
    assert pictures.size_of(data[:20]) is None
    assert pictures.safe_name("../../Ảnh số 1?.PNG", ["Ảnh-số-1.png"]) == "Ảnh-số-1-2.png"


@given(st.lists(st.integers(0, 1000), min_size=3, max_size=4))
def test_regions_survive_pictures_of_a_thousand_pixels(numbers: list[int]) -> None:
    area = ",".join(map(str, numbers))
    pixels = pictures.pixels_of(area, (1000, 2000))
    assert pictures.area_of([pictures.Decimal(one) for one in pixels], (1000, 2000)) == area
