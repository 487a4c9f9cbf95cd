from django.urls import path

from learning.notices import views

app_name = "notices"
urlpatterns = [
    path("", views.notice_list, name="list"),
    path("cai-dat/", views.preferences, name="preferences"),
    path("bo-nhan/<str:token>/", views.unsubscribe, name="unsubscribe"),
]
