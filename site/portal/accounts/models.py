from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from learning.vietnamese import name_sort_key, nfc, search_key


def canonical_login(typed: str) -> str:
    """An e-mail address or staff code as it is stored, however it was typed."""
    login = nfc(typed)
    return login.lower() if "@" in login else login.upper()


class UserManager(BaseUserManager["User"]):
    """People are found by either of the two names they log in with."""

    def get_by_natural_key(self, username: str | None) -> "User":
        """The person with this e-mail address or staff code, whatever the case typed.

        Raises `User.DoesNotExist`. Django's own log-in calls this.
        """
        login = canonical_login(username or "")
        return self.get(**{"email" if "@" in login else "staff_code": login})

    def create_user(
        self,
        *,
        full_name: str,
        email: str | None = None,
        staff_code: str | None = None,
        password: str | None = None,
        **extra: Any,
    ) -> "User":
        """A saved person; without a password she cannot log in until she is given one."""
        user = self.model(full_name=full_name, email=email, staff_code=staff_code, **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, *, full_name: str, **fields: Any) -> "User":
        """A saved person who may do everything in the admin."""
        return self.create_user(full_name=full_name, is_staff=True, is_superuser=True, **fields)

    def search(self, text: str) -> models.QuerySet["User"]:
        """People whose name, e-mail or code contains `text`; marks and case don't matter."""
        return self.filter(
            Q(name_search__contains=search_key(text))
            | Q(email__contains=nfc(text).lower())
            | Q(staff_code__contains=nfc(text).upper())
        )


class User(AbstractBaseUser, PermissionsMixin):
    """A person. One field for the whole name, as it is written in Vietnam.

    `name_sort` and `name_search` are derived on save; bulk writers call `derive()` themselves.
    """

    email = models.EmailField(_("e-mail"), unique=True, null=True, blank=True)
    staff_code = models.CharField(
        _("staff code"), max_length=40, unique=True, null=True, blank=True
    )
    full_name = models.CharField(_("full name"), max_length=120)
    name_sort = models.CharField(max_length=255, editable=False, db_index=True)
    name_search = models.CharField(max_length=160, editable=False, db_index=True)
    is_active = models.BooleanField(_("may log in"), default=True)
    is_staff = models.BooleanField(_("works in the admin"), default=False)
    date_joined = models.DateTimeField(_("joined"), default=timezone.now, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["name_sort", "pk"]
        constraints = [
            models.CheckConstraint(
                name="user_has_a_login",
                condition=Q(email__isnull=False) | Q(staff_code__isnull=False),
                violation_error_message=_("Give an e-mail address or a staff code."),
            )
        ]
        # Lists of an agency's people are sorted from this index alone: the people themselves lie
        # all over a large city's table.
        indexes = [models.Index(fields=["id", "name_sort"], name="user_name_by_key")]

    def __str__(self) -> str:
        return self.full_name

    def derive(self) -> None:
        """Bring the typed fields into their one form and compute what depends on them."""
        self.full_name = nfc(self.full_name)
        self.email = nfc(self.email).lower() if self.email else None
        self.staff_code = nfc(self.staff_code).upper() if self.staff_code else None
        self.name_sort = name_sort_key(self.full_name)
        self.name_search = search_key(self.full_name)

    def clean(self) -> None:
        self.derive()

    def save(self, **kwargs: Any) -> None:
        self.derive()
        if kwargs.get("update_fields") and "full_name" in kwargs["update_fields"]:
            kwargs["update_fields"] = {*kwargs["update_fields"], "name_sort", "name_search"}
        super().save(**kwargs)

    def get_username(self) -> str:
        return self.email or self.staff_code or ""

    def get_full_name(self) -> str:
        """The whole name."""
        return self.full_name

    def get_short_name(self) -> str:
        """The given name (tên): the last word."""
        return self.full_name.rsplit(" ", 1)[-1]

    # Wagtail's user screens ask for the two halves of a Western name; both read the one field.
    @property
    def first_name(self) -> str:
        """The given name (tên), for Wagtail's screens."""
        return self.get_short_name()

    @property
    def last_name(self) -> str:
        """The words before the given name (họ và tên đệm), for Wagtail's screens."""
        return self.full_name.rpartition(" ")[0]


# Models live beside what uses them; Django looks for them here.
from portal.accounts.keys.models import (  # noqa: E402, F401
    ActivationCard,
    CardSheet,
    MailCode,
    TryCount,
)
