"""Every string a person may see has its Vietnamese text."""

from __future__ import annotations

import json
import re
from io import StringIO

import polib
import pytest
from django.core.management import call_command

from portal.operations import messages


@pytest.fixture(scope="module")
def catalogue() -> polib.POFile:
    return messages.load_catalogue()


@pytest.fixture(scope="module")
def asked() -> dict[messages.Key, messages.Message]:
    return messages.extract()


def keys(entries) -> set[messages.Key]:
    return {(entry.msgctxt, entry.msgid) for entry in entries}


def test_strings_are_found_in_code_and_templates(asked):
    places = {place for message in asked.values() for place in message.places}
    assert {place.rpartition(".")[2] for place in places} >= {"py", "html"}


def test_every_name_of_gettext_is_looked_for():
    """A function imported under a name the extraction doesn't know would hide its strings."""
    renamed = re.compile(r"\b\w*gettext\w* as (\w+)")
    used = {
        name
        for path in messages.source_files()
        if path.suffix == ".py"
        for name in renamed.findall(path.read_text(encoding="utf-8"))
    }
    assert used <= set(messages.KEYWORDS)


def test_every_string_is_in_the_catalogue(asked, catalogue):
    assert sorted(set(asked) - keys(catalogue), key=str) == []


def test_every_entry_is_translated_with_its_placeholders(catalogue):
    assert [problem for entry in catalogue for problem in messages.problems_of(entry)] == []


def test_plurals_are_those_of_the_code(asked, catalogue):
    plurals = {(entry.msgctxt, entry.msgid): entry.msgid_plural or "" for entry in catalogue}
    wrong = [key for key, message in asked.items() if plurals.get(key, "") != message.plural]
    assert wrong == []


def test_nothing_obsolete_is_kept(asked, catalogue):
    ours = [entry for entry in catalogue if not messages.is_platform(entry)]
    assert sorted(keys(ours) - set(asked), key=str) == []
    assert catalogue.obsolete_entries() == []


def test_compiled_catalogue_is_current(catalogue):
    compiled = messages.CATALOGUE.with_suffix(".mo")
    assert compiled.read_bytes() == catalogue.to_binary(), "run make messages"


@pytest.fixture
def small_project(tmp_path, monkeypatch):
    """A project with one template and one module, and a catalogue of its own."""
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "page.html").write_text(
        '<ul>\n      <li>{% translate "Home" %}</li>\n  '
        "{% blocktranslate count n=n %}{{ n }} lesson{% plural %}{{ n }} lessons"
        "{% endblocktranslate %}\n</ul>",
        encoding="utf-8",
    )
    (tmp_path / "learning").mkdir()
    (tmp_path / "learning" / "views.py").write_text(
        'def f():\n    return pgettext_lazy("button", "Open"), _("Hello %(name)s")\n',
        encoding="utf-8",
    )
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    path = tmp_path / "django.po"
    monkeypatch.setattr(messages, "CATALOGUE", path)
    monkeypatch.setattr(messages.load_catalogue, "__defaults__", (path,))
    monkeypatch.setattr(messages.save, "__defaults__", (path,))
    return tmp_path


def update(project, translations: dict[str, str], *options: str) -> tuple[dict[str, str], str]:
    """Run the command; (the catalogue as msgid → text, what it printed)."""
    file = project / "extra.json"
    file.write_text(json.dumps(translations), encoding="utf-8")
    output = StringIO()
    call_command("update_messages", "--from", str(file), *options, stdout=output)
    new = messages.load_catalogue()
    return {entry.msgid: messages.translation_of(entry) for entry in new}, output.getvalue()


def test_update_merges_keeps_and_drops(small_project):
    first = {
        "Home": "Trang chủ",
        "%(n)s lesson|%(n)s lessons": "%(n)s bài",
        "button\x04Open": "Mở",
        "Nobody asks": "Không ai hỏi",
    }
    texts, output = update(small_project, first)
    assert texts == {
        "Hello %(name)s": "",
        "Home": "Trang chủ",
        "%(n)s lesson": "%(n)s bài",
        "Open": "Mở",
    }
    assert "untranslated: 'Hello %(name)s'" in output
    assert "not used: 'Nobody asks'" in output

    (small_project / "templates" / "page.html").unlink()
    texts, output = update(small_project, {"Hello %(name)s": "Chào %(ten)s"})
    assert texts == {"Hello %(name)s": "Chào %(ten)s", "Open": "Mở"}
    assert "must fill in ['%(name)s']" in output


def test_update_keeps_the_platforms_strings(small_project):
    texts, _output = update(small_project, {"Sign in": "Đăng nhập"}, "--platform")
    assert texts["Sign in"] == "Đăng nhập"
    texts, _output = update(small_project, {})
    assert texts["Sign in"] == "Đăng nhập"
