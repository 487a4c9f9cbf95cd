"""What the report shows: plain values with their words and addresses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from learning.courses.models import Source, SourceReview
from learning.courses.register.citations import Citing, Subject
from learning.courses.register.freshness import News, Why, day_of
from learning.courses.register.queries import Register, Stale
from learning.courses.register.wording import WHYS, event_in_words

SUBJECTS: dict[str, Any] = {
    Subject.LESSON: gettext_lazy("Lesson"),
    Subject.QUESTION: gettext_lazy("Question"),
    Subject.COURSE: gettext_lazy("Course and its certificate"),
}
# What comes first in a row.
_GRAVITY = list(Why)


@dataclass(frozen=True)
class Reason:
    """Why a content must be looked at: the cited `source`, the one with the news if another."""

    source: Source
    about: Source | None
    why: Why
    label: str
    text: str
    since: date

    @property
    def line(self) -> str:
        """All of it in a line."""
        about = f" ({self.about.name})" if self.about else ""
        return f"{self.source.name}{about}: {self.text}"


@dataclass(frozen=True)
class Row:
    """A content with what the report tells of it."""

    content: Citing
    kind: str
    reasons: tuple[Reason, ...]
    since: date | None
    reviewed_at: datetime | None

    @property
    def edit_links(self) -> list[tuple[str, str]]:
        """Its editors: the language's code where there are several, and the address."""
        if self.content.subject == Subject.QUESTION:
            return [("", reverse("wagtailsnippets_bank_question:edit", args=[self.content.pk]))]
        pages = sorted(self.content.pks.items(), reverse=True)
        return [
            (code.upper() if len(pages) > 1 else "", reverse("wagtailadmin_pages:edit", args=[pk]))
            for code, pk in pages
        ]

    @property
    def edit_url(self) -> str:
        """Where it is edited, in its own language."""
        return self.edit_links[0][1]

    @property
    def review_url(self) -> str:
        """Where a review of it is recorded."""
        return reverse("courses_review", args=[self.content.subject, self.content.key])

    @property
    def printed(self) -> str:
        """What a certificate says of a course, beside its title."""
        return self.content.printed


def stale_rows(register: Register, *, subject: str = "") -> list[Row]:
    """The stale contents, all or those of one kind."""
    return [
        _row(register, item)
        for item in register.stale
        if not subject or item.content.subject == subject
    ]


def row_of(register: Register, content: Citing) -> Row:
    """A content, stale or not."""
    stale = next((item for item in register.stale if item.content is content), None)
    return _row(register, stale) if stale else Row(content, _kind(content), (), None, None)


def _row(register: Register, item: Stale) -> Row:
    titles = {pk: source.name for pk, source in register.sources.items()}
    # The same news may reach a content by several of its sources; it is told of each.
    reasons = [_reason(register, news, titles) for news in item.news]
    reasons.sort(key=lambda reason: _GRAVITY.index(reason.why))
    return Row(
        item.content, _kind(item.content), tuple(reasons), day_of(item.since), item.reviewed_at
    )


def _kind(content: Citing) -> str:
    return str(SUBJECTS[content.subject])


def _reason(register: Register, news: News, titles: dict[int, str]) -> Reason:
    event = news.event
    return Reason(
        source=register.sources[news.cited],
        about=register.sources[event.source] if event.source != news.cited else None,
        why=event.why,
        label=str(WHYS[event.why]),
        text=event_in_words(event, register.network.sources[event.source], titles=titles),
        since=day_of(event.at),
    )


@dataclass(frozen=True)
class Review:
    """A recorded review in the history."""

    title: str
    kind: str
    verdict: str
    note: str
    at: datetime
    by: str
    url: str


def reviews(register: Register, *, most: int, **only: str) -> list[Review]:
    """The latest reviews, of all contents or those that `only` names; one query."""
    contents = {(content.subject, content.key): content for content in register.contents}
    found = []
    for review in SourceReview.objects.filter(**only).select_related("by")[:most]:
        content = contents.get((review.subject, review.key))
        found.append(
            Review(
                title=content.title if content else _("no longer published"),
                kind=str(SUBJECTS[review.subject]),
                verdict=review.get_verdict_display(),
                note=review.note,
                at=review.at,
                by=str(review.by) if review.by else "",
                url=reverse("courses_review", args=[review.subject, review.key]) if content else "",
            )
        )
    return found
