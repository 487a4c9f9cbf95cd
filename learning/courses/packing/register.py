"""Reading the register of sources and the glossary."""

from pathlib import Path

from django.utils.translation import gettext as _

from learning.courses.models import Source
from learning.courses.packing.fields import SLUG, day, known, read_entries, read_mapping, slug
from learning.courses.packing.located import Located, Report
from learning.courses.packing.specs import SourceSpec, TermSpec


def read_sources(root: Path, report: Report) -> dict[str, SourceSpec]:
    """The sources of all files in the folder `sources`; a key stands in one of them only."""
    files = sorted((root / "sources").glob("*.yaml"))
    if not files:
        report.add(("sources", 1), _("There is no file of sources."))
    entries: dict[str, Located] = {}
    for path in files:
        data = read_mapping(path, root, report)
        for key in sorted(set(data) & set(entries), key=str):
            report.add(data, _("The key «%(key)s» is used twice.") % {"key": key})
        for key, entry in data.items():
            if isinstance(entry, Located):
                entries[str(key)] = entry
            else:
                report.add(
                    data, _("The source «%(key)s» must hold names and values.") % {"key": key}
                )
    return {key: _source(key, entry, set(entries), report) for key, entry in entries.items()}


def _source(key: str, entry: Located, keys: set[str], report: Report) -> SourceSpec:
    if not SLUG.fullmatch(key):
        report.add(entry, _("The key of a source may hold a–z, digits and hyphens."))
    kind = report.text(entry, "kind")
    if kind and kind not in Source.Kind.values:
        report.add(entry, _("Unknown kind of source: %(kind)s") % {"kind": kind})
    url = report.text(entry, "url", required=False, limit=500)
    if url and not url.startswith(("https://", "http://")):
        report.add(entry, _("«url» must begin with https://."))
    return SourceSpec(
        title=report.text(entry, "title", limit=300),
        title_en=report.text(entry, "title_en", required=False, limit=300),
        kind=kind,
        number=report.text(entry, "number", required=False, limit=80),
        issuer=report.text(entry, "issuer", required=False, limit=160),
        issued_on=day(report, entry, "issued"),
        in_force_from=day(report, entry, "in_force_from"),
        in_force_until=day(report, entry, "in_force_until"),
        amended_by=known(
            report, entry, report.texts(entry, "amended_by", required=False), keys - {key}
        ),
        replaced_by=known(
            report, entry, report.texts(entry, "replaced_by", required=False), keys - {key}
        ),
        url=url,
        checked_on=day(report, entry, "checked"),
        look_again_on=day(report, entry, "look_again"),
    )


def read_terms(root: Path, sources: set[str], report: Report) -> list[TermSpec]:
    """The glossary, if the pack has one."""
    path = root / "glossary.yaml"
    if not path.exists():
        return []
    found = []
    for entry in read_entries(path, root, report):
        source = report.text(entry, "source", required=False)
        known(report, entry, [source] if source else [], sources)
        found.append(
            TermSpec(
                key=slug(report, entry, "key"),
                term=report.text(entry, "term", limit=120),
                term_en=report.text(entry, "term_en", required=False, limit=120),
                also=report.texts(entry, "also", required=False),
                also_en=report.texts(entry, "also_en", required=False),
                definition=report.text(entry, "definition"),
                definition_en=report.text(entry, "definition_en", required=False),
                source=source,
            )
        )
    keys = [term.key for term in found]
    for key in sorted({key for key in keys if keys.count(key) > 1}):
        report.add(("glossary.yaml", 1), _("The key «%(key)s» is used twice.") % {"key": key})
    return found
