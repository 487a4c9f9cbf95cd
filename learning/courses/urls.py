from django.urls import path

from learning.courses import views

app_name = "courses"
urlpatterns = [path("<uuid:lesson_key>/thu/", views.practice, name="practice")]
