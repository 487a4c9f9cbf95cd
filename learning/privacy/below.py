"""What the packages below keep about a person, and this one: they may not import it, or are it."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from learning.audit.actions import make_nameless
from learning.audit.models import Disclosure, Entry
from learning.audit.words import act_name, thing_name
from learning.organisations.actions import end_membership
from learning.organisations.logbook.queries import details_text
from learning.organisations.models import Membership, Responsibility
from learning.privacy.erasing import ERASED_NAME
from learning.privacy.kept import (
    CONSENT,
    LAW,
    SECURITY,
    TASK,
    Kept,
    Row,
    all_go,
    all_nameless,
    all_stay,
    excuse,
    expiry_of,
    nothing,
    register_kept,
)
from learning.privacy.models import Consent, DataCopy, DataRequest, Restriction

COPY_DAYS = 7


def register() -> None:
    """Tell of all of them; from the app's `ready`."""
    excuse(
        {
            "organisations.UnitChange.made_by": "decided in the course of duty; in the audit log",
            "organisations.UnitChange.undone_by": "decided in the course of duty; in the audit log",
        }
    )
    for kept in (MEMBERSHIPS, ROLES, ENTRIES, DISCLOSURES, REQUESTS, CONSENTS, COPIES):
        register_kept(kept)


# --- organisations ---------------------------------------------------------------------------


def _memberships(user: Any) -> QuerySet[Membership]:
    return Membership.objects.filter(user=user)


def _membership_rows(user: Any) -> Iterable[Row]:
    for membership in _memberships(user).select_related("unit"):
        yield {
            _("Unit"): membership.unit.name,
            _("Position"): membership.position,
            _("From"): membership.started_on,
            _("Until"): membership.ended_on,
        }


def _erase_memberships(user: Any) -> None:
    end_membership(user=user, on=timezone.localdate())
    _memberships(user).exclude(position="").update(position="")


def _count_memberships(user: Any) -> int:
    return _memberships(user).count()


MEMBERSHIPS = Kept(
    slug="memberships",
    name=gettext_lazy("Where you work and worked"),
    purpose=gettext_lazy("To assign you your courses, and to count results by unit"),
    basis=TASK,
    how_long=gettext_lazy("as long as your account"),
    on_erasure=gettext_lazy(
        "Ended and made nameless; unit and dates stay, so that former reports remain right."
    ),
    count=_count_memberships,
    collect=_membership_rows,
    fate=all_nameless(_count_memberships),
    erase=_erase_memberships,
    models=("organisations.Membership",),
    rank=60,
)


def _roles(user: Any) -> QuerySet[Responsibility]:
    return Responsibility.objects.filter(Q(user=user) | Q(deputy_for=user))


def _role_rows(user: Any) -> Iterable[Row]:
    for role in _roles(user).select_related("unit", "user", "deputy_for"):
        yield {
            _("Role"): role.get_role_display(),
            _("Unit"): role.unit.name,
            _("From"): role.starts_on,
            _("Until"): role.ends_on,
            _("Person"): str(role.user),
            _("Deputy for"): str(role.deputy_for or ""),
        }


def _erase_roles(user: Any) -> None:
    Responsibility.objects.filter(deputy_for=user).update(deputy_for=None)
    Responsibility.objects.filter(user=user).delete()


def _count_roles(user: Any) -> int:
    return _roles(user).count()


ROLES = Kept(
    slug="roles",
    name=gettext_lazy("Roles you have in units"),
    purpose=gettext_lazy("To let HR officers, deputies and auditors do their work, and no more"),
    basis=TASK,
    how_long=gettext_lazy("until the role ends; that it was given stays in the audit log"),
    on_erasure=gettext_lazy("Deleted. What you did in the role stays in the audit log."),
    count=_count_roles,
    collect=_role_rows,
    fate=all_go(_count_roles),
    erase=_erase_roles,
    models=("organisations.Responsibility",),
    rank=60,
)


# --- audit -----------------------------------------------------------------------------------


def _entries(user: Any) -> QuerySet[Entry]:
    about = Q(about_type=user._meta.label_lower, about_key=str(user.pk))
    return Entry.objects.filter(about | Q(by=user))


def _entry_rows(user: Any) -> Iterable[Row]:
    for entry in _entries(user).select_related("by").iterator(chunk_size=500):
        yield {
            _("Time"): entry.at,
            _("Act"): act_name(entry.act),
            _("By"): str(entry.by or _("The system")),
            _("About"): entry.about_name,
            _("Details"): details_text(entry.details),
        }


def _count_entries(user: Any) -> int:
    return _entries(user).count()


def _erase_entries(user: Any) -> None:
    make_nameless(person=user, name=ERASED_NAME)


ENTRIES = Kept(
    slug="audit",
    name=gettext_lazy("Audit log: what you did, and what was done about you"),
    purpose=gettext_lazy("To be able to show who changed what, and on whose decision"),
    basis=SECURITY,
    how_long=gettext_lazy("after the act"),
    on_erasure=gettext_lazy("Your name is taken out; the acts themselves stay as evidence."),
    count=_count_entries,
    collect=_entry_rows,
    fate=all_nameless(_count_entries),
    erase=_erase_entries,
    models=("audit.Entry",),
    rank=80,
    months=60,
    expiry=expiry_of(lambda before: Entry.objects.filter(at__lt=before)),
)


def _disclosures(user: Any) -> QuerySet[Disclosure]:
    return Disclosure.objects.filter(Q(about=user) | Q(by=user))


