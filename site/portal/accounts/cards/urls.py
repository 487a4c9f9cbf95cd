from django.urls import path

from portal.accounts.cards import views

app_name = "cards"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("<int:pk>/lam-the/", views.make, name="make"),
]
