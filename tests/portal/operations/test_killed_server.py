"""A server killed in the midst of work: nothing acknowledged is lost, nothing is counted twice.

The production server with two processes, on a database of its own of the kind under test. Learners
answer over HTTP as `attempt.js` does, each from two tabs, until SIGKILL takes every process of the
server at once, with requests under way. What is proved is the death of the server, not of the
machine: in a power cut the database's own durability settings have the word.
"""

from __future__ import annotations

import http.client
import itertools
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.db import connection
from django.urls import reverse

from learning.certificates.models import Certificate, CertificateFile, CertificateSeries
from learning.progress.models import CourseCompletion, LessonRead, ModuleCompletion
from quizzes.attempts.models import Attempt, AttemptItem
from tests.factories import Learner, make_course
from tests.portal.operations.real_server import RealServer, Reply, own_database
from tests.threads import at_once

LEARNERS, TABS, QUESTIONS, RIGHT = 4, 2, 10, 8
# The server is killed when so many answers of the round were acknowledged: at the first ones, with
# some questions still open, and when all were answered several times over.
MOMENTS = (3, 60, 300)
# Any letters do: Django compares the header with the cookie of the same browser.
CSRF_TOKEN = "t" * 32


@pytest.fixture
def server(django_db_serialized_rollback, transactional_db, tmp_path) -> Iterator[RealServer]:
    """The server, not started yet; none of its processes outlives the test."""
    with own_database(tmp_path) as environment:
        made = RealServer(tmp_path, environment)
        try:
            yield made
        finally:
            made.kill()


# --- a learner at her browser ---------------------------------------------------------------------
@dataclass(frozen=True)
class Sent:
    """An answer on its way; `sequence` rises in a browser, as in attempt.js."""

    position: int
    key: str
    sequence: int


def saved_at(reply: Reply) -> datetime:
    """What acknowledges an answer."""
    assert reply.status == 200, reply
    return datetime.fromisoformat(json.loads(reply.body)["saved_at"])


