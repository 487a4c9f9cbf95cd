"""The glossary in the lessons' text: where a term first stands, its definition can be shown.

Marking is pure: it finds terms in finished HTML and puts what `mark` makes in their place; nothing
else of the HTML is written anew, so no markup can be lost or broken on the way.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from html import escape
from html.parser import HTMLParser
from itertools import groupby

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from learning.courses.models import Source, Term
from learning.courses.stamp import StampedCache, content_stamp
from learning.vietnamese import initial, nfc, word_sort_key

# Combining marks are what NFC leaves of letters that have no form of their own.
_BEFORE, _AFTER = r"(?<!\w)", r"(?!\w|[\u0300-\u036f])"
# Letters joined by - / . @ are one word: «633/SHTT-NĐHT» is the number of a letter and
# «ipvietnam.gov.vn» an address, neither speaks of what its parts mean.
_NOT_JOINED = r"(?<![^\W_][-/.@])", r"(?![-/.@][^\W_])"
_APOSTROPHE = "(?:'|’|&#x27;|&#39;|&rsquo;)"
_SPACE = r"(?:\s|&nbsp;)+"

_VOID = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "source",
        "track",
        "wbr",
    ]
)
# Tags inside which, and across which, a word goes on.
_INLINE = frozenset(
    [
        "a",
        "abbr",
        "b",
        "bdi",
        "bdo",
        "cite",
        "del",
        "dfn",
        "em",
        "i",
        "ins",
        "mark",
        "q",
        "s",
        "samp",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "u",
        "var",
    ]
)
# Where a button has no place, or a definition would be in the way.
_LEFT_ALONE = frozenset(
    [
        "a",
        "audio",
        "button",
        "code",
        "dfn",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "head",
        "iframe",
        "label",
        "legend",
        "math",
        "nav",
        "noscript",
        "object",
        "pre",
        "script",
        "select",
        "style",
        "summary",
        "svg",
        "template",
        "textarea",
        "title",
        "video",
    ]
)
# Headings, labels, figures and sources that are not called so by their tag (see templates).
_CLASSES_LEFT_ALONE = frozenset(
    ("callout__title", "case__label", "case__who", "fact__n", "local__label", "source")
)


@dataclass(frozen=True)
class Entry:
    """A term in one language; `other` is the term in the other one, "" where it is the same."""

    key: str
    word: str
    other: str
    meaning: str
    forms: tuple[str, ...]


class Glossary:
    """Terms to look for in a text; where two share a form, the first one has it."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries = tuple(entries)

    @cached_property
    def _forms(self) -> list[tuple[str, Entry]]:
        """Every form once, the longest first: at any place the longest wins."""
        forms: dict[str, tuple[str, Entry]] = {}
        for entry in self.entries:
            for form in map(nfc, entry.forms):
                if form:
                    forms.setdefault(form.casefold(), (form, entry))
        return sorted(forms.values(), key=lambda pair: -len(pair[0]))

    @cached_property
    def _pattern(self) -> re.Pattern[str] | None:
        if not self._forms:
            return None
        forms = "|".join(f"({_form_pattern(form)})" for form, _entry in self._forms)
        return re.compile(f"{_BEFORE}(?:{forms}){_AFTER}", re.IGNORECASE)

    def find(self, text: str) -> Iterable[tuple[int, int, Entry]]:
        """Start, end and term of every form that stands in `text` (NFC), from left to right."""
        if self._pattern is not None:
            for match in self._pattern.finditer(text):
                assert match.lastindex is not None
                yield match.start(), match.end(), self._forms[match.lastindex - 1][1]


def _form_pattern(form: str) -> str:
    words = [re.escape(escape(word, quote=False)) for word in form.split()]
    pattern = _SPACE.join(words).replace("'", _APOSTROPHE)
    if len(words) > 1:
        return pattern
    # «IP» and «GI» are terms, «ip» and «gi» are not; longer short forms cannot be mistaken.
    exact = len(form) == 2 and form.isupper()
    before, after = _NOT_JOINED
    return f"{before}{f'(?-i:{pattern})' if exact else pattern}{after}"


# --- finding the text in HTML -------------------------------------------------------------------


@dataclass(frozen=True)
class _Run:
    """Text from `start` to `end` without a tag in it; `joined` to the run before it, as one word
    may go on across a tag like <b>; `open` where terms may be marked."""

    start: int
    end: int
    joined: bool
    open: bool


