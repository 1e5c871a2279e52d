"""Texts to send out know their network. The shipped ones that nobody has changed become today's."""

from importlib import import_module

from django.db import migrations, models

from desk.models import Outlet
from desk.texts.shipped import SHIPPED

FORMER = import_module("desk.migrations.0001_version_1").DEFAULT_TEXTS
EARLIER = {"Newsletter": """\
{title}

{summary}
{guest} tells how it runs in production: {technologies}.
Listen ({length}): {url}
"""}
# What stays of version 1, by name, and what replaces the rest.
SAME = {"Video description": "video", "Mail to the guest": "mail"}
REPLACED = {"Short post": "mastodon", "Newsletter": "newsletter"}


def unchanged(rows, name):
    texts = FORMER[name], EARLIER.get(name, FORMER[name])
    return rows.filter(name=name, text__in=texts)


def bring_up_to_date(apps, schema_editor):
    rows = apps.get_model("desk", "TextTemplate").objects
    for name, key in SAME.items():
        rows.filter(name=name).update(shipped=key)
    # {handle} has been the guest's name on X.
    written = rows.filter(text__contains="{handle}").exclude(pk__in=unchanged(rows, "Short post"))
    written.update(outlet=Outlet.X)
    for name, key in REPLACED.items():
        shipped = SHIPPED[key]
        is_taken = name != shipped.name and rows.filter(name=shipped.name).exists()
        unchanged(rows, name).update(
            name=name if is_taken else shipped.name,
            outlet=shipped.outlet,
            text=shipped.text,
            shipped=key,
        )
    add_missing(rows)


def add_missing(rows):
    """Behind the first of the shipped ones; none if the host has deleted all texts."""
    known = list(rows.order_by("position", "pk"))
    if not known:
        return
    there = {row.shipped for row in known} | set(SAME.values())
    new = [add(rows, key) for key in SHIPPED if key not in there]
    place = next((index for index, row in enumerate(known, 1) if row.shipped == "mastodon"), len(known))
    for position, row in enumerate([*known[:place], *new, *known[place:]]):
        rows.filter(pk=row.pk).update(position=position)


def add(rows, key):
    shipped, name = SHIPPED[key], SHIPPED[key].name
    while rows.filter(name=name).exists():
        name = f"{name}, new"
    return rows.create(name=name, outlet=shipped.outlet, text=shipped.text, shipped=key)


class Migration(migrations.Migration):
    dependencies = [('desk', '0004_deletion')]

    operations = [
        migrations.AddField(
            model_name='texttemplate',
            name='outlet',
            field=models.CharField(choices=[('mastodon', 'Mastodon'), ('bluesky', 'Bluesky'), ('x', 'X'), ('linkedin', 'LinkedIn'), ('newsletter', 'Newsletter, as plain text and HTML'), ('other', 'Chat, mail or anywhere else')], db_default='other', default='other', help_text='It decides how long the text may be, and how it names the guests with {handle}.', max_length=20, verbose_name='sent to'),
        ),
        migrations.AddField(
            model_name='texttemplate',
            name='shipped',
            field=models.CharField(blank=True, db_default='', editable=False, help_text='The key of the shipped text that it began as.', max_length=20),
        ),
        migrations.RunPython(bring_up_to_date, migrations.RunPython.noop),
    ]
