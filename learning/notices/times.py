"""When mail may go out: not at night, and not on weekends where the department wishes so."""

import datetime

from django.conf import settings
from django.utils import timezone


def next_allowed(moment: datetime.datetime) -> datetime.datetime:
    """`moment`, or the end of the quiet time it falls into.

    Settings: NOTICES_QUIET_FROM and NOTICES_QUIET_UNTIL, hours of the local day (20 and 7; equal
    means no quiet time), and NOTICES_QUIET_WEEKENDS (False).
    """
    quiet_from = settings.NOTICES_QUIET_FROM
    quiet_until = settings.NOTICES_QUIET_UNTIL
    weekends = settings.NOTICES_QUIET_WEEKENDS
    local = timezone.localtime(moment)
    if _quiet(local.hour, quiet_from, quiet_until):
        if local.hour >= quiet_until:
            local += datetime.timedelta(days=1)
        local = local.replace(hour=quiet_until, minute=0, second=0, microsecond=0)
    if weekends and local.weekday() >= 5:
        local += datetime.timedelta(days=7 - local.weekday())
        local = local.replace(hour=quiet_until, minute=0, second=0, microsecond=0)
    return local


def _quiet(hour: int, start: int, end: int) -> bool:
    return start <= hour < end if start <= end else hour >= start or hour < end
