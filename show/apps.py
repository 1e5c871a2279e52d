from django.apps import AppConfig


class ShowConfig(AppConfig):
    name = "show"
    verbose_name = "Show"
