from django.urls import path

from learning.hours import judging_views, views

app_name = "hours"
urlpatterns = [
    path("", views.mine, name="mine"),
    path("khoa-ben-ngoai/moi/", views.new, name="new"),
    path("khoa-ben-ngoai/<uuid:key>/", views.course, name="course"),
    path("khoa-ben-ngoai/<uuid:key>/lay-lai/", views.take_back, name="take_back"),
    path("khoa-ben-ngoai/<uuid:key>/xoa/", views.remove, name="remove"),
    path("khoa-ben-ngoai/<uuid:key>/minh-chung/", views.evidence, name="evidence"),
    path("duyet/", judging_views.queue, name="queue"),
    path("duyet/<uuid:key>/", judging_views.judge, name="judge"),
]
