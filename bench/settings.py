"""The product's settings, with one more address for the ceiling. Only `make bench` uses them.

A deployment names `portal.settings`, so the bench's address cannot appear there; and without
DEMO=true, which makes known passwords, this module refuses to load.
"""

from django.core.exceptions import ImproperlyConfigured

from portal.settings import *  # noqa: F403
from portal.settings import DEMO

if not DEMO:
    raise ImproperlyConfigured("bench.settings is for `make bench` only (it sets DEMO=true)")

ROOT_URLCONF = "bench.urls"
