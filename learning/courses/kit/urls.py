from django.urls import path

from learning.courses.kit import views

app_name = "kit"
urlpatterns = [
    path("<uuid:key>/<str:name>", views.file, name="file"),
]
