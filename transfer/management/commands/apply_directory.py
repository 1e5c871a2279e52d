from django.db import transaction

from stack.directory import fill_from_directory
from stack.models import Technology
from transfer.console import ImportCommand
from transfer.importers.report import Report


class Command(ImportCommand):
    help = (
        "Give technologies the categories, homepages and other names of the directory that ships "
        "with the code, where they lack them. Your own stay."
    )

    def import_with(self, report: Report, **options: object) -> None:
        with transaction.atomic():
            for technology in Technology.objects.all():
                changes = fill_from_directory(technology)
                report.outcome(technology.name, "changed" if changes else "unchanged")
                for change in changes:
                    report.note(f"{technology.name}: {change}")
            transaction.set_rollback(report.dry_run)
