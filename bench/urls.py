"""The product's addresses and, before them, the ceiling."""

from django.urls import path

from bench.views import hello
from portal.urls import urlpatterns as portal_urlpatterns

urlpatterns = [path("bench/hello/", hello), *portal_urlpatterns]