@dataclass(eq=False)
class Browser:
    """A learner's browser: what it sent, what it was told, what still waits in its outbox."""

    server: RealServer
    learner: Learner
    acknowledged: dict[int, tuple[Sent, datetime]] = field(default_factory=dict)
    # All that was ever acknowledged, in the order of each question's sendings.
    history: list[Sent] = field(default_factory=list)
    outbox: dict[int, Sent] = field(default_factory=dict)
    # Requests that were under way when the server died.
    cut_off: int = 0
    attempt_pk: int = 0
    # The receipt and the time of handing in, once the attempt is seen graded.
    result: tuple[str, datetime] | None = None

    def __post_init__(self) -> None:
        self.client = f"trinh-duyet-{self.learner.user.pk}"
        self.session = self.learner.client.cookies[settings.SESSION_COOKIE_NAME].value
        # attempt.js counts from the clock's milliseconds.
        self.sequences = itertools.count(int(time.time() * 1000))

    def post(self, path: str, fields=(), accept: str = "text/html") -> Reply | None:
        """Send a form; None where no whole reply came back, as the server was dead or died."""
        session, token = settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME
        headers = {
            "Accept": accept,
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": f"{session}={self.session}; {token}={CSRF_TOKEN}",
            "X-CSRFToken": CSRF_TOKEN,
        }
        try:
            return self.server.ask("POST", path, headers, urlencode(fields))
        except ConnectionRefusedError:
            return None
        except (ConnectionError, http.client.HTTPException):
            self.cut_off += 1
            return None

    def start(self) -> int:
        """Press «start the quiz»; the attempt that is open then."""
        module = self.learner.course.modules[0]
        reply = self.post(reverse("study:quiz_start", args=[module.translation_key]))
        assert reply and reply.status == 302, reply
        pk = int(reply.location.strip("/").split("/")[-1])
        assert reply.location == reverse("attempts:attempt", args=[pk])
        return pk

    def send(self, sent: Sent) -> Reply | None:
        return self.post(
            reverse("attempts:save", args=[self.attempt_pk, sent.position]),
            {"answer": sent.key, "client": self.client, "sequence": sent.sequence},
            accept="application/json",
        )

    def resend(self, sent: Sent) -> datetime:
        """Send it; the time of the answer that is kept."""
        reply = self.send(sent)
        assert reply, "the server is gone"
        return saved_at(reply)

    def save(self, position: int, key: str) -> bool:
        """Answer a question; True if the server acknowledged it."""
        sent = self.outbox[position] = Sent(position, key, next(self.sequences))
        reply = self.send(sent)
        if reply is None:
            return False
        self.acknowledged[position] = sent, saved_at(reply)
        self.history.append(sent)
        del self.outbox[position]
        return True

    def keep_saving(self, tab: int) -> None:
        """Answer the tab's share of the questions, over and over, until the server is gone."""
        for position in itertools.cycle(range(1 + tab, QUESTIONS + 1, TABS)):
            key = "abcd"[(len(self.history) + position) % 4]
            if not self.save(position, key):
                return

    def empty_outbox(self) -> None:
        """Send what was not acknowledged, as it was; the reply tells whether it came through."""
        for position, sent in list(self.outbox.items()):
            self.acknowledged[position] = sent, self.resend(sent)
            self.history.append(sent)
            del self.outbox[position]

    def hand_in(self) -> bool:
        """Press «hand in»; True if the server led on to the result."""
        reply = self.post(reverse("attempts:submit", args=[self.attempt_pk]))
        if reply is None:
            return False
        result = reverse("attempts:result", args=[self.attempt_pk])
        assert (reply.status, reply.location) == (302, result), reply
        return True

    def attempt(self) -> Attempt:
        """Her attempt as it stands; there is never a second one."""
        return Attempt.objects.get(taker=self.learner.user)

    def kept(self) -> dict[int, tuple[Sent, datetime]]:
        """Her answers as they stand in the database."""
        rows = AttemptItem.objects.filter(attempt=self.attempt_pk, saved_at__isnull=False)
        assert {row.client for row in rows} <= {self.client}
        return {
            row.position: (Sent(row.position, "".join(row.answer), row.sequence), row.saved_at)
            for row in rows
        }


# --- what must be true ----------------------------------------------------------------------------
def check_nothing_is_lost(browser: Browser) -> None:
    """Each question has its last acknowledged answer, to the letter and the microsecond."""
    kept = browser.kept()
    assert kept.keys() <= browser.acknowledged.keys() | browser.outbox.keys()
    for position, told in browser.acknowledged.items():
        found = kept.get(position)
        # Or the one sent after it, where only the reply was cut off.
        if found is None or found[0] != browser.outbox.get(position):
            assert found == told


def check_sending_again_is_harmless(browser: Browser) -> None:
    """The outbox comes through; what was acknowledged before changes nothing, late or twice."""
    browser.empty_outbox()
    assert browser.kept() == browser.acknowledged
    first = {sent.position: sent for sent in reversed(browser.history)}
    last = [sent for sent, _time in browser.acknowledged.values()]
    for sent in [*first.values(), *last]:
        assert browser.resend(sent) == browser.acknowledged[sent.position][1]
    assert browser.kept() == browser.acknowledged


def check_graded_wholly_or_not_at_all(browser: Browser) -> bool:
    """The attempt and all that follows from it stand together, and stay; True if it is graded."""
    attempt = browser.attempt()
    enrolment = browser.learner.enrolment
    facts = [
        model.objects.filter(enrolment=enrolment).count()
        for model in (ModuleCompletion, CourseCompletion, Certificate)
    ]
    marked = AttemptItem.objects.filter(attempt=attempt, earned__isnull=False).count()
    if attempt.is_open:
        assert (facts, marked, browser.result) == ([0, 0, 0], 0, None)
        return False
    assert (facts, marked) == ([1, 1, 1], QUESTIONS)
    right = sum(sent.key == "a" for sent, _time in browser.acknowledged.values())
    assert (attempt.points, attempt.percent, attempt.passed) == (right, right * 10, True)
    result = attempt.receipt, attempt.submitted_at
    browser.result = browser.result or result
    assert browser.result == result
    return True


