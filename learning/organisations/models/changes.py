"""What became of units: changes with their decision, earlier states, and who succeeded whom.

A unit's row says what it is now. `EarlierState` says what it was until a day, so that the name it
bore and the place where it hung on any past day can be read; the day itself belongs to the new
state. A unit's last day is `valid_to`: closed on 1 July, its last day is 30 June.
"""

import datetime
from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from learning.organisations.models.units import Unit, UnitKind
from learning.vietnamese import nfc, search_key


class UnitChangeQuerySet(models.QuerySet["UnitChange"]):
    """Changes in domain words."""

    def applied(self) -> Self:
        """Those that have come true."""
        return self.filter(applied_at__isnull=False)

    def waiting(self) -> Self:
        """Those decided for a day to come, and not taken back."""
        return self.filter(applied_at__isnull=True, undone_at__isnull=True)

    def due(self, *, on: datetime.date) -> Self:
        """Those waiting whose day has come, in the order of their days."""
        return self.waiting().filter(day__lte=on).order_by("day", "pk")


class UnitChange(models.Model):
    """A decision about units, that took effect or shall take effect on a day.

    `plan` is what was asked (`organisations.changing.plans`), `expected` the counts of the
    preview that was confirmed, `counts` what applying did: for a change applied at once they are
    equal. `problem` is why a change that waited could not be applied on its day.
    """

    wagtail_reference_index_ignore = True

    class Kind(models.TextChoices):
        OPEN = "open", _("Opened")
        RENAME = "rename", _("Renamed")
        MOVE = "move", _("Moved")
        MERGE = "merge", _("Merged")
        SPLIT = "split", _("Split")
        CLOSE = "close", _("Closed")

    kind = models.CharField(_("kind of change"), max_length=10, choices=Kind.choices)
    day = models.DateField(_("takes effect on"))
    decision = models.CharField(_("decision"), max_length=250)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    plan = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    expected = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    made_at = models.DateTimeField(_("decided at"), default=timezone.now, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    applied_at = models.DateTimeField(_("applied at"), null=True)
    undone_at = models.DateTimeField(_("taken back at"), null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("taken back by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    problem = models.TextField(blank=True)

    objects: ClassVar[models.Manager["UnitChange"]] = UnitChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change of units")
        verbose_name_plural = _("changes of units")
        ordering = ["-day", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="unit_change_applied_or_undone",
                condition=Q(applied_at__isnull=True) | Q(undone_at__isnull=True),
            ),
            models.CheckConstraint(
                name="unit_change_has_a_decision", condition=~Q(decision="") | ~Q(reason="")
            ),
        ]
        indexes = [
            models.Index(
                fields=["day"],
                condition=Q(applied_at__isnull=True, undone_at__isnull=True),
                name="unit_change_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.day:%d/%m/%Y}"

    @property
    def is_waiting(self) -> bool:
        """Decided for a day to come, and not taken back?"""
        return self.applied_at is None and self.undone_at is None


class ChangePart(models.Model):
    """A unit that had a part in a change: it was changed, gave up its place, or came out of it."""

    wagtail_reference_index_ignore = True

    class Side(models.TextChoices):
        FROM = "from", _("before")
        INTO = "into", _("after")
        BELOW = "below", _("followed")

    change = models.ForeignKey(UnitChange, on_delete=models.CASCADE, related_name="parts")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="change_parts")
    side = models.CharField(max_length=5, choices=Side.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["change", "unit", "side"], name="change_part_once")
        ]

    def __str__(self) -> str:
        return f"{self.change_id} {self.side} {self.unit_id}"


class EarlierState(models.Model):
    """What a unit was called, what it was and where it hung, from `since` until before `until`."""

    wagtail_reference_index_ignore = True

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="earlier")
    since = models.DateField(_("from"))
    until = models.DateField(_("until"))
    name = models.CharField(_("name"), max_length=250)
    short_name = models.CharField(_("short name"), max_length=80, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=UnitKind.choices)
    parent = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, related_name="earlier_below"
    )
    name_search = models.CharField(max_length=300, editable=False, db_index=True)

    class Meta:
        ordering = ["until"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "until"], name="earlier_state_once"),
            models.CheckConstraint(
                name="earlier_state_ends_after_it_begins", condition=Q(until__gt=F("since"))
            ),
            models.CheckConstraint(
                name="earlier_state_not_below_itself",
                condition=Q(parent__isnull=True) | ~Q(parent=F("unit")),
            ),
        ]
        indexes = [models.Index(fields=["parent", "until"], name="earlier_state_below")]

    def __str__(self) -> str:
        return f"{self.name} –{self.until:%d/%m/%Y}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.name, self.short_name = nfc(self.name), nfc(self.short_name)
        self.name_search = search_key(f"{self.name} {self.short_name}")[:300]
        super().save(*args, **kwargs)


class Succession(models.Model):
    """A closed unit and one of those that took over from it on `day`."""

    wagtail_reference_index_ignore = True

    predecessor = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="successions")
    successor = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="preceded")
    day = models.DateField(_("on"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["predecessor", "successor"], name="succession_once"),
            models.CheckConstraint(
                name="unit_does_not_succeed_itself", condition=~Q(predecessor=F("successor"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor_id} → {self.successor_id}"
