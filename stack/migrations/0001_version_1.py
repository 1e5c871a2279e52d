"""The schema of version 1. A database with its migrations, listed in `replaces`, has it already."""

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [('stack', '0001_initial'), ('stack', '0002_help_texts')]
    initial = True
    dependencies = []

    operations = [
        migrations.CreateModel(
            name='Technology',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(help_text='Use the official spelling: PostgreSQL.', max_length=100)),
                ('slug', models.CharField(help_text="Its page's address ends with this: /stack/postgres.", max_length=100, unique=True, validators=[django.core.validators.RegexValidator('^(?![0-9]+$)[-a-zA-Z0-9_]+$', 'Letters, digits, hyphens and underscores only, and not digits alone.')], verbose_name='address')),
                ('category', models.CharField(choices=[('framework', 'Web frameworks'), ('language', 'Languages'), ('frontend', 'Front end'), ('database', 'Databases and search'), ('queue', 'Queues and messaging'), ('hosting', 'Hosting and cloud'), ('operations', 'Servers and operations'), ('deployment', 'Build and deployment'), ('monitoring', 'Monitoring and alerts'), ('service', 'Services'), ('practice', 'Ways of working'), ('other', 'Other')], default='other', help_text='The list of technologies has it under this heading.', max_length=20)),
                ('homepage', models.URLField(blank=True, help_text="Enter the project's website.", max_length=500)),
                ('title', models.CharField(blank=True, help_text="The page has this heading. If empty, it is “Websites using PostgreSQL in production”.", max_length=200)),
                ('introduction', models.TextField(blank=True, help_text='Introduce it in your own words. A blank line begins a paragraph; *this* is emphasised, **this** strong, and [words](https://example.org) become a link.')),
                ('introduction_html', models.TextField(blank=True, editable=False)),
                ('renderer', models.PositiveSmallIntegerField(default=0, editable=False)),
            ],
            options={
                'verbose_name_plural': 'technologies',
                'ordering': ['name'],
                'constraints': [models.CheckConstraint(condition=models.Q(('slug__regex', '^(?![0-9]+$)[-a-zA-Z0-9_]+$')), name='technology_slug')],
            },
        ),
        migrations.CreateModel(
            name='TechnologyName',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(help_text='Enter another name that show notes and searches use: Postgres, psql.', max_length=100)),
                ('normalised', models.CharField(editable=False, max_length=100, unique=True)),
                ('technology', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='names', to='stack.technology')),
            ],
            options={
                'verbose_name': 'other name',
                'ordering': ['name'],
                'constraints': [models.CheckConstraint(condition=models.Q(('normalised', ''), _negated=True), name='technologyname_not_empty')],
            },
        ),
        migrations.CreateModel(
            name='Library',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(help_text='Use the official spelling.', max_length=100)),
                ('slug', models.CharField(help_text="Its page's address ends with this: /libraries/celery.", max_length=100, unique=True, validators=[django.core.validators.RegexValidator('^(?![0-9]+$)[-a-zA-Z0-9_]+$', 'Letters, digits, hyphens and underscores only, and not digits alone.')], verbose_name='address')),
                ('url', models.URLField(help_text='Enter the project\'s website or repository.', max_length=500, verbose_name='website')),
            ],
            options={
                'verbose_name_plural': 'libraries',
                'ordering': ['name'],
                'constraints': [models.CheckConstraint(condition=models.Q(('slug__regex', '^(?![0-9]+$)[-a-zA-Z0-9_]+$')), name='library_slug')],
            },
        ),
        migrations.CreateModel(
            name='LibraryAddress',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(help_text='Enter an address such as github.com/celery/celery.', max_length=500, unique=True, verbose_name='address')),
                ('library', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='addresses', to='stack.library')),
            ],
            options={'verbose_name': 'address', 'verbose_name_plural': 'addresses'},
        ),
    ]
