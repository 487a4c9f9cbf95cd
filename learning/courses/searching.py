"""Searching lessons, the glossary and the sources: with or without marks, all words must occur."""

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, NamedTuple

from django.core.paginator import Page as PageOfResults
from django.core.paginator import Paginator
from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When
from django.urls import reverse
from django.utils.translation import get_language

from learning.courses.findable import WORD, source_titles, word_key, words_of
from learning.courses.models import FindableText, LessonPage, Source
from learning.courses.outline import LessonOutline, ModuleOutline
from learning.courses.queries import ORIGINAL, get_course_keys, get_outline
from learning.courses.stamp import StampedCache, content_stamp
from learning.vietnamese import nfc, search_key

MOST_LETTERS = 100
PAGE_SIZE = 20
KINDS = (FindableText.Kind.LESSON, FindableText.Kind.TERM, FindableText.Kind.SOURCE)
# A word of this many letters also finds longer ones that begin with it («patent», «patents»);
# shorter ones would find half the syllables of Vietnamese.
_PREFIX_FROM = 4
_WORDS_BEFORE, _WORDS_IN_SNIPPET = 8, 36
_MOST_SUGGESTIONS = 3


@dataclass(frozen=True)
class Query:
    """What somebody looks for: as typed (NFC), and its words without marks, in order."""

    typed: str
    words: tuple[str, ...]

    @classmethod
    def of(cls, typed: str) -> "Query":
        """The query in what was typed."""
        return cls(nfc(typed), tuple(words_of(typed).split()))

    @property
    def is_too_long(self) -> bool:
        return len(self.typed) > MOST_LETTERS

    @property
    def is_askable(self) -> bool:
        return bool(self.words) and not self.is_too_long

    @property
    def phrase(self) -> str:
        return " ".join(self.words)

    def hits(self, word: str) -> frozenset[str]:
        """Which of the query's words the word without marks `word` is an answer to."""
        return frozenset(
            asked
            for asked in self.words
            if word == asked or (len(asked) >= _PREFIX_FROM and word.startswith(asked))
        )


@dataclass(frozen=True)
class Part:
    """A piece of text, `hit` where it is what was looked for."""

    text: str
    hit: bool


@dataclass(frozen=True)
class Result:
    """One thing found: a lesson with its place; a source, whose `url` is "" where it is nowhere
    online, with its title in the other language where that is what was looked for."""

    kind: str
    title: list[Part]
    snippet: list[Part]
    url: str
    other_title: list[Part] = field(default_factory=list)
    module: ModuleOutline | None = None
    lesson: LessonOutline | None = None


@dataclass(frozen=True)
class Findings:
    """One page of what was found; `counts` by kind over all pages."""

    results: list[Result]
    counts: dict[str, int]
    page: PageOfResults[FindableText]

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def groups(self) -> list[tuple[str, list[Result]]]:
        """The results of this page by kind."""
        return [(kind, list(found)) for kind, found in groupby(self.results, lambda r: r.kind)]


def search(query: Query, *, kind: str = "", number: int | str = 1) -> Findings:
    """Page `number` of what answers `query` in the page's language, of one `kind` or of all.

    Lessons first, then terms, then sources; in each kind hits in the title first. Five queries
    at most, and a few more when published content changed.
    """
    stamp = content_stamp()
    found = _matching(query, stamp)
    counts = dict(found.order_by().values_list("kind").annotate(Count("pk")))
    chosen = found.filter(kind=kind) if kind else found
    page = Paginator(_ranked(chosen, query), PAGE_SIZE).get_page(number)
    return Findings(_results(list(page), query, stamp), counts, page)


# --- asking the database ------------------------------------------------------------------------


def _holds(field: str, word: str) -> Q:
    end = "" if len(word) >= _PREFIX_FROM else " "
    return Q(**{f"{field}__contains": f" {word}{end}"})


def _holds_all(field: str, words: Sequence[str]) -> Q:
    together = Q()
    for word in dict.fromkeys(words):
        together &= _holds(field, word)
    return together


def _matching(query: Query, stamp: str) -> QuerySet[FindableText]:
    found = FindableText.objects.filter(
        _holds_all("words", query.words), language=get_language() or ORIGINAL
    )
    hidden = _hidden.get(get_language(), _read_hidden, stamp=stamp)
    return found.exclude(kind=FindableText.Kind.LESSON, key__in=hidden) if hidden else found


def _ranked(found: QuerySet[FindableText], query: Query) -> QuerySet[FindableText]:
    phrase = f" {query.phrase} "
    rank = Case(
        When(title_words__startswith=phrase, then=Value(0)),
        When(title_words__contains=phrase, then=Value(1)),
        When(_holds_all("title_words", query.words), then=Value(2)),
        When(words__contains=phrase, then=Value(3)),
        default=Value(4),
        output_field=IntegerField(),
    )
    place = Case(
        *(When(kind=kind, then=Value(place)) for place, kind in enumerate(KINDS)),
        output_field=IntegerField(),
    )
    # By number last: texts are ordered otherwise by each database, numbers are not.
    return found.annotate(rank=rank, place=place).order_by("place", "rank", "pk")


_hidden = StampedCache[frozenset[str]]()


def _read_hidden() -> frozenset[str]:
    """Keys of live lessons that have no place in a live course, or that not everyone may see."""
    live = LessonPage.objects.live().filter(locale__language_code=get_language() or ORIGINAL)
    open_keys = set(live.public().values_list("translation_key", flat=True))
    open_keys &= get_course_keys().keys()
    keys = live.values_list("translation_key", flat=True)
    return frozenset(str(key) for key in keys if key not in open_keys)