class _Runs(HTMLParser):
    """The runs of text of an HTML fragment, by their places in it."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=False)
        self.runs: list[_Run] = []
        self._html = html
        self._lines = [0, *(match.end() for match in re.finditer("\n", html))]
        self._stack: list[tuple[str, bool]] = []
        self._cut = True
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._cut = self._cut or tag not in _INLINE
        if tag not in _VOID:
            classes = (dict(attrs).get("class") or "").split()
            closed = tag in _LEFT_ALONE or not _CLASSES_LEFT_ALONE.isdisjoint(classes)
            self._stack.append((tag, closed))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # In HTML the slash says nothing, in a drawing it closes; drawings are left alone as one.
        if not any(name in ("svg", "math") for name, _closed in self._stack):
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        self._cut = self._cut or tag not in _INLINE
        places = [place for place, (name, _closed) in enumerate(self._stack) if name == tag]
        if places:
            # A link that was never closed goes on after its paragraph, browsers say.
            links = [item for item in self._stack[places[-1] + 1 :] if item[0] == "a"]
            self._stack[places[-1] :] = links

    def handle_data(self, data: str) -> None:
        self._text(data)

    def handle_entityref(self, name: str) -> None:
        self._text(f"&{name}")

    def handle_charref(self, name: str) -> None:
        self._text(f"&#{name}")

    def _text(self, raw: str) -> None:
        line, column = self.getpos()
        start = self._lines[line - 1] + column
        end = start + len(raw)
        if self._html[start:end] != raw:
            return
        if raw.startswith("&") and len(raw) > 1 and self._html[end : end + 1] == ";":
            end += 1
        last = self.runs[-1] if self.runs else None
        if last is not None and last.end == start and not self._cut:
            self.runs[-1] = _Run(last.start, end, last.joined, last.open)
            return
        is_open = not any(closed for _tag, closed in self._stack)
        self.runs.append(_Run(start, end, not self._cut, is_open))
        self._cut = False


def mark_terms(html: str, glossary: Glossary, mark: Callable[[Entry, str], str]) -> str:
    """`html` with each term of the glossary marked once, where it first stands in running text.

    `mark` gets the term and the HTML text that was found, and returns what stands in its place.
    Left alone: links, headings, forms and sources; terms inside a longer term; terms that a tag
    divides. Text in which terms are looked for becomes NFC; everything else stays as it is.
    """
    runs = _Runs(html).runs
    texts = [unicodedata.normalize("NFC", html[run.start : run.end]) for run in runs]
    # One text to search, so that a word that goes on in <b> is seen whole; runs end at their tag.
    pieces, starts, length = [], [], 0
    for run, text in zip(runs, texts, strict=True):
        gap = "" if run.joined else "\0"
        starts.append(length + len(gap))
        pieces.append(gap + text)
        length += len(gap) + len(text)
    found: dict[int, list[tuple[int, int, Entry]]] = {}
    marked: set[str] = set()
    place = 0
    for start, end, entry in glossary.find("".join(pieces)):
        while place + 1 < len(starts) and starts[place + 1] <= start:
            place += 1
        inside = end <= starts[place] + len(texts[place])
        if inside and runs[place].open and entry.key not in marked:
            marked.add(entry.key)
            found.setdefault(place, []).append((start - starts[place], end - starts[place], entry))
    return _spliced(html, runs, texts, found, mark)


def _spliced(
    html: str,
    runs: list[_Run],
    texts: list[str],
    found: dict[int, list[tuple[int, int, Entry]]],
    mark: Callable[[Entry, str], str],
) -> str:
    parts, done = [], 0
    for place, run in enumerate(runs):
        if not run.open:
            continue
        parts.append(html[done : run.start])
        done, at, text = run.end, 0, texts[place]
        for start, end, entry in found.get(place, ()):
            parts += [text[at:start], mark(entry, text[start:end])]
            at = end
        parts.append(text[at:])
    return "".join([*parts, html[done:]])


# --- the glossary of the site -------------------------------------------------------------------

_kept = StampedCache[Glossary]()


def get_glossary(*, stamp: str | None = None) -> Glossary:
    """All terms in the page's language; one query when published content changed."""
    return _kept.get(get_language(), _read, stamp=stamp or content_stamp())


def _read() -> Glossary:
    return Glossary(map(_entry, Term.objects.order_by("pk")))


def _entry(term: Term) -> Entry:
    other = term.term if term.word == term.term_en else term.term_en
    return Entry(
        key=term.key,
        word=term.word,
        other="" if other == term.word else other,
        meaning=term.meaning,
        forms=tuple(term.forms),
    )


def mark_first_terms(html: SafeString, *, stamp: str | None = None) -> SafeString:
    """A lesson's rendered body with its terms marked, each with its definition beside it."""
    context = {
        "other_language": "vi" if get_language() == "en" else "en",
        "glossary_url": reverse("courses:glossary"),
    }

    def mark(entry: Entry, found: str) -> str:
        shown = {"entry": entry, "found": mark_safe(found)}  # noqa: S308 (a piece of `html`)
        return render_to_string("courses/gloss.html", context | shown).strip()

    marked = mark_terms(html, get_glossary(stamp=stamp), mark)
    return mark_safe(marked)  # noqa: S308 (safe HTML with a template's output in it)


def sections() -> list[tuple[str, list[tuple[Entry, Source | None]]]]:
    """All terms with their sources in the order of the page's language, by initial; one query."""
    terms = [(_entry(term), term.source) for term in Term.objects.select_related("source")]
    terms.sort(key=lambda pair: (word_sort_key(pair[0].word), pair[0].key))
    return [(letter, list(group)) for letter, group in groupby(terms, lambda x: initial(x[0].word))]
