from django.urls import path

from portal.accounts.joining import views

app_name = "joining"
urlpatterns = [
    path("", views.start, name="start"),
    path("ma/", views.code, name="code"),
]
