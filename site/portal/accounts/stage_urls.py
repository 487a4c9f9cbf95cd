"""Addresses that allauth looks up by its own names."""

from django.urls import path

from portal.accounts.entry import passwords
from portal.accounts.entry import views as entry
from portal.accounts.oidc import views as oidc
from portal.accounts.second import views as second

urlpatterns = [
    path("dang-nhap/", entry.log_in, name="account_login"),
    path("dang-nhap/buoc-hai/", second.at_log_in, name="mfa_authenticate"),
    path("xac-nhan/", passwords.confirm, name="account_reauthenticate"),
    path("dang-nhap/mot-lan/<slug:provider_id>/", oidc.start, name="openid_connect_login"),
]
# The provider knows this address: it is the same in every language.
fixed_urlpatterns = [
    path("dang-nhap/mot-lan/<slug:provider_id>/ve/", oidc.arrive, name="openid_connect_callback"),
]
