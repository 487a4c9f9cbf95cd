from django.urls import path, re_path

from learning.statistics import views
from learning.statistics.analysis import views as analysis
from learning.statistics.city import views as city
from learning.statistics.comparing import views as comparing
from learning.statistics.exporting import views as exporting
from learning.statistics.hours import views as hours
from learning.statistics.official import views as official

app_name = "statistics"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("dien-bien/", analysis.trend, name="trend"),
    path("bai-hoc/", analysis.modules, name="modules"),
    path("chu-de/", analysis.topics, name="topics"),
    path("chuc-vu/", analysis.positions, name="positions"),
    path("toan-canh/", city.board, name="board"),
    path("so-sanh/", comparing.compare, name="compare"),
    path("chi-tieu/", views.goals, name="goals"),
    path("mau-bao-cao/<int:unit>/", official.letterhead, name="letterhead"),
    path("nguoi-hoc/", views.people_list, name="people"),
    re_path(
        r"^xuat/(?P<form>csv|xlsx|docx|pdf|don-vi-pdf|danh-sach-pdf)/$",
        views.export,
        name="export",
    ),
    re_path(r"^tep-da-xuat/moi/(?P<form>csv|xlsx)/$", exporting.ask, name="export_ask"),
    path("tep-da-xuat/", exporting.files, name="exports"),
    path("tep-da-xuat/<int:pk>/", exporting.one, name="exported"),
    path("tep-da-xuat/<int:pk>/tien-do/", exporting.progress, name="export_progress"),
    path("tep-da-xuat/<int:pk>/tai-ve/", exporting.fetch, name="export_fetch"),
    re_path(
        r"^tep-da-xuat/(?P<pk>\d+)/(?P<what>huy|lam-lai|xoa)/$", exporting.act, name="export_act"
    ),
    path("gio-boi-duong/", hours.overview, name="hours"),
    re_path(r"^gio-boi-duong/xuat/(?P<form>csv|xlsx|docx)/$", hours.export, name="hours_export"),
]
