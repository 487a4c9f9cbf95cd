"""Many people placed at once, as a staff list or a merger does: few queries, one signal."""

import datetime
from collections.abc import Collection
from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.db import transaction

from learning.organisations.models import Membership
from learning.organisations.signals import members_moved


@dataclass(frozen=True)
class Placement:
    """`user_id` works in `unit_id` (None: nowhere any more) in this position."""

    user_id: int
    unit_id: int | None
    position: str = ""


@dataclass(frozen=True)
class Placed:
    """What a placement wrote: the membership begun and the one ended, by their keys."""

    begun: int | None
    ended: int | None


@transaction.atomic
def place_members(*, placements: Collection[Placement], on: datetime.date) -> dict[int, Placed]:
    """Each person works where her placement says from this day, as `place_member` does for one.

    Who is there already gets the position alone. The floors above hear of all moves by one
    `members_moved` in this transaction. By person: what was written for her.
    """
    ids = [one.user_id for one in placements]
    # The persons' rows are the lock, taken in one order by everybody.
    users = get_user_model()._default_manager.select_for_update().filter(pk__in=ids)
    list(users.order_by("pk").values_list("pk", flat=True))
    present = {one.user_id: one for one in Membership.objects.open().filter(user_id__in=ids)}
    ended: list[Membership] = []
    renamed: list[Membership] = []
    begun: list[Membership] = []
    for one in placements:
        held = present.get(one.user_id)
        if held and held.unit_id == one.unit_id:
            if held.position != one.position:
                held.position = one.position
                renamed.append(held)
            continue
        if held:
            held.ended_on = max(on, held.started_on)
            ended.append(held)
        if one.unit_id is not None:
            begun.append(
                Membership(
                    user_id=one.user_id, unit_id=one.unit_id, position=one.position, started_on=on
                )
            )
    Membership.objects.bulk_update(renamed, ["position"], batch_size=500)
    Membership.objects.bulk_update(ended, ["ended_on"], batch_size=500)
    Membership.objects.bulk_create(begun, batch_size=500)
    return _told(ended, begun)


def _told(ended: list[Membership], begun: list[Membership]) -> dict[int, Placed]:
    new = {one.user_id: one for one in begun}
    old = {one.user_id: one.pk for one in ended}
    moves = [
        (user_id, new[user_id].unit_id if user_id in new else None)
        for user_id in {**old, **dict.fromkeys(new)}
    ]
    if moves:
        members_moved.send(sender=Membership, moves=moves)
    return {
        user_id: Placed(new[user_id].pk if user_id in new else None, old.get(user_id))
        for user_id, _unit in moves
    }


@transaction.atomic
def take_back(*, placed: dict[int, Placed]) -> None:
    """Undo `place_members`: memberships begun are deleted, those ended go on. Told as moves."""
    begun = [one.begun for one in placed.values() if one.begun]
    ended = [one.ended for one in placed.values() if one.ended]
    Membership.objects.filter(pk__in=begun).delete()
    Membership.objects.filter(pk__in=ended).update(ended_on=None)
    back = dict(Membership.objects.filter(pk__in=ended).values_list("user_id", "unit_id"))
    if placed:
        moves = [(user_id, back.get(user_id)) for user_id in placed]
        members_moved.send(sender=Membership, moves=moves)
