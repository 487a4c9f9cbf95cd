"""What must be looked at again, for the editors' screens, and what a lesson says of its sources."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import get_language

from learning.courses.models import LessonPage, Source, SourceReview
from learning.courses.register.citations import (
    Citing,
    CitingQuiz,
    Subject,
    cited_in,
    read_courses,
    read_lessons,
    read_questions,
    read_quizzes,
    read_sources,
)
from learning.courses.register.freshness import Network, News, State, Why, day_of
from learning.courses.register.wording import standing_in_words
from learning.courses.stamp import StampedCache, content_stamp

# Laws before letters before web pages, as a legal basis is cited.
_KINDS: list[str] = [kind.value for kind in Source.Kind]

# A longer list of sources keeps its tail folded.
_MOST_AT_ONCE, _FIRST = 5, 4


@dataclass(frozen=True)
class Stale:
    """A lesson, question or course that must be looked at again, and the news of its sources."""

    content: Citing
    news: tuple[News, ...]
    reviewed_at: datetime | None

    @property
    def since(self) -> datetime:
        """When the first of the news came."""
        return self.news[0].event.at


@dataclass(frozen=True)
class StaleQuiz:
    """A quiz that may ask questions which must be looked at again."""

    quiz: CitingQuiz
    stale: int


class Register:
    """The register as it stands at `now`; some fifteen queries, however much there is."""

    def __init__(self, *, now: datetime | None = None) -> None:
        self.now = now or timezone.now()
        self.today = day_of(self.now)
        self.sources, self.network = read_sources()
        self.lessons = read_lessons()
        self.questions = read_questions({s.key: s.pk for s in self.sources.values()})
        self.quizzes = read_quizzes()
        self.courses = read_courses(self.lessons, self.questions, self.quizzes)
        self._reviewed = latest_reviews()

    @property
    def contents(self) -> list[Citing]:
        """All that cites sources: lessons in the tree's order, questions by key, courses."""
        return [*self.lessons, *self.questions, *self.courses]

    def find(self, subject: str, key: str) -> Citing | None:
        """The published content of this kind with this key, or None."""
        return next((c for c in self.contents if (c.subject, c.key) == (subject, key)), None)

    def news_of(self, content: Citing) -> tuple[News, ...]:
        """What somebody must look at in this content, oldest first."""
        return tuple(
            self.network.news(
                directly=content.directly,
                through=content.through,
                reviewed_at=self._reviewed.get((content.subject, content.key)),
                now=self.now,
            )
        )

    @cached_property
    def stale(self) -> list[Stale]:
        """All that must be looked at again, in the order of `contents`."""
        return [
            Stale(content, news, self._reviewed.get((content.subject, content.key)))
            for content in self.contents
            if (news := self.news_of(content))
        ]

    @cached_property
    def stale_quizzes(self) -> list[StaleQuiz]:
        """Quizzes with stale questions, by title; each is done when its questions are."""
        keys = {item.content.key for item in self.stale if item.content.subject == Subject.QUESTION}
        found = [StaleQuiz(quiz, len(quiz.questions & keys)) for quiz in self.quizzes]
        return [quiz for quiz in found if quiz.stale]

    def state(self, pk: int) -> State:
        """How a source stands today."""
        return self.network.state(pk, on=self.today)


def latest_reviews() -> dict[tuple[str, str], datetime]:
    """When each content was last reviewed, by subject and key; one query."""
    rows = SourceReview.objects.order_by().values_list("subject", "key").annotate(last=Max("at"))
    return {(subject, key): at for subject, key, at in rows}


# --- what a lesson says -------------------------------------------------------------------------


@dataclass(frozen=True)
class ShownSource:
    """A source as a lesson names it; `standing` says in words what is unusual, if anything is."""

    title: str
    number: str
    url: str
    in_force_from: date | None
    standing: str
    is_news: bool


@dataclass(frozen=True)
class Basis:
    """What a lesson rests on; `as_of` is the last day somebody compared it with that.

    `is_stale` until somebody has looked again; `is_due` where nothing calls for that but the date.
    """

    sources: tuple[ShownSource, ...] = ()
    as_of: date | None = None
    is_stale: bool = False
    is_due: bool = False

    @property
    def first(self) -> tuple[ShownSource, ...]:
        """The sources shown at once."""
        return self.sources if len(self.sources) <= _MOST_AT_ONCE else self.sources[:_FIRST]

    @property
    def rest(self) -> tuple[ShownSource, ...]:
        """The sources shown when they are asked for."""
        return self.sources[len(self.first) :]


@dataclass(frozen=True)
class _Kept:
    """What the lessons share of the register."""

    sources: dict[int, Source]
    network: Network
    lessons: dict[str, Citing]
    reviewed: dict[tuple[str, str], datetime]


_kept = StampedCache[_Kept]()
_bases = StampedCache[Basis]()


def basis_of(page: LessonPage, *, fresh: bool = False, stamp: str | None = None) -> Basis:
    """What the lesson rests on, in the page's language; `fresh` reads the page as given (previews).

    Kept for the day, since a lesson becomes stale by the calendar too: no query when it is known.
    """
    today, stamp = timezone.localdate(), stamp or content_stamp()
    stamp = stamp and f"{stamp} {today}"
    if fresh or page.live_revision_id is None:
        return _read_basis(page, stamp, today)
    key = page.pk, page.live_revision_id, get_language()
    return _bases.get(key, lambda: _read_basis(page, stamp, today), stamp=stamp)


def _read_basis(page: LessonPage, stamp: str, today: date) -> Basis:
    kept = _kept.get("all", _read_kept, stamp=stamp)
    key = str(page.translation_key)
    reviewed_at = kept.reviewed.get((Subject.LESSON, key))
    cited = ({source.pk for source in page.sources.all()} | cited_in(page.body)) & set(kept.sources)
    # What only the other language cites makes both of them stale.
    known = kept.lessons[key].directly if key in kept.lessons else frozenset()
    news = kept.network.news(directly=cited | known, reviewed_at=reviewed_at, now=timezone.now())
    sources = [kept.sources[pk] for pk in cited]
    days = [source.checked_on for source in sources if source.checked_on]
    if reviewed_at:
        days.append(day_of(reviewed_at))
    changed = {item.cited for item in news}
    sources.sort(
        key=lambda one: (one.pk not in changed, _KINDS.index(one.kind), one.name.casefold())
    )
    return Basis(
        sources=tuple(_shown(one, kept, today, is_news=one.pk in changed) for one in sources),
        as_of=max(days, default=None),
        is_stale=bool(news),
        is_due=bool(news) and all(item.event.why == Why.LOOK_AGAIN for item in news),
    )


def _read_kept() -> _Kept:
    lessons = {lesson.key: lesson for lesson in read_lessons()}
    return _Kept(*read_sources(), lessons, latest_reviews())


def _shown(source: Source, kept: _Kept, today: date, *, is_news: bool) -> ShownSource:
    title = source.name
    network, facts = kept.network, kept.network.sources[source.pk]
    standing = network.standing(source.pk, on=today)
    others = facts.replaced_by if standing == State.REPLACED else facts.amended_by
    by = [kept.sources[pk] for pk in network.holding(others, on=today)]
    return ShownSource(
        title=title,
        number="" if source.number in title else source.number,
        url=source.url,
        in_force_from=source.in_force_from,
        standing=standing_in_words(standing, facts, by=[one.number or one.name for one in by]),
        is_news=is_news,
    )
