"""Is the site ready to serve? Asked by `manage.py demo`, load balancers and monitors."""

from django.views.decorators.cache import never_cache
from health_check.views import HealthCheckView

# The database and the cache are what a request needs; mail and the worker may be late.
health = never_cache(
    HealthCheckView.as_view(checks=["health_check.checks.Database", "health_check.checks.Cache"])
)
