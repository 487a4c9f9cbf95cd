"""A person's data as files: JSON for programs, a ZIP with tables to read and to calculate with."""

import csv
import datetime
import io
import json
import zipfile
from collections.abc import Iterable, Iterator
from typing import IO, Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from learning.privacy.kept import Kept, Row, kinds
from learning.privacy.queries import disclosures_about, how_long, months_by_kind, seen_lines

BOM = "\ufeff"
# More rows than this are not made while she waits.
MOST_AT_ONCE = 3000
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_LATEST_SEEN = 1000


def size_of_copy(user: Any) -> int:
    """Rows in a copy of all that is kept about her."""
    return sum(kept.count(user) for kept in kinds())


def data_of(user: Any) -> dict[str, Any]:
    """All that is kept about her, by kind, and who has seen it; JSON-able."""
    rules = months_by_kind()
    return {
        "person": str(user),
        "made_at": timezone.localtime().isoformat(timespec="seconds"),
        "site": settings.WAGTAIL_SITE_NAME,
        "kinds": [_kind(kept, user, rules) for kept in kinds()],
        "seen_by": [
            {"at": line.at, "by": line.by, "how": line.how, "what": line.what, "of": line.of}
            for line in seen_lines(disclosures_about(user)[:_LATEST_SEEN])
        ],
    }


def _kind(kept: Kept, user: Any, rules: dict[str, int]) -> dict[str, Any]:
    return {
        "kind": kept.slug,
        "name": str(kept.name),
        "purpose": str(kept.purpose),
        "basis": str(kept.basis),
        "how_long": how_long(kept, rules.get(kept.slug, kept.months)),
        "rows": [dict(row) for row in kept.collect(user)],
    }


def as_json(data: dict[str, Any]) -> bytes:
    """The data as UTF-8 JSON that a person can read too."""
    return json.dumps(data, ensure_ascii=False, indent=2, cls=DjangoJSONEncoder).encode()


def write_zip(user: Any, target: IO[bytes]) -> None:
    """JSON, one CSV a kind, her files, and a page that opens in any browser, into `target`."""
    data = data_of(user)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("du-lieu.json", as_json(data))
        tables = [_table(kind) for kind in data["kinds"]]
        page = render_to_string("privacy/copy.html", {"data": data, "tables": tables})
        archive.writestr("doc-toi-truoc.html", page)
        for table in tables:
            if table["kind"]["rows"]:
                lines = "".join(csv_lines(table["headings"], table["kind"]["rows"]))
                archive.writestr(f"bang/{table['kind']['kind']}.csv", lines)
        for kept in kinds():
            for name, content in kept.files(user) if kept.files else ():
                archive.writestr(f"tep/{kept.slug}/{name}", content)


def _table(kind: dict[str, Any]) -> dict[str, Any]:
    headings = headings_of(kind["rows"])
    cells = [[readable(row.get(heading)) for heading in headings] for row in kind["rows"]]
    return {"kind": kind, "headings": headings, "cells": cells}


def headings_of(rows: Iterable[Row]) -> list[str]:
    """The keys of all rows, in the order in which they first come."""
    return list(dict.fromkeys(heading for row in rows for heading in row))


def csv_lines(headings: list[str], rows: Iterable[Row]) -> Iterator[str]:
    """The rows as CSV lines that no spreadsheet computes."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow([safe_text(heading) for heading in headings])
    yield BOM
    for row in rows:
        writer.writerow([safe_text(cell_text(row.get(heading))) for heading in headings])
    yield buffer.getvalue()


def readable(value: Any) -> str:
    """A value as a person reads it."""
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, datetime.datetime):
        return f"{timezone.localtime(value):%d/%m/%Y %H:%M}"
    if isinstance(value, datetime.date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, dict):
        return "; ".join(f"{name}: {readable(one)}" for name, one in value.items()) or "–"
    if isinstance(value, list):
        return "; ".join(readable(one) for one in value) or "–"
    return str(value)


def cell_text(value: Any) -> str:
    """A value as it stands in a cell; lists and mappings as JSON."""
    if value is None:
        return ""
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False, cls=DjangoJSONEncoder)
    return str(value)


def safe_text(text: str) -> str:
    """`text` so that a spreadsheet shows it and never computes it."""
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA_STARTS) else text
