from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps


class DeskAdminConfig(admin_apps.AdminConfig):
    """Django's admin, with the desk's site in place of the default one."""

    default = False
    default_site = "desk.site.DeskSite"


class DeskConfig(AppConfig):
    name = "desk"
    verbose_name = "Desk"
