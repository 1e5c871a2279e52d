"""The schema. A database of version 1, with the migrations in `replaces`, gets what is new by 0011."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ('search', '0001_index'), ('search', '0002_refresh'), ('search', '0003_suggest'),
        ('search', '0004_questions'), ('search', '0005_content'), ('search', '0006_wanted'),
        ('search', '0007_refresh_sooner'), ('search', '0008_plain_sooner'),
        ('search', '0009_sorted_in_at_once'),
    ]
    initial = True
    dependencies = [('episodes', '0001_version_1')]

    operations = [
        migrations.CreateModel(
            name='Document',
            fields=[
                ('episode', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, serialize=False, to='episodes.episode')),
                ('published_at', models.DateTimeField(db_index=True)),
                ('vector', django.contrib.postgres.search.SearchVectorField()),
                ('words', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), help_text='Distinct, not stemmed.', size=None)),
            ],
            options={
                'indexes': [django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['vector'], name='search_document_vector')],
            },
        ),
        migrations.CreateModel(
            name='Content',
            fields=[
                ('episode', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='search_content', serialize=False, to='episodes.episode')),
                ('vector', django.contrib.postgres.search.SearchVectorField(db_column='said')),
            ],
        ),
        migrations.CreateModel(
            name='Passage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(choices=[('topic', 'Topic'), ('cue', 'Cue'), ('text', 'Text'), ('link', 'Link'), ('library', 'Library'), ('title', 'Title'), ('stack', 'Stack')], max_length=7)),
                ('seconds', models.PositiveIntegerField(help_text="Null for text.", null=True)),
                ('text', models.TextField()),
                ('vector', django.contrib.postgres.search.SearchVectorField()),
                ('episode', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='passages', to='episodes.episode')),
            ],
            options={
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['vector'], name='search_passage_vector'), django.contrib.postgres.indexes.GinIndex(condition=models.Q(('source', 'cue'), _negated=True), fields=['vector'], name='search_passage_notes')],
            },
        ),
        migrations.CreateModel(
            name='Word',
            fields=[
                ('word', models.TextField(primary_key=True, serialize=False)),
                ('stem', models.TextField(db_index=True)),
                ('documents', models.IntegerField()),
                ('deletes', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), db_column='near', help_text='The word, and the word without each one letter.', size=None)),
            ],
            options={
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['deletes'], name='search_word_near')],
            },
        ),
        migrations.CreateModel(
            name='Question',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(help_text='Listeners read this title: Handling disasters.', max_length=100)),
                ('slug', models.CharField(help_text='Its page\'s address ends with this: /questions/handling-disasters.', max_length=100, unique=True, validators=[django.core.validators.RegexValidator('^(?![0-9]+$)[-a-zA-Z0-9_]+$', 'Letters, digits, hyphens and underscores only, and not digits alone.')])),
                ('query', models.CharField(help_text='Write it as in the search box. It is matched exactly: a moment must hold every word, spelled as here. “tips or advice” matches either, quotes match a phrase, -word excludes, and stack:, guest: and year: filter.', max_length=200)),
                ('introduction', models.TextField(blank=True, help_text='Introduce it in your own words, in Markdown.')),
                ('introduction_html', models.TextField(blank=True, editable=False)),
                ('renderer', models.PositiveSmallIntegerField(default=0, editable=False)),
                ('position', models.PositiveSmallIntegerField(default=0, help_text='The lowest comes first; the home page shows the first few.')),
            ],
            options={
                'ordering': ['position', 'title'],
                'constraints': [models.CheckConstraint(condition=models.Q(('slug__regex', '^(?![0-9]+$)[-a-zA-Z0-9_]+$')), name='question_slug')],
            },
        ),
        migrations.CreateModel(
            name='SynonymGroup',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', models.CharField(help_text='Enter words or short phrases that mean the same to a listener, separated by commas: outage, downtime, went down.', max_length=500, unique=True)),
                ('queries', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, editable=False, help_text='Each phrase as a tsquery, derived by a trigger.', size=None)),
                ('shipped', models.BooleanField(db_default=False, default=False, editable=False)),
                ('active', models.BooleanField(db_default=True, default=True, help_text='Used in searches.')),
            ],
            options={'db_table': 'search_wordgroup', 'ordering': ['words']},
        ),
        migrations.CreateModel(
            name='GuestWanted',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject', models.CharField(help_text='Enter what a guest should run, as listeners will read it: Gleam. Delete it once a guest has covered it.', max_length=100, unique=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'verbose_name': 'guest wanted',
                'verbose_name_plural': 'guests wanted',
                'db_table': 'search_wanted',
                'ordering': ['-created_at', 'subject'],
            },
        ),
        migrations.CreateModel(
            name='ZeroResultQuery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('query', models.CharField(help_text='In lower case.', max_length=100, unique=True)),
                ('count', models.PositiveIntegerField(default=1)),
                ('last_on', models.DateField(verbose_name='last searched on')),
            ],
            options={
                'verbose_name': 'search that found nothing',
                'verbose_name_plural': 'searches that found nothing',
                'db_table': 'search_miss',
                'ordering': ['-count', '-last_on', 'query'],
            },
        ),
        # Documents beside the row, so that rows stay narrow, but not compressed: each search reads them.
        # Contents in the row: each search reads each candidate's, and beside it takes several times longer.
        migrations.RunSQL(
            "ALTER TABLE search_document ALTER vector SET STORAGE EXTERNAL;"
            "ALTER TABLE search_document ALTER words SET STORAGE EXTERNAL;"
            "ALTER TABLE search_content SET (toast_tuple_target = 8160);"
            "ALTER TABLE search_content ALTER said SET STORAGE MAIN;"
        ),
    ]