def _disclosure_rows(user: Any) -> Iterable[Row]:
    for seen in _disclosures(user).select_related("by", "about").iterator(chunk_size=500):
        yield {
            _("Time"): seen.at,
            _("How"): seen.get_how_display(),
            _("What"): thing_name(seen.what),
            _("By"): str(seen.by or _("The system")),
            _("Person"): str(seen.about or ""),
            _("Persons"): seen.count,
        }


def _count_disclosures(user: Any) -> int:
    return _disclosures(user).count()


DISCLOSURES = Kept(
    slug="disclosures",
    name=gettext_lazy("Who has seen data of persons"),
    purpose=gettext_lazy("To be able to tell you who has seen or exported your data"),
    basis=SECURITY,
    how_long=gettext_lazy("after somebody looked"),
    on_erasure=gettext_lazy("Stays; it shows no name but the one that stands for erased persons."),
    count=_count_disclosures,
    collect=_disclosure_rows,
    fate=all_stay(_count_disclosures),
    erase=nothing,
    models=("audit.Disclosure",),
    rank=80,
    months=36,
    expiry=expiry_of(lambda before: Disclosure.objects.filter(at__lt=before)),
)


# --- this package ------------------------------------------------------------------------------


def _requests(user: Any) -> QuerySet[DataRequest]:
    return DataRequest.objects.filter(person=user)


def _request_rows(user: Any) -> Iterable[Row]:
    for request in _requests(user):
        yield {
            _("Asked at"): request.made_at,
            _("Request"): request.get_kind_display(),
            _("Name asked for"): request.new_name,
            _("What you wrote"): request.wish,
            _("State"): request.get_state_display(),
            _("Answer"): request.answer,
            _("Answered at"): request.answered_at,
        }


def _count_requests(user: Any) -> int:
    return _requests(user).count()


def _erase_requests(user: Any) -> None:
    for request in _requests(user):
        request.wish, request.old_name = "", ""
        # A request to correct a name has one, by the table's own rule.
        request.new_name = ERASED_NAME if request.new_name else ""
        request.save(update_fields=["wish", "old_name", "new_name"])
    Restriction.objects.filter(person=user).delete()


REQUESTS = Kept(
    slug="requests",
    name=gettext_lazy("Your requests about your data"),
    purpose=gettext_lazy("To answer them in time, and to be able to show it"),
    basis=LAW,
    how_long=gettext_lazy("after the answer"),
    on_erasure=gettext_lazy("What you wrote is deleted; that you asked and were answered stays."),
    count=_count_requests,
    collect=_request_rows,
    fate=all_nameless(_count_requests),
    erase=_erase_requests,
    models=("privacy.DataRequest", "privacy.Restriction"),
    rank=70,
    months=60,
    expiry=expiry_of(lambda before: DataRequest.objects.filter(answered_at__lt=before)),
)


def _consents(user: Any) -> QuerySet[Consent]:
    return Consent.objects.filter(person=user)


def _consent_rows(user: Any) -> Iterable[Row]:
    for consent in _consents(user):
        yield {
            _("Purpose"): consent.purpose,
            _("Version"): consent.version,
            _("Given at"): consent.given_at,
            _("Withdrawn at"): consent.withdrawn_at,
        }


def _count_consents(user: Any) -> int:
    return _consents(user).count()


def _erase_consents(user: Any) -> None:
    _consents(user).filter(withdrawn_at__isnull=True).update(withdrawn_at=timezone.now())


CONSENTS = Kept(
    slug="consents",
    name=gettext_lazy("Consents you gave"),
    purpose=gettext_lazy("To be able to show to what you agreed, and when"),
    basis=CONSENT,
    how_long=gettext_lazy("after you withdrew it"),
    on_erasure=gettext_lazy("Withdrawn; that there was one stays, without your name."),
    count=_count_consents,
    collect=_consent_rows,
    fate=all_nameless(_count_consents),
    erase=_erase_consents,
    models=("privacy.Consent",),
    rank=70,
    months=60,
    expiry=expiry_of(lambda before: Consent.objects.filter(withdrawn_at__lt=before)),
)


def _copies(user: Any) -> QuerySet[DataCopy]:
    return DataCopy.objects.filter(person=user)


def _copy_rows(user: Any) -> Iterable[Row]:
    for copy in _copies(user):
        yield {_("Ordered at"): copy.ordered_at, _("Made at"): copy.made_at}


def _count_copies(user: Any) -> int:
    return _copies(user).count()


def _delete_copies(copies: QuerySet[DataCopy]) -> None:
    for copy in copies:
        if copy.file:
            copy.file.delete(save=False)
        copy.delete()


def _old_copies(now: datetime.datetime) -> QuerySet[DataCopy]:
    return DataCopy.objects.filter(ordered_at__lt=now - datetime.timedelta(days=COPY_DAYS))


COPIES = Kept(
    slug="copies",
    name=gettext_lazy("Copies of your data that you ordered"),
    purpose=gettext_lazy("To hand you a large copy that takes a while to make"),
    basis=LAW,
    how_long=gettext_lazy("7 days after you ordered it"),
    on_erasure=gettext_lazy("Deleted with the file."),
    count=_count_copies,
    collect=_copy_rows,
    fate=all_go(_count_copies),
    erase=lambda user: _delete_copies(_copies(user)),
    models=("privacy.DataCopy",),
    rank=70,
    expiry=expiry_of(_old_copies, lambda pks: _delete_copies(DataCopy.objects.filter(pk__in=pks))),
)
