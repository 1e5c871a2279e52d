"""The last reading of the clock."""

from django.db import models


class ClockReading(models.Model):
    """What earlier readings tell, too, by which jumps are noticed (show.clock.jumps)."""

    id = models.SmallIntegerField(primary_key=True, default=1, editable=False)
    read_at = models.DateTimeField()
    jumped_at = models.DateTimeField(null=True)
    gaps = models.JSONField(default=list, help_text="Jumps forward: begin and end of each.")
    left_at = models.DateTimeField(null=True, help_text="What was read before the last jump.")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="clockreading_is_one_row")
        ]

    def __str__(self) -> str:
        return str(self.read_at)
