"""The WSGI entry point that the production server loads as `portal.wsgi:application`."""

import gc
import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
application = get_wsgi_application()
# Every view is imported here, at the start, and not while each worker's first visitor waits.
import_module(settings.ROOT_URLCONF)
# What is loaded now stays. The collector would look through all of it again every few requests,
# which takes a quarter of a second each time.
gc.collect()
gc.freeze()
