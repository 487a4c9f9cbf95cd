"""Units as a tree, who works where, and who is responsible for which unit.

The tree is a materialized path (treebeard): a unit's descendants are one range of paths, so a
scope is a condition in SQL and never a walk.
"""

import datetime
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from treebeard.mp_tree import MP_Node, MP_NodeManager, MP_NodeQuerySet

from learning.vietnamese import nfc, search_key


class UnitKind(models.TextChoices):
    """What a unit is in the two-tier local government since 01/7/2025, and around it."""

    CITY = "city", _("City")
    DEPARTMENT = "department", _("Department of the city")
    WARD = "ward", _("Ward")
    COMMUNE = "commune", _("Commune")
    SPECIAL_ZONE = "special_zone", _("Special zone")
    DISTRICT = "district", _("District-level unit (until 30/6/2025)")
    PARTY = "party", _("Party body")
    PUBLIC_UNIT = "public_unit", _("Public service unit")
    ORGANISATION = "organisation", _("Political or social organisation")
    ENTERPRISE = "enterprise", _("Enterprise")
    CENTRAL = "central", _("Agency of a ministry in the city")
    DIVISION = "division", _("Division")
    PUBLIC = "public", _("Citizens and enterprises")


class UnitQuerySet(MP_NodeQuerySet):
    """Units in domain words."""

    def within(self, *units: "Unit") -> Self:
        """The given units and all below them; none given, none found."""
        condition = Q(pk__in=[])
        for unit in units:
            condition |= Q(path__range=unit.path_range)
        return self.filter(condition)

    def current(self, *, on: datetime.date) -> Self:
        """Units that exist on this day."""
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on))

    def search(self, text: str) -> Self:
        """Units whose name contains `text`, without regard to marks and case."""
        return self.filter(name_search__contains=search_key(text))


class UnitManager(MP_NodeManager.from_queryset(UnitQuerySet)):  # type: ignore[misc]
    """treebeard's manager (ordered by path) with the words of `UnitQuerySet`."""

    def get_queryset(self) -> UnitQuerySet:
        return UnitQuerySet(self.model, using=self._db).order_by("path")


class Unit(MP_Node):
    """An agency or a part of one, as it is now; what it was is in `EarlierState`.

    A unit that was merged or split stays, closed: `valid_to` is its last day, and its
    `successions` name who took over. Its dead row keeps the place in the tree it had.
    """

    code = models.SlugField(_("code"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=250)
    short_name = models.CharField(_("short name"), max_length=80, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=UnitKind.choices)
    valid_from = models.DateField(_("exists since"), default=datetime.date(2025, 7, 1))
    valid_to = models.DateField(_("existed until"), null=True, blank=True)
    name_search = models.CharField(max_length=300, editable=False, db_index=True)

    objects: ClassVar[UnitManager] = UnitManager()

    node_order_by: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        constraints = [
            models.CheckConstraint(
                name="unit_ends_after_it_begins",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                violation_error_message=_("A unit cannot end before it begins."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def derive(self) -> None:
        """Bring the typed fields into their one form and compute what depends on them."""
        self.name = nfc(self.name)
        self.short_name = nfc(self.short_name)
        self.name_search = search_key(f"{self.name} {self.short_name}")[:300]

    def clean(self) -> None:
        self.derive()

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.derive()
        super().save(*args, **kwargs)

    @property
    def label(self) -> str:
        """The name for narrow places: the short one where there is one."""
        return self.short_name or self.name

    @property
    def path_range(self) -> tuple[str, str]:
        """First and last path of this unit and all below it."""
        return self.path, self._get_children_path_interval(self.path)[1]


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Who works where, in domain words."""

    def open(self) -> Self:
        """Memberships that have not ended: where people work now."""
        return self.filter(ended_on__isnull=True)

    def for_units(self, units: models.QuerySet[Unit]) -> Self:
        """Memberships in these units."""
        return self.filter(unit__in=units.order_by().values("pk"))


class Membership(models.Model):
    """A person works, or worked, in a unit. One open membership a person."""

    wagtail_reference_index_ignore = True

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.PROTECT,
        related_name="memberships",
    )
    unit = models.ForeignKey(
        Unit, verbose_name=_("unit"), on_delete=models.PROTECT, related_name="memberships"
    )
    position = models.CharField(_("position"), max_length=120, blank=True)
    started_on = models.DateField(_("from"))
    ended_on = models.DateField(_("until"), null=True, blank=True)

    objects: ClassVar[models.Manager["Membership"]] = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["-started_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(ended_on__isnull=True), name="one_open_membership"
            ),
            models.CheckConstraint(
                name="membership_ends_after_it_begins",
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on")),
            ),
        ]
        indexes = [
            models.Index(
                fields=["unit"], condition=Q(ended_on__isnull=True), name="membership_open_by_unit"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} @ {self.unit_id}"


class ResponsibilityQuerySet(models.QuerySet["Responsibility"]):
    """Roles in units, in domain words."""

    def on(self, day: datetime.date | models.Expression) -> Self:
        """Those that hold on this day: begun, and not yet over."""
        return self.filter(
            Q(starts_on__isnull=True) | Q(starts_on__lte=day),
            Q(ends_on__isnull=True) | Q(ends_on__gte=day),
        )


class Responsibility(models.Model):
    """A person's role in a unit and all below it: the only source of whose people she may see.

    Without days it holds until it is taken away; a deputy's holds from `starts_on` to the end of
    `ends_on`.
    """

    wagtail_reference_index_ignore = True

    class Role(models.TextChoices):
        HR_OFFICER = "hr_officer", _("HR officer")
        AUDITOR = "auditor", _("Auditor")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.CASCADE,
        related_name="responsibilities",
    )
    unit = models.ForeignKey(
        Unit, verbose_name=_("unit"), on_delete=models.PROTECT, related_name="responsibilities"
    )
    role = models.CharField(_("role"), max_length=20, choices=Role.choices, default=Role.HR_OFFICER)
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("until"), null=True, blank=True)
    deputy_for = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("deputy for"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
    )

    objects: ClassVar[models.Manager["Responsibility"]] = ResponsibilityQuerySet.as_manager()

    class Meta:
        verbose_name = _("responsibility")
        verbose_name_plural = _("responsibilities")
        constraints = [
            models.UniqueConstraint(fields=["user", "unit", "role"], name="responsibility_once"),
            models.CheckConstraint(
                name="responsibility_ends_after_it_begins",
                condition=Q(starts_on__isnull=True)
                | Q(ends_on__isnull=True)
                | Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("The last day lies before the first."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.role} @ {self.unit_id}"
