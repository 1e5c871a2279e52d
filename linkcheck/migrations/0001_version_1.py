"""The schema of version 1. A database with its migrations, listed in `replaces`, has it already.

Each of accounts, linkcheck and desk replaces one of desk's three migrations, so that each of them is
applied or not by itself; the tables of all three have belonged to desk.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [('desk', '0003_link_places')]
    initial = True
    dependencies = []

    operations = [
        migrations.CreateModel(
            name='Link',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('url', models.CharField(max_length=1000, unique=True, verbose_name='address')),
                ('status', models.PositiveSmallIntegerField(help_text="HTTP status, if there was a response.", null=True)),
                ('reason', models.CharField(blank=True, help_text="Why it can't be opened.", max_length=300)),
                ('checked_at', models.DateTimeField(null=True)),
                ('failing_since', models.DateTimeField(null=True)),
                ('failed_days', models.PositiveSmallIntegerField(default=0)),
                ('gone', models.PositiveSmallIntegerField(default=0, help_text='Consecutive 404 or 410 responses.')),
                ('https_works', models.BooleanField(default=False)),
                ('places', models.JSONField(default=list, help_text='Where it is linked; see linkcheck.addresses.')),
            ],
            options={'db_table': 'desk_link', 'ordering': ['url']},
        ),
        migrations.CreateModel(
            name='LinkSurvey',
            fields=[
                ('id', models.SmallIntegerField(default=1, editable=False, primary_key=True, serialize=False)),
                ('made_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'desk_linksurvey',
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='linksurvey_is_one_row')],
            },
        ),
    ]
