from django.urls import path, re_path

from learning.statistics import views
from learning.statistics.hours import views as hours

app_name = "statistics"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("chi-tieu/", views.goals, name="goals"),
    path("nguoi-hoc/", views.people_list, name="people"),
    re_path(r"^xuat/(?P<form>csv|xlsx)/$", views.export, name="export"),
    path("gio-boi-duong/", hours.overview, name="hours"),
    re_path(r"^gio-boi-duong/xuat/(?P<form>csv|xlsx)/$", hours.export, name="hours_export"),
]
