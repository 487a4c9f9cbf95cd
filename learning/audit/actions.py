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
        unit_key=unit.pk if unit is not None else None,
        details=details,
    )


def tell_disclosure(
    *,
    how: Disclosure.How,
    what: str,
    by: Any | None,
    about: Any | None = None,
    unit: Any | None = None,
    count: int = 1,
    filters: dict[str, Any] | None = None,
) -> Disclosure | None:
    """Note that `by` (None: another system) saw data of `about`, or of `count` below `unit`.

    Nothing is noted of what one sees of oneself, nor of an empty list.
    """
    if count == 0 or (about is not None and by is not None and by.pk == about.pk):
        return None
    return Disclosure.objects.create(
        how=how,
        what=what,
        by=by,
        about=about,
        unit_path=unit.path if unit is not None else "",
        unit_key=unit.pk if unit is not None else None,
        count=count,
        filters=filters or {},
    )


# Keys of `details` under which acts keep what people are called or how they are reached.
PERSONAL_DETAILS = frozenset({"old", "new", "name", "old_name", "new_name", "email", "full_name"})


def make_nameless(*, person: Model, name: str) -> int:
    """Entries about a person whose data was erased tell her name no longer; how many there were.

    The acts themselves stay: by whom, when, in which unit. The only change a log ever sees.
    """
    about = Entry.objects.filter(about_type=person._meta.label_lower, about_key=str(person.pk))
    changed = list(about)
    for entry in changed:
        entry.about_name = name
        entry.details = {
            key: value for key, value in entry.details.items() if key not in PERSONAL_DETAILS
        }
    Entry.objects.bulk_update(changed, ["about_name", "details"], batch_size=500)
    return len(changed)
