from django.urls import path

from learning.courses import views

app_name = "courses"
urlpatterns = [
    path("bai-hoc/<uuid:lesson_key>/thu/", views.practice, name="practice"),
    path("thuat-ngu/", views.glossary, name="glossary"),
    path("tim-kiem/", views.search, name="search"),
]
