from django.urls import path, re_path

from learning.organisations.logbook import views

app_name = "logbook"
urlpatterns = [
    path("", views.overview, name="overview"),
    re_path(r"^xuat/(?P<form>csv|xlsx)/$", views.export, name="export"),
]
