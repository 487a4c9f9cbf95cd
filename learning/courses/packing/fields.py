"""Fields that several files of a pack share: slugs, dates, lists of sources."""

import re
from collections.abc import Collection
from datetime import date
from pathlib import Path
from typing import Any

from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from learning.courses.packing.located import Located, Report, load_yaml, read_text

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def read_mapping(path: Path, root: Path, report: Report) -> Located:
    """The file as names and values; empty, with a problem noted, where it is not."""
    file = path.relative_to(root).as_posix()
    text = read_text(path, root=root, report=report)
    data = load_yaml(text, file=file, first_line=0, report=report) if text else None
    if isinstance(data, Located):
        return data
    if text is not None and not any(p.file == file for p in report.problems):
        report.add((file, 1), _("The file must hold names and values."))
    empty = Located()
    empty.file = file
    return empty


def read_entries(path: Path, root: Path, report: Report) -> list[Located]:
    """The file as a list of mappings; what is none is told and left out."""
    file = path.relative_to(root).as_posix()
    text = read_text(path, root=root, report=report)
    data = load_yaml(text, file=file, first_line=0, report=report) if text else None
    if not isinstance(data, list):
        if text is not None and not any(p.file == file for p in report.problems):
            report.add((file, 1), _("The file must hold a list."))
        return []
    if any(not isinstance(entry, Located) for entry in data):
        report.add((file, 1), _("Each entry of the list must hold names and values."))
    return [entry for entry in data if isinstance(entry, Located)]


def slug(report: Report, at: Located, name: str) -> str:
    """A key or a part of an address."""
    value = report.text(at, name, limit=80)
    if value and not SLUG.fullmatch(value):
        report.add(
            at, _("«%(name)s» may hold small letters a–z, digits and hyphens.") % {"name": name}
        )
    return value


def day(report: Report, at: Located, name: str) -> date | None:
    """A whole date, or None where none is given."""
    value = report.text(at, name, required=False)
    try:
        found = parse_date(value) if value else None
    except ValueError:
        found = None
    if value and found is None:
        report.add(at, _("«%(name)s» must be a date as in 2026-11-22.") % {"name": name})
    return found


def known(report: Report, at: Located, keys: list[str], among: Collection[str]) -> list[str]:
    """The keys of sources, each of which must be in the register."""
    for key in keys:
        if key not in among:
            report.add(at, _("Unknown source: %(key)s") % {"key": key})
    return keys


def objectives(report: Report, at: Located, keys: list[str], among: Collection[str]) -> list[str]:
    """The keys of objectives, each of which must be one of the module's."""
    for key in keys:
        if key not in among:
            report.add(at, _("The module has no objective «%(key)s».") % {"key": key})
    return keys


def english_file(path: Path) -> Path:
    """The English file beside a Vietnamese one: module.yaml → module.en.yaml."""
    return path.with_name(f"{path.stem}.en{path.suffix}")


def entries(at: Located, name: str) -> list[Any]:
    """The list under `name`; empty where it is none."""
    value = at.get(name)
    return value if isinstance(value, list) else []
