"""How often one address may ask, counted in Django's cache and nowhere else.

A whole office shares an address. So a code that exists is answered practically always, and only
what nobody with a paper in hand does is slowed down: asking for well-formed codes that do not
exist (a mistyped one does not get so far, its check sign is wrong). Guessing is hopeless anyway, a
code has 64 random bits. Without a shared cache each process counts for itself.
"""

import ipaddress
import time

from axes.helpers import get_client_ip_address
from django.core.cache import cache
from django.http import HttpRequest

LOOKUPS, LOOKUP_SECONDS = 600, 60
MISSES, MISS_SECONDS = 30, 600


def too_many_lookups(request: HttpRequest) -> int:
    """Count one look-up; the seconds to wait if the address has had too many, 0 otherwise."""
    return _count(request, "look", LOOKUPS, LOOKUP_SECONDS)


def too_many_misses(request: HttpRequest) -> int:
    """Count one unknown code; the seconds to wait if there were too many, 0 otherwise."""
    return _count(request, "miss", MISSES, MISS_SECONDS)


def _count(request: HttpRequest, what: str, most: int, seconds: int) -> int:
    window, passed = divmod(int(time.time()), seconds)
    key = f"verify:{what}:{_network(request)}:{window}"
    if cache.add(key, 1, timeout=seconds):
        return 0
    try:
        count = cache.incr(key)
    except ValueError:  # it ran out in between
        return 0
    return seconds - passed if count > most else 0


def _network(request: HttpRequest) -> str:
    """The address; of IPv6 the /64, since one subscriber has them all."""
    try:
        address = ipaddress.ip_address(str(get_client_ip_address(request)))
    except ValueError:
        return "unknown"
    if address.version == 6:
        return str(ipaddress.ip_network((address, 64), strict=False).network_address)
    return str(address)
