from django.urls import path

from learning.study import views

app_name = "study"
urlpatterns = [
    path("", views.my, name="my"),
    path("khoa/<uuid:course_key>/vao-hoc/", views.enrol_self, name="enrol"),
    path("khoa/<uuid:course_key>/bai-kiem-tra-cuoi/", views.final_start, name="final_start"),
    path("bai/<uuid:lesson_key>/da-hoc-xong/", views.lesson_read, name="lesson_read"),
    path("chuyen-de/<uuid:module_key>/bai-kiem-tra/", views.quiz_start, name="quiz_start"),
]
