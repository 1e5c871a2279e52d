"""The schema of version 1. A database with its migrations, listed in `replaces`, has it already."""

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [('guests', '0001_initial'), ('guests', '0002_help_texts')]
    initial = True
    dependencies = []

    operations = [
        migrations.CreateModel(
            name='Guest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(help_text='Enter the name they use themselves.', max_length=120)),
                ('slug', models.CharField(help_text="Their page's address ends with this: /guests/phil-gyford.", max_length=120, unique=True, validators=[django.core.validators.RegexValidator('^(?![0-9]+$)[-a-zA-Z0-9_]+$', 'Letters, digits, hyphens and underscores only, and not digits alone.')], verbose_name='address')),
                ('website', models.URLField(blank=True, help_text='Their page links to it.', max_length=500)),
                ('website_href', models.URLField(blank=True, help_text='Fill this in only if the link should lead to another address than shown, such as a campaign\'s.', max_length=1000, verbose_name='website link')),
                ('twitter', models.CharField(blank=True, help_text='Enter their username without the @.', max_length=50, validators=[django.core.validators.RegexValidator('^[A-Za-z0-9_]{1,50}$', 'Enter the handle without the @.')])),
                ('github', models.CharField(blank=True, help_text='Enter their username alone, not the address.', max_length=50, verbose_name='GitHub')),
                ('mastodon', models.URLField(blank=True, help_text='Enter the address of their profile: https://mastodon.social/@name.')),
                ('linkedin', models.URLField(blank=True, help_text='Enter the address of their profile: https://www.linkedin.com/in/name.', verbose_name='LinkedIn')),
                ('avatar', models.ImageField(blank=True, help_text='Upload a square photo, at least 192 pixels wide. Without one, pages show their initials.', upload_to='guests/', verbose_name='photo')),
                ('avatar_source', models.CharField(blank=True, editable=False, help_text="The photo's file on the site it was imported from.", max_length=200)),
                ('introduction', models.TextField(blank=True, help_text='Introduce them in your own words. A blank line begins a paragraph; *this* is emphasised, **this** strong, and [words](https://example.org) become a link.')),
                ('introduction_html', models.TextField(blank=True, editable=False)),
                ('renderer', models.PositiveSmallIntegerField(default=0, editable=False)),
            ],
            options={
                'ordering': ['name'],
                'constraints': [models.CheckConstraint(condition=models.Q(('slug__regex', '^(?![0-9]+$)[-a-zA-Z0-9_]+$')), name='guest_slug')],
            },
        ),
        migrations.CreateModel(
            name='GuestName',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(help_text='Enter an earlier name or another spelling that show notes use.', max_length=120)),
                ('normalised', models.CharField(editable=False, max_length=120, unique=True)),
                ('guest', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='names', to='guests.guest')),
            ],
            options={
                'verbose_name': 'other name',
                'constraints': [models.CheckConstraint(condition=models.Q(('normalised', ''), _negated=True), name='guestname_not_empty')],
            },
        ),
    ]
