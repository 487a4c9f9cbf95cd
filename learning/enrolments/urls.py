from django.urls import path

from learning.enrolments import views

app_name = "enrolments"
urlpatterns = [
    path("giao-hoc/", views.overview, name="overview"),
    path("giao-hoc/moi/", views.add, name="add"),
    path("giao-hoc/<int:pk>/", views.assignment, name="assignment"),
    path("giao-hoc/<int:pk>/sua/", views.change, name="change"),
    path("giao-hoc/<int:pk>/ket-thuc/", views.end, name="end"),
]