# --- showing what was found ---------------------------------------------------------------------


def _results(rows: list[FindableText], query: Query, stamp: str) -> list[Result]:
    places = _places(stamp)
    keys = [row.key for row in rows if row.kind == FindableText.Kind.SOURCE]
    sources = Source.objects.in_bulk(keys, field_name="key")
    results = []
    for row in rows:
        shown: dict[str, Any] = {
            "kind": row.kind,
            "title": highlighted(row.title, query),
            "snippet": snippet(row.text, query),
        }
        if row.kind == FindableText.Kind.TERM:
            results.append(Result(**shown, url=f"{reverse('courses:glossary')}#{row.key}"))
        elif row.kind == FindableText.Kind.LESSON and row.key in places:
            module, lesson = places[row.key]
            results.append(Result(**shown, url=lesson.url, module=module, lesson=lesson))
        elif row.key in sources:
            source = sources[row.key]
            other = highlighted(source_titles(source, row.language)[1], query)
            told = other if any(part.hit for part in other) else []
            results.append(Result(**shown, url=source.url, other_title=told))
    return results


def _places(stamp: str) -> dict[str, tuple[ModuleOutline, LessonOutline]]:
    """Module and lesson of every lesson's key, from the outlines that are kept."""
    places: dict[str, tuple[ModuleOutline, LessonOutline]] = {}
    for course_key in dict.fromkeys(get_course_keys(stamp=stamp).values()):
        outline = get_outline(course_key, stamp=stamp)
        for module in outline.modules if outline else ():
            places |= {str(lesson.key): (module, lesson) for lesson in module.lessons}
    return places


class _Token(NamedTuple):
    """A word of a text from `start` to `end`, and the query's words that it answers."""

    start: int
    end: int
    hits: frozenset[str]


def _tokens(text: str, query: Query) -> list[_Token]:
    found: dict[str, frozenset[str]] = {}
    tokens = []
    for match in WORD.finditer(text):
        word = word_key(match.group())
        if word not in found:
            found[word] = query.hits(word)
        tokens.append(_Token(match.start(), match.end(), found[word]))
    return tokens


def highlighted(text: str, query: Query) -> list[Part]:
    """The whole of `text` (NFC) with what was looked for told apart."""
    return _parts(text, _tokens(text, query), query)


def snippet(text: str, query: Query) -> list[Part]:
    """Some 36 words of `text` (NFC) around the first place where most of the query's words stand
    together, with what was looked for told apart; the beginning where none stands in it."""
    tokens = _tokens(text, query)
    first = max(0, _best(tokens) - _WORDS_BEFORE)
    shown = tokens[first : first + _WORDS_IN_SNIPPET]
    if not shown:
        return [Part(text, hit=False)] if text else []
    start = shown[0].start if first else 0
    whole = first + _WORDS_IN_SNIPPET >= len(tokens)
    cut = text[start : len(text) if whole else shown[-1].end]
    moved = [_Token(t.start - start, t.end - start, t.hits) for t in shown]
    parts = _parts(cut, moved, query)
    before = [Part("… ", hit=False)] if first else []
    after = [] if whole else [Part(" …", hit=False)]
    return before + parts + after


def _best(tokens: list[_Token]) -> int:
    """The place of the first hit from which most words of the query are met soonest."""
    best, best_score = 0, (0, 0)
    for place, token in enumerate(tokens):
        if not token.hits:
            continue
        met: set[str] = set()
        last = place
        for further in range(place, min(place + _WORDS_IN_SNIPPET - _WORDS_BEFORE, len(tokens))):
            if tokens[further].hits - met:
                met |= tokens[further].hits
                last = further
        score = (len(met), place - last)
        if score > best_score:
            best, best_score = place, score
    return best


def _parts(text: str, tokens: list[_Token], query: Query) -> list[Part]:
    parts, done = [], 0
    for start, end in _spans(text, tokens, query):
        if start > done:
            parts.append(Part(text[done:start], hit=False))
        parts.append(Part(text[start:end], hit=True))
        done = end
    if done < len(text):
        parts.append(Part(text[done:], hit=False))
    return parts


def _spans(text: str, tokens: list[_Token], query: Query) -> list[tuple[int, int]]:
    """From where to where the hits reach: the whole phrase where it stands, else single words;
    neighbours with only a space between them are one."""
    count = len(query.words)
    hits: set[int] = set()
    for place in range(len(tokens) - count + 1):
        along = tokens[place : place + count]
        if all(word in token.hits for token, word in zip(along, query.words, strict=True)):
            hits.update(range(place, place + count))
    if not hits:
        hits = {place for place, token in enumerate(tokens) if token.hits}
    spans: list[tuple[int, int]] = []
    for place in sorted(hits):
        start, end = tokens[place].start, tokens[place].end
        if spans and place - 1 in hits and re.fullmatch(r"\s+", text[spans[-1][1] : start]):
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return spans


# --- when nothing was found ---------------------------------------------------------------------


def suggestions(query: Query) -> list[str]:
    """Terms of the glossary, in the page's language, that look like what was typed; one query."""
    names: dict[str, str] = {}
    rows = FindableText.objects.filter(
        kind=FindableText.Kind.TERM, language=get_language() or ORIGINAL
    )
    for title in rows.order_by("pk").values_list("title", flat=True):
        names.setdefault(search_key(title), title)
    close = difflib.get_close_matches(query.phrase, names, n=_MOST_SUGGESTIONS, cutoff=0.6)
    return [names[key] for key in close]
