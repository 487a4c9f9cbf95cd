"""How often something may be tried: counted in the database, so for all processes together.

A count begins with the first try and is forgotten when its span is over: nobody who is attacked
stays locked out for longer than that.
"""

import datetime

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from portal.accounts.keys.models import TryCount, digest


def may_try(what: str, of: object, *, limit: int, seconds: int) -> bool:
    """Count one try of `what` for `of` (a name, an address); False from the try after `limit`.

    `of` is kept as a digest only: the table tells nobody's name or address.
    """
    key, now = _key(what, of), timezone.now()
    with transaction.atomic():
        TryCount.objects.filter(key=key, ends_at__lte=now).delete()
        if not TryCount.objects.filter(key=key).update(count=F("count") + 1):
            ends_at = now + datetime.timedelta(seconds=seconds)
            try:
                with transaction.atomic():
                    TryCount.objects.create(key=key, count=1, ends_at=ends_at)
            except IntegrityError:  # another process was first by a hair
                TryCount.objects.filter(key=key).update(count=F("count") + 1)
        return TryCount.objects.values_list("count", flat=True).get(key=key) <= limit


def tried(what: str, of: object) -> int:
    """How often it was tried in the present span; counts nothing."""
    row = TryCount.objects.filter(key=_key(what, of), ends_at__gt=timezone.now()).first()
    return row.count if row else 0


def forget(what: str, of: object) -> None:
    """Begin anew: it was right this time."""
    TryCount.objects.filter(key=_key(what, of)).delete()


def _key(what: str, of: object) -> str:
    return digest(what, str(of))
