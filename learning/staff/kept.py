"""What staff lists keep about a person, for «Dữ liệu của tôi»."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from learning.privacy.kept import (
    TASK,
    Kept,
    Row,
    all_go,
    all_nameless,
    excuse,
    expiry_of,
    register_kept,
)
from learning.staff.models import StaffImport, StaffImportRow, StaffProfile


def register() -> None:
    """Tell of staff records and of the lists they came with; from the app's `ready`."""
    register_kept(PROFILES)
    register_kept(LISTS)
    excuse({"staff.StaffImport.by": "the officer who brought the list; told by the audit log"})


def _profiles(user: Any) -> QuerySet[StaffProfile]:
    return StaffProfile.objects.filter(user=user)


def _profile_rows(user: Any) -> Iterable[Row]:
    for profile in _profiles(user):
        yield {
            _("Date of birth"): profile.birth_date,
            _("Year of birth"): profile.birth_year,
            _("Sex"): profile.get_sex_display(),
            _("Phone"): profile.phone,
            _("Name in the HR system"): profile.scim_name,
        }


def _count_profiles(user: Any) -> int:
    return _profiles(user).count()


def _erase_profiles(user: Any) -> None:
    _profiles(user).delete()


PROFILES = Kept(
    slug="staff-record",
    name=gettext_lazy("Your staff record: birth, sex, phone"),
    purpose=gettext_lazy("To tell apart people of the same name in your agency's lists"),
    basis=TASK,
    how_long=gettext_lazy("as long as your account"),
    on_erasure=gettext_lazy("Deleted."),
    count=_count_profiles,
    collect=_profile_rows,
    fate=all_go(_count_profiles),
    erase=_erase_profiles,
    models=("staff.StaffProfile",),
    rank=40,
)


def _list_rows(user: Any) -> QuerySet[StaffImportRow]:
    return StaffImportRow.objects.filter(user=user)


def _told_list_rows(user: Any) -> Iterable[Row]:
    for row in _list_rows(user).select_related("of").iterator(chunk_size=500):
        yield {
            _("Staff list"): row.of.name,
            _("Uploaded"): row.of.created_at,
            _("Row"): row.number,
            _("What it says of you"): row.record,
            _("What it changed"): row.changes,
        }


def _count_list_rows(user: Any) -> int:
    return _list_rows(user).count()


def _erase_list_rows(user: Any) -> None:
    """Her rows say nothing any more, and the files she stands in go as a whole."""
    for found in StaffImport.objects.filter(rows__user=user).exclude(file="").distinct():
        found.file.delete()
    _list_rows(user).filter(outcome=StaffImportRow.Outcome.ERROR).update(
        outcome=StaffImportRow.Outcome.UNCHANGED
    )
    _list_rows(user).update(
        record={}, changes={}, candidates=[], errors=[], before=None, made=None, user=None
    )
    for row in StaffImportRow.objects.filter(_may_name_candidates()).iterator(chunk_size=500):
        others = [one for one in row.candidates if one.get("user") != user.pk]
        if len(others) < len(row.candidates):
            row.candidates = others
            row.save(update_fields=["candidates"])


def _may_name_candidates() -> Q:
    return Q(outcome=StaffImportRow.Outcome.DOUBTFUL) & ~Q(candidates=[])


def _delete_lists(pks: list[Any]) -> None:
    for found in StaffImport.objects.filter(pk__in=pks):
        if found.file:
            found.file.delete(save=False)
        found.delete()


LISTS = Kept(
    slug="staff-lists",
    name=gettext_lazy("What staff lists said of you"),
    purpose=gettext_lazy("To show what a list changed, and to undo it"),
    basis=TASK,
    how_long=gettext_lazy("after the list was uploaded; then it is deleted with its file"),
    on_erasure=gettext_lazy("Your rows are emptied; the files they stood in are deleted."),
    count=_count_list_rows,
    collect=_told_list_rows,
    fate=all_nameless(_count_list_rows),
    erase=_erase_list_rows,
    models=("staff.StaffImportRow",),
    rank=40,
    months=12,
    expiry=expiry_of(
        lambda before: StaffImport.objects.filter(created_at__lt=before).exclude(
            state__in=StaffImport.RUNNING
        ),
        _delete_lists,
    ),
)
