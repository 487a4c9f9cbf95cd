"""The strings our own code asks to translate, and the catalogue that answers them.

Used by `manage.py update_messages` and by the test that no string is left untranslated. Babel and
polib are development tools, so they are imported only where they are used.

The catalogue may also hold strings of the platform (Wagtail, Django, axes) that nobody else has
translated. Such an entry carries the comment PLATFORM and is kept although our code lacks it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from polib import POEntry, POFile

ROOT = Path(__file__).resolve().parents[3]
CATALOGUE = ROOT / "site" / "portal" / "locale" / "vi" / "LC_MESSAGES" / "django.po"
PLATFORM = "platform"
SOURCES = ("site/portal", "learning", "quizzes", "templates", "static/js")
VENDORED = re.compile(r"(^|/)(vendor|node_modules)/|\.min\.js$")
TEMPLATE_SUFFIXES = {".html", ".txt", ".xml", ".svg"}
HEADER = {
    "Project-Id-Version": "van-hoa-shtt",
    "Language": "vi",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=utf-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=1; plural=0;",
}
# Which argument is what: 1 the text, 2 its plural, "c" the context.
KEYWORDS: dict[str, Any] = {
    "_": None,
    "_now": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(
    r"%\((\w+)\)[#0\- +]*\d*(?:\.\d+)?[diouxXeEfFgGcrs]|%[diouxXeEfFgGcrs]|\{(\w*)\}"
)

Key = tuple[str | None, str]


@dataclass
class Message:
    """One string to translate, with every place that asks for it."""

    msgid: str
    context: str | None = None
    plural: str = ""
    places: set[str] = field(default_factory=set)
    comments: set[str] = field(default_factory=set)

    @property
    def key(self) -> Key:
        return self.context, self.msgid


def extract() -> dict[Key, Message]:
    """Every translatable string of our own code, keyed by context and msgid.

    Raises ValueError with file and line where one msgid is used with two different plurals.
    """
    found: dict[Key, Message] = {}
    for path in source_files():
        name = path.relative_to(ROOT).as_posix()
        for line, context, msgid, plural, comments in _messages_of(path):
            message = found.setdefault((context, msgid), Message(msgid, context))
            if plural and message.plural not in ("", plural):
                raise ValueError(f"{name}:{line}: “{msgid}” has two plurals")
            message.plural = message.plural or plural
            message.places.add(name)
            message.comments.update(comments)
    return found


def source_files() -> Iterator[Path]:
    """Python, JavaScript and templates of the project in a stable order; not the course packs."""
    for folder in SOURCES:
        for path in sorted((ROOT / folder).rglob("*")):
            name = path.relative_to(ROOT).as_posix()
            is_template = "templates" in path.parts and path.suffix in TEMPLATE_SUFFIXES
            if path.suffix not in {".py", ".js"} and not is_template:
                continue
            if "/migrations/" in name or VENDORED.search(name):
                continue
            yield path


def _messages_of(path: Path) -> Iterator[tuple[int, str | None, str, str, list[str]]]:
    """(line, context, msgid, plural or "", translators' comments) of each string in one file."""
    from babel.messages.extract import extract as babel_extract
    from django.utils.translation.template import templatize

    text = path.read_text(encoding="utf-8")
    method = "javascript" if path.suffix == ".js" else "python"
    if path.suffix not in {".py", ".js"}:
        # Django turns the template into lines that look like Python calls; the indentation that is
        # left over from the markup would stop Babel's Python reader.
        text = "\n".join(line.strip() for line in templatize(text, origin=str(path)).splitlines())
    options = {"encoding": "utf-8", "parse_template_string": True}
    for line, message, comments, context in babel_extract(
        method, BytesIO(text.encode()), KEYWORDS, comment_tags=["Translators"], options=options
    ):
        msgid, plural = message if isinstance(message, tuple) else (message, "")
        if msgid:
            yield line, context, str(msgid), str(plural), list(comments)


def load_catalogue(path: Path = CATALOGUE) -> POFile:
    """The catalogue at `path`, or an empty one."""
    import polib

    if path.exists():
        return polib.pofile(str(path), wrapwidth=100)
    return polib.POFile(wrapwidth=100)


def merge(
    messages: dict[Key, Message],
    old: POFile,
    translations: dict[str, str],
    *,
    platform: bool = False,
) -> POFile:
    """A new catalogue of exactly `messages` and the platform's entries, sorted by first place.

    `translations` (see `lookup`) win over `old`. With `platform`, those of them that are not in our
    code become platform entries; otherwise they are left out.
    """
    import polib

    catalogue = polib.POFile(wrapwidth=100)
    catalogue.metadata = dict(HEADER)
    known: dict[Key, POEntry] = {
        (entry.msgctxt, entry.msgid): entry for entry in old if not entry.obsolete
    }
    for message in sorted(
        messages.values(), key=lambda m: (min(m.places), m.msgid, m.context or "")
    ):
        before = known.get(message.key)
        text = lookup(translations, message) or (translation_of(before) if before else "")
        entry = _entry(message, text)
        entry.occurrences = [(place, "") for place in sorted(message.places)]
        entry.comment = "\n".join(sorted(message.comments))
        catalogue.append(entry)
    kept = [entry for entry in known.values() if is_platform(entry)]
    foreign = {_message_of(key).key: (key, text) for key, text in translations.items()}
    for entry in sorted(kept, key=lambda e: (e.msgid, e.msgctxt or "")):
        if (entry.msgctxt, entry.msgid) not in messages and (
            not platform or (entry.msgctxt, entry.msgid) not in foreign
        ):
            catalogue.append(entry)
    if platform:
        for key, (name, text) in sorted(foreign.items(), key=lambda item: item[0][1]):
            if key not in messages:
                entry = _entry(_message_of(name), text)
                entry.tcomment = PLATFORM
                catalogue.append(entry)
    return catalogue


def _message_of(key: str) -> Message:
    """The message a key of a translations file names: `context\\x04one|many`."""
    context, _separator, text = key.rpartition("\x04")
    msgid, _bar, plural = text.partition("|")
    return Message(msgid, context or None, plural)


def lookup(translations: dict[str, str], message: Message) -> str:
    """The translation of `message`, whose key is its msgid, `one|many` or `context\\x04msgid`."""
    prefix = f"{message.context}\x04" if message.context else ""
    for key in (f"{prefix}{message.msgid}|{message.plural}", f"{prefix}{message.msgid}"):
        if translations.get(key):
            return translations[key]
    return ""


def _entry(message: Message, text: str) -> POEntry:
    import polib

    entry = polib.POEntry(msgid=message.msgid, msgctxt=message.context)
    if message.plural:
        entry.msgid_plural = message.plural
        entry.msgstr_plural = {0: text}
    else:
        entry.msgstr = text
    if PLACEHOLDER.search(message.msgid + message.plural):
        entry.flags = ["python-format" if "%" in message.msgid else "python-brace-format"]
    return entry


def translation_of(entry: POEntry) -> str:
    """The Vietnamese text of an entry, which has one plural form only."""
    return str(entry.msgstr_plural.get(0, "") if entry.msgid_plural else entry.msgstr)


def is_platform(entry: POEntry) -> bool:
    return str(entry.tcomment or "").startswith(PLATFORM)


def placeholders(text: str) -> set[str]:
    """What is filled in at run time: `%(name)s`, `{name}`, `%s`. A literal `%%` is none."""
    return {match.group(0) for match in PLACEHOLDER.finditer(text.replace("%%", ""))}


def problems_of(entry: POEntry) -> list[str]:
    """What keeps an entry from being shown as it should, in words; empty if nothing."""
    text = translation_of(entry)
    where = f"“{entry.msgid}”"
    if not text.strip():
        return [f"{where} has no translation"]
    problems = [f"{where} is fuzzy"] if entry.fuzzy else []
    allowed = placeholders(entry.msgid) | placeholders(entry.msgid_plural or "")
    # The singular may say "one" without its number; Vietnamese has a single form that must count.
    needed = placeholders(entry.msgid_plural or entry.msgid)
    used = placeholders(text)
    if not needed <= used <= allowed:
        problems.append(f"{where} must fill in {sorted(needed)}, its translation {sorted(used)}")
    for edge, position in (("starts", 0), ("ends", -1)):
        if (entry.msgid[position] == "\n") != (text[position] == "\n"):
            problems.append(f"{where}: only one of the two {edge} with a line break")
    return problems


def untranslated(catalogue: Iterable[POEntry]) -> list[POEntry]:
    return [entry for entry in catalogue if not translation_of(entry).strip()]


def save(catalogue: POFile, path: Path = CATALOGUE) -> None:
    """Write the catalogue and its compiled `.mo`, which Django reads (no gettext tools needed)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    catalogue.save(str(path))
    catalogue.save_as_mofile(str(path.with_suffix(".mo")))
