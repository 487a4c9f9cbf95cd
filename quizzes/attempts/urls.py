from django.urls import path

from quizzes.attempts import views

app_name = "attempts"

urlpatterns = [
    path("<int:pk>/", views.attempt, name="attempt"),
    path("<int:pk>/luu/", views.save_all, name="save_all"),
    path("<int:pk>/luu/<int:position>/", views.save, name="save"),
    path("<int:pk>/nop-bai/", views.submit, name="submit"),
    path("<int:pk>/ket-qua/", views.result, name="result"),
]
