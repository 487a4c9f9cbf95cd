"""Writing to the logs. Called inside the transaction of the act: both happen or neither."""

from typing import Any

from django.db.models import Model

from learning.audit.models import Disclosure, Entry


def record(
    *, act: str, by: Any | None, about: Model | None = None, unit: Any | None = None, **details: Any
) -> Entry:
    """Note that `by` (None: the system) did `act` to `about`, which belongs to `unit`.

    `act` is one of the slugs of `audit.words`; `details` must be JSON: old and new values, the
    reason, the decision's number. No passwords, no contents of files.
    """
    return Entry.objects.create(
        act=act,
        by=by if by is not None and by.pk else None,
        about_type=about._meta.label_lower if about is not None else "",
        about_key=str(about.pk) if about is not None else "",
        about_name=str(about)[:250] if about is not None else "",
        unit_path=unit.path if unit is not None else "",
        details=details,
    )


def tell_disclosure(
    *,
    how: Disclosure.How,
    what: str,
    by: Any,
    about: Any | None = None,
    unit: Any | None = None,
    count: int = 1,
    filters: dict[str, Any] | None = None,
) -> Disclosure | None:
    """Note that `by` saw data of `about`, or of `count` persons below `unit`.

    Nothing is noted of what one sees of oneself, nor of an empty list.
    """
    if count == 0 or (about is not None and by.pk == about.pk):
        return None
    return Disclosure.objects.create(
        how=how,
        what=what,
        by=by,
        about=about,
        unit_path=unit.path if unit is not None else "",
        count=count,
        filters=filters or {},
    )
