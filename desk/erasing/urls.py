from django.contrib import admin
from django.urls import path

from desk.erasing.views import erasing

urlpatterns = [path("erase/<int:pk>", admin.site.admin_view(erasing), name="desk_erase")]
