"""The schema of version 1. A database with its migrations, listed in `replaces`, has it already.

Each of accounts, linkcheck and desk replaces one of desk's three migrations, so that each of them is
applied or not by itself; the tables of all three have belonged to desk.
"""

import desk.models
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

SHORT_POST = """\
New on {show}: {title}

With {handle}.
{url}
"""

NEWSLETTER = """\
{title}

{summary}
{guest} explains how it runs in production: {technologies}.
Listen ({length}): {url}
"""

VIDEO = """\
{summary}

Show notes, links and transcript: {url}
Guest: {guest}
Stack: {technologies}

{chapters}

More episodes of {show}: {home}
"""

MAIL = """\
Hi {first_name},

Your episode of {show} is out: {title}
{url}

To share a part of it, copy the link on a topic’s time: it plays from there.
If something isn’t right, reply to this mail and I’ll correct it.

Thank you for being on the show!
{host}
"""

DEFAULT_TEXTS = {
    "Short post": SHORT_POST,
    "Newsletter": NEWSLETTER,
    "Video description": VIDEO,
    "Mail to the guest": MAIL,
}


def begin_with_texts(apps, schema_editor):
    """A new installation has texts to send out; the host can change or delete them."""
    model = apps.get_model("desk", "TextTemplate")
    model.objects.bulk_create(
        model(name=name, text=text, position=place)
        for place, (name, text) in enumerate(DEFAULT_TEXTS.items())
    )


class Migration(migrations.Migration):
    replaces = [('desk', '0002_publishing')]
    initial = True
    dependencies = [
        ('episodes', '0001_version_1'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PreviewLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token', models.CharField(default=desk.models.new_token, editable=False, max_length=64, unique=True)),
                ('recipient', models.CharField(blank=True, help_text='Only the desk shows this: Phil, the editor.', max_length=100, verbose_name='for whom')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('expires_at', models.DateTimeField()),
                ('created_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('episode', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='preview_links', to='episodes.episode')),
            ],
            options={'ordering': ['-created_at', '-pk']},
        ),
        migrations.CreateModel(
            name='TextTemplate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(help_text='Say what the text is for: newsletter.', max_length=60, unique=True)),
                ('text', models.TextField(help_text='Placeholders are replaced for each episode. Lines whose placeholders are all empty are left out.', max_length=10000)),
                ('position', models.PositiveSmallIntegerField(default=0, help_text='Lower numbers come first.')),
            ],
            options={
                'verbose_name': 'text to send out',
                'verbose_name_plural': 'texts to send out',
                'ordering': ['position', 'pk'],
            },
        ),
        migrations.RunPython(begin_with_texts, migrations.RunPython.noop),
    ]