def check_certificates_are_in_row(count: int) -> None:
    """Numbered from 1 without a gap, each with one paper to be drawn."""
    numbers = sorted(Certificate.objects.values_list("number", flat=True))
    assert numbers == list(range(1, count + 1))
    if count:
        assert CertificateSeries.objects.get().last_number == count
    assert CertificateFile.objects.count() == count


# --- the test -------------------------------------------------------------------------------------
def open_browsers(server: RealServer) -> list[Browser]:
    """Learners who have read the only lesson of a course; what is left is the quiz."""
    course = make_course(modules=1, lessons=1, questions=QUESTIONS)
    browsers = [Browser(server, Learner(course)) for _n in range(LEARNERS)]
    for browser in browsers:
        browser.learner.read(*course.all_lessons)
    return browsers


def kill_amid(server: RealServer, jobs: list, done) -> None:
    """Do the jobs at once, and kill the server amid them, as soon as `done()`."""
    # A reader that outlives the server would put its SQLite file in order on leaving.
    connection.close()
    at_once(*jobs, lambda: server.kill_when(done))


def kill_while_they_answer(server: RealServer, browsers: list[Browser], moment: int) -> None:
    before = sum(len(browser.history) for browser in browsers)
    cut_off = sum(browser.cut_off for browser in browsers)
    kill_amid(
        server,
        [lambda b=b, tab=tab: b.keep_saving(tab) for b in browsers for tab in range(TABS)],
        lambda: sum(len(browser.history) for browser in browsers) >= before + moment,
    )
    # Each tab has one answer that the server's death left without a reply.
    assert [len(browser.outbox) for browser in browsers] == [TABS] * LEARNERS
    assert sum(browser.cut_off for browser in browsers) > cut_off


def one_is_graded(_told: list[Browser]) -> bool:
    """The first grade is committed, its reply still on the way."""
    return Attempt.objects.filter(state=Attempt.State.GRADED).exists()


def one_is_told(told: list[Browser]) -> bool:
    """The first reply has arrived."""
    return bool(told)


def kill_while_they_hand_in(server: RealServer, browsers: list[Browser], moment) -> list[Browser]:
    """All hand in at once, and the server dies at the moment; those who had their reply."""
    told: list[Browser] = []

    def hand_in(browser: Browser) -> None:
        if browser.hand_in():
            told.append(browser)

    kill_amid(server, [lambda b=b: hand_in(b) for b in browsers], lambda: moment(told))
    return told


def test_a_killed_server_loses_nothing_and_counts_nothing_twice(server):
    browsers = open_browsers(server)
    server.start()
    for browser in browsers:
        browser.attempt_pk = browser.start()

    for moment in MOMENTS:
        kill_while_they_answer(server, browsers, moment)
        server.start()
        for browser in browsers:
            check_nothing_is_lost(browser)
            check_sending_again_is_harmless(browser)
            assert browser.start() == browser.attempt().pk == browser.attempt_pk

    for browser in browsers:
        for position in range(1, QUESTIONS + 1):
            assert browser.save(position, "a" if position <= RIGHT else "b")
    # The second time some are graded already and press the button once more.
    for moment in (one_is_graded, one_is_told):
        told = kill_while_they_hand_in(server, browsers, moment)
        server.start()
        graded = [b for b in browsers if check_graded_wholly_or_not_at_all(b)]
        assert all(browser in graded for browser in told)
        check_certificates_are_in_row(len(graded))

    assert all(at_once(*(browser.hand_in for browser in browsers for _tab in range(TABS))))
    # A phone's outbox may wake up after all was handed in.
    late = [browser.send(browser.history[-1]) for browser in browsers]
    assert [reply and reply.status for reply in late] == [409] * LEARNERS
    server.kill()
    for browser in browsers:
        assert check_graded_wholly_or_not_at_all(browser)
        assert browser.kept() == browser.acknowledged
    check_certificates_are_in_row(LEARNERS)
    assert LessonRead.objects.count() == LEARNERS
