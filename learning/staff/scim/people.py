"""Users: people as SCIM says them, and what becomes of what it says."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from scim2_models import InvalidValueException, Meta, NotFoundException, UniquenessException

from learning.api.models import ApiToken
from learning.organisations.models import Membership, Unit
from learning.staff.finding import Person, find_people
from learning.staff.models import StaffProfile
from learning.staff.people import (
    PersonError,
    Told,
    change_person,
    get_person,
    let_go,
    made_person,
    place_again,
)
from learning.staff.reading.values import CellError, as_text, read_code, read_email, read_text
from learning.staff.scim.resources import Email, User

_BY_NAME = re.compile(
    r'(?:userName|externalId|emails|emails\.value)\s+eq\s+"([^"\\]*)"', re.IGNORECASE
)


def users_of(token: ApiToken) -> QuerySet[Any]:
    """Who works below the token's unit, or worked there last and works nowhere now."""
    mine = Membership.objects.filter(user=OuterRef("pk"), unit__path__range=token.unit.path_range)
    elsewhere = Membership.objects.open().filter(user=OuterRef("pk"))
    elsewhere = elsewhere.exclude(unit__path__range=token.unit.path_range)
    people = get_user_model()._default_manager.filter(Exists(mine), ~Exists(elsewhere))
    return people.exclude(staff_profile__scim_gone=True).order_by("pk")


def get_user(token: ApiToken, key: str) -> Any:
    """The user. Raises `NotFoundException`."""
    user = users_of(token).filter(pk=key).first() if key.isdecimal() and len(key) < 12 else None
    if user is None:
        raise NotFoundException
    return user


def shown(users: Sequence[Any], base: str) -> list[User]:
    """The users as SCIM shows them, in two queries; `base` is the address of the service."""
    keys = [user.pk for user in users]
    people = {one.pk: one for one in find_people(Q(pk__in=keys))}
    profiles = {one.user_id: one for one in StaffProfile.objects.filter(user__in=keys)}
    return [_shown(people[key], profiles.get(key), base) for key in keys]


def _shown(person: Person, profile: StaffProfile | None, base: str) -> User:
    return User(
        id=str(person.pk),
        external_id=(profile.scim_key or None) if profile else None,
        user_name=(profile.scim_name if profile else None) or person.email or person.code,
        display_name=person.full_name,
        title=person.position or None,
        active=person.unit_id is not None and person.active,
        emails=[Email(value=person.email)] if person.email else None,
        meta=Meta(resource_type="User", location=f"{base}/Users/{person.pk}"),
    )


def narrowed(users: QuerySet[Any], asked: str) -> QuerySet[Any]:
    """The users among whom the filter can find any: for what directories ask before they create
    somebody, the database does the work."""
    found = _BY_NAME.fullmatch(asked.strip())
    if found is None:
        return users
    name = found[1]
    return users.filter(
        Q(staff_profile__scim_name__iexact=name)
        | Q(staff_profile__scim_key=name)
        | Q(email=name.lower())
        | Q(staff_code=name.upper())
    )


@transaction.atomic
def create(token: ApiToken, said: User) -> Any:
    """A new user in the token's unit; somebody deleted before comes back with all she has learnt.

    Raises `UniquenessException` where code, address or name is another person's.
    """
    told = _told(said, token.unit, None)
    user = _former(token, said)
    if user is None:
        _refuse_taken(said, told, None)
        user = made_person(told=told, by=token.made_by)
        if said.active is False:
            # She was here for the moment of being made: that is how the token knows her.
            let_go(user=user, by=token.made_by)
    else:
        _refuse_taken(said, told, user)
        place_again(user=user, unit=token.unit, position=told.position, by=token.made_by)
    _note(user, said)
    return user


def _former(token: ApiToken, said: User) -> Any | None:
    gone = StaffProfile.objects.filter(scim_gone=True, scim_name__iexact=said.user_name)
    here = Membership.objects.filter(unit__path__range=token.unit.path_range)
    free = ~Exists(Membership.objects.open().filter(user=OuterRef("pk")))
    people = get_user_model()._default_manager.filter(free, pk__in=gone.values("user_id"))
    return people.filter(pk__in=here.values("user_id")).first()


@transaction.atomic
def change(token: ApiToken, user: Any, said: User) -> None:
    """The user is as `said`, after a PUT or a PATCH."""
    person = get_person(user.pk)
    if said.active is False:
        let_go(user=user, by=token.made_by)
    elif person.unit_id is None:
        place_again(user=user, unit=token.unit, position=said.title or "", by=token.made_by)
    unit = Unit.objects.filter(pk=get_person(user.pk).unit_id).first()
    told = _told(said, unit or token.unit, person)
    _refuse_taken(said, told, user)
    try:
        change_person(user=user, told=told, by=token.made_by, placed=unit is not None)
    except PersonError as error:
        raise InvalidValueException(detail=str(error)) from error
    _note(user, said)


@transaction.atomic
def delete(token: ApiToken, user: Any) -> None:
    """Her membership ends; the token doesn't see her any more."""
    let_go(user=user, by=token.made_by)
    StaffProfile.objects.update_or_create(user=user, defaults={"scim_gone": True})


def _note(user: Any, said: User) -> None:
    names = {"scim_name": said.user_name, "scim_key": said.external_id or "", "scim_gone": False}
    StaffProfile.objects.update_or_create(user=user, defaults=names)


def _told(said: User, unit: Unit, person: Person | None) -> Told:
    """What SCIM says, with what it doesn't know left as it is."""
    name = as_text(said.user_name)
    emails = [one.value for one in said.emails or [] if one.value]
    try:
        email = read_email(emails[0] if emails else name if "@" in name else "")
        code = read_code(name) if "@" not in name else ""
        told = Told(
            full_name=read_text(said.display_name, most=120),
            staff_code=code or (person.code if person else ""),
            email=email,
            phone=person.phone if person else "",
            sex=person.sex if person else "",
            birth=person.birth if person else "",
            position=read_text(said.title, most=120),
            unit=unit,
        )
    except CellError as error:
        raise InvalidValueException(detail=str(error)) from error
    if not told.full_name:
        raise InvalidValueException(detail=_("The name is missing."))
    return told


def _refuse_taken(said: User, told: Told, user: Any | None) -> None:
    condition = Q(staff_profile__scim_name__iexact=said.user_name)
    if told.email:
        condition |= Q(email=told.email)
    if told.staff_code:
        condition |= Q(staff_code=told.staff_code)
    others = get_user_model()._default_manager.filter(condition)
    if (others.exclude(pk=user.pk) if user else others).exists():
        raise UniquenessException(detail=_("This is another person's already."))
