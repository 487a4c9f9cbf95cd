"""The worker's part: the file, portion by portion, with its progress told."""

from __future__ import annotations

import datetime
import hashlib
import logging
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import IO, Any, cast

from django.conf import settings
from django.core.files.base import File
from django.http import Http404, QueryDict
from django.utils import timezone

from learning.statistics.exporting.models import Export
from learning.statistics.exports import csv_blocks, write_xlsx
from learning.statistics.guard import read_question
from learning.statistics.people import PORTION, PersonRow, person_rows
from learning.statistics.queries import Report, get_report

logger = logging.getLogger(__name__)
State = Export.State


class StoppedError(Exception):
    """Cancelled, thrown away, or begun by another worker meanwhile."""


def run_export(pk: int) -> None:
    """Make the file of an export that waits; one that does not is left alone.

    Whatever goes wrong is told on its row; a cancelled one leaves nothing behind.
    """
    now = timezone.now()
    waiting = Export.objects.filter(pk=pk, state=State.WAITING)
    found = waiting.select_related("by").first()
    if found is None or not waiting.update(
        state=State.RUNNING, tries=found.tries + 1, touched_at=now, done=0
    ):
        return
    try:
        report = get_report(read_question(found.by, QueryDict(found.question)))
        told = _Told(found.pk)
        with _written(found.form, report, told.count(person_rows(report.filters))) as file:
            _keep(found, file, told.done)
    except StoppedError:
        return
    except Http404:
        # The course is gone, or the unit is hers no more.
        _fail(pk)
    except Exception:
        # Whatever it is, the officer is told on her page; the log has the whole of it.
        logger.exception("The export %s could not be made", pk)
        _fail(pk)


class _Told:
    """Counts people on their way into the file, and tells now and then how many they are."""

    def __init__(self, pk: int) -> None:
        self.done = 0
        self._mine = Export.objects.filter(pk=pk, state=State.RUNNING)

    def count(self, people: Iterable[PersonRow]) -> Iterator[PersonRow]:
        """The same people. Raises `StoppedError` once the file is wanted no more."""
        for number, one in enumerate(people, start=1):
            yield one
            self.done = number
            if number % PORTION == 0:
                self.tell()

    def tell(self) -> None:
        """Raises `StoppedError` where nobody waits for the file."""
        if not self._mine.update(done=self.done, touched_at=timezone.now()):
            raise StoppedError


@contextmanager
def _written(form: str, report: Report, people: Iterator[PersonRow]) -> Iterator[IO[bytes]]:
    if form == Export.Form.XLSX:
        with write_xlsx(report, people) as book:
            yield book
        return
    with tempfile.TemporaryFile(suffix=".csv") as file:
        for block in csv_blocks(report, people):
            file.write(block.encode())
        yield file


def _keep(found: Export, file: IO[bytes], done: int) -> None:
    size = file.seek(0, 2)
    file.seek(0)
    digest = hashlib.file_digest(cast(Any, file), "sha256").hexdigest()
    file.seek(0)
    storage = found.file.storage
    stored = storage.save(found.file.field.generate_filename(found, "x"), File(file))
    now = timezone.now()
    mine = Export.objects.filter(pk=found.pk, state=State.RUNNING)
    if not mine.update(
        state=State.DONE,
        file=stored,
        size=size,
        digest=digest,
        done=done,
        finished_at=now,
        expires_at=now + datetime.timedelta(days=settings.STATISTICS_EXPORT_DAYS),
    ):
        storage.delete(stored)
        raise StoppedError


def _fail(pk: int) -> None:
    mine = Export.objects.filter(pk=pk, state=State.RUNNING)
    mine.update(state=State.FAILED, finished_at=timezone.now())
