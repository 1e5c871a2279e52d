"""Addresses below the desk's: signing in by a link, and the second step."""

from django.contrib import admin
from django.urls import path

from accounts import views

urlpatterns = [
    path("sign-in/<str:token>", views.sign_in_by_link, name="desk_sign_in_link"),
    path("second-step/", admin.site.admin_view(views.second_step_page), name="desk_second_step"),
]
