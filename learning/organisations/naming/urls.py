from django.urls import path

from learning.organisations.naming import views

app_name = "naming"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("giao/", views.find, name="find"),
    path("giao/<int:pk>/", views.give, name="give"),
    path("<int:pk>/thoi/", views.end, name="end"),
]
