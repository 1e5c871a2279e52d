from django.contrib import admin


class DeskSite(admin.AdminSite):
    pass
