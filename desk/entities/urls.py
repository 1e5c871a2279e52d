from django.contrib import admin
from django.urls import path

from desk.entities.views import merging

urlpatterns = [
    path("merge/<str:kind>/<int:pk>", admin.site.admin_view(merging), name="desk_merge"),
]
