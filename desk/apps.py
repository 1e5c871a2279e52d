from django.contrib.admin import apps


class DeskAdminConfig(apps.AdminConfig):
    """Django's admin with the desk's site. A class imported by name would count as the desk's."""

    default = False
    default_site = "desk.site.DeskSite"
