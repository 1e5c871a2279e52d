"""The schema of version 1. A database with its migrations, listed in `replaces`, has it already."""

import django.core.validators
import django.db.models.constraints
import django.db.models.deletion
import django.db.models.manager
import episodes.models.episode
import media.storages
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ('episodes', '0001_initial'), ('episodes', '0002_content_version'),
        ('episodes', '0003_help_texts'), ('episodes', '0004_discarded_files'),
        ('episodes', '0005_touched'), ('episodes', '0006_drawn_cards'),
        ('episodes', '0007_handed_in_audio'), ('episodes', '0008_draft_edit'),
        ('episodes', '0009_language_codes'),
    ]
    initial = True
    dependencies = [('guests', '0001_version_1'), ('stack', '0001_version_1')]

    operations = [
        migrations.CreateModel(
            name='Episode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('podcast', 'Podcast episode'), ('interview', 'Written interview')], default='podcast', max_length=10)),
                ('number', models.PositiveIntegerField(blank=True, help_text='You can\'t publish without it.', null=True)),
                ('season', models.PositiveSmallIntegerField(blank=True, help_text='Leave it empty if the show has no seasons.', null=True)),
                ('type', models.CharField(choices=[('full', 'Full episode'), ('trailer', 'Trailer'), ('bonus', 'Bonus')], default='full', help_text='Apps list trailers and bonus episodes separately.', max_length=10)),
                ('title', models.CharField(help_text='Leave out the number: apps add it.', max_length=200)),
                ('slug', models.CharField(help_text="The page's address ends with this: /podcast/37-a-real-estate-system. If empty, it is made from number and title.", max_length=150, validators=[django.core.validators.RegexValidator('^(?![0-9]+$)[-a-zA-Z0-9_]+$', 'Letters, digits, hyphens and underscores only, and not digits alone.')], verbose_name='address')),
                ('summary', models.TextField(blank=True, help_text='Write two lines: lists, search results and podcast apps show them.')),
                ('introduction', models.TextField(blank=True, help_text='Write the first paragraphs of the notes, or the whole interview. A blank line begins a paragraph; *this* is emphasised, **this** strong, and [words](https://example.org) become a link.')),
                ('introduction_html', models.TextField(blank=True, editable=False)),
                ('status', models.CharField(choices=[('draft', 'Draft'), ('published', 'Published (or scheduled, by its date)'), ('withdrawn', 'Withdrawn: the page shows your notice only')], default='draft', max_length=10)),
                ('published_at', models.DateTimeField(blank=True, help_text='A future date schedules the episode. An empty time means midnight.', null=True)),
                ('first_published_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('deleted_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('guid', models.CharField(default=episodes.models.episode.new_guid, help_text='It identifies the episode in podcast apps, so it can\'t change after publication.', max_length=500, verbose_name='GUID')),
                ('language', models.CharField(blank=True, help_text="Enter a language code such as en or de. If empty, the show's language counts.", max_length=20, validators=[django.core.validators.RegexValidator('^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*\\Z', "“%(value)s” isn’t a language code such as en or en-US.")])),
                ('explicit', models.BooleanField(blank=True, help_text="“Unknown” uses the show's value.", null=True)),
                ('image', models.ImageField(blank=True, help_text="Upload a square image, 1400 to 3000 pixels wide. Without one, apps show the show's artwork.", upload_to='episodes/')),
                ('image_url', models.URLField(blank=True, help_text="Enter the image's URL if you don't upload a file.", max_length=500, verbose_name="image's address")),
                ('notice', models.TextField(blank=True, help_text='The page shows this while the episode is withdrawn. A blank line begins a paragraph; *this* is emphasised, **this** strong, and [words](https://example.org) become a link.')),
                ('notice_html', models.TextField(blank=True, editable=False)),
                ('correction', models.CharField(blank=True, help_text='Tell listeners what you corrected after publication.', max_length=300)),
                ('updated_on', models.DateTimeField(blank=True, help_text='Enter when the page last changed in a way that matters to readers.', null=True)),
                ('draft_text', models.TextField(blank=True, editable=False)),
                ('edit_number', models.PositiveIntegerField(default=0, editable=False)),
                ('renderer', models.PositiveSmallIntegerField(default=0, editable=False)),
                ('draft_edit', models.PositiveIntegerField(editable=False, help_text='The edit from which draft_text was made.', null=True)),
            ],
            options={
                'ordering': ('-published_at', '-number', '-pk'),
                'base_manager_name': 'with_deleted',
                'default_manager_name': 'objects',
                'indexes': [models.Index(condition=models.Q(('deleted_at', None), ('status', 'published')), fields=['-published_at', '-number', '-id'], name='episode_newest_first')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('deleted_at', None)), fields=('kind', 'number'), name='episode_number', violation_error_message='Another episode has this number.'), models.UniqueConstraint(condition=models.Q(('deleted_at', None)), fields=('kind', 'slug'), name='episode_slug', violation_error_message='Another episode has this address.'), models.UniqueConstraint(condition=models.Q(('deleted_at', None)), fields=('guid',), name='episode_guid', violation_error_message='Another episode has this GUID.'), models.CheckConstraint(condition=models.Q(('slug__regex', '^(?![0-9]+$)[-a-zA-Z0-9_]+$')), name='episode_slug_shape', violation_error_message='Letters, digits, hyphens and underscores only, and not digits alone.'), models.CheckConstraint(condition=models.Q(('status', 'draft'), ('published_at__isnull', False), _connector='OR'), name='episode_published_has_date', violation_error_message='A published episode needs a date.'), models.CheckConstraint(condition=models.Q(('status__in', ['draft', 'published', 'withdrawn'])), name='episode_status'), models.CheckConstraint(condition=models.Q(('kind__in', ['podcast', 'interview'])), name='episode_kind'), models.CheckConstraint(condition=models.Q(('title', ''), _negated=True), name='episode_has_title'), models.CheckConstraint(condition=models.Q(('guid', ''), _negated=True), name='episode_has_guid')],
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('with_deleted', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Enclosure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file', models.FileField(blank=True, help_text='You can replace the recording later; its address stays the same.', max_length=255, upload_to=media.storages.audio_key)),
                ('url', models.URLField(blank=True, help_text="Enter the recording's URL on another site if you don't upload a file.", max_length=1000, verbose_name='outside address')),
                ('imported_url', models.CharField(blank=True, editable=False, help_text='Apps already know this URL, so the feed states it verbatim.', max_length=1000)),
                ('name', models.CharField(help_text="The recording's address ends with this: /audio/running-in-production-37.mp3. Don't change it after publication: apps know the recording by it.", max_length=150, unique=True, validators=[django.core.validators.RegexValidator('^[A-Za-z0-9][-A-Za-z0-9_.]*$', 'ASCII letters and digits.')], verbose_name='file name')),
                ('bytes', models.PositiveBigIntegerField(blank=True, help_text='Enter the size in bytes, which apps require. It is read from an uploaded file.', null=True)),
                ('seconds', models.PositiveIntegerField(blank=True, null=True)),
                ('type', models.CharField(default='audio/mpeg', help_text='audio/mpeg is MP3, audio/mp4 is M4A.', max_length=50)),
                ('episode', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='enclosure', to='episodes.episode')),
                ('chapters_due', models.BooleanField(default=False, editable=False, help_text='Uploaded here; chapters are written into the file on first publication.')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('file', ''), _negated=True), models.Q(('url', ''), _negated=True), _connector='OR'), name='enclosure_is_somewhere', violation_error_message='Audio is a file or an address elsewhere.'), models.CheckConstraint(condition=models.Q(('seconds', None), ('seconds__lte', 604800), _connector='OR'), name='enclosure_seconds')],
            },
        ),
        migrations.CreateModel(
            name='DiscardedFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=255)),
                ('keep_until', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Sponsor',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(help_text='The page shows it below the episode: Sponsored by …', max_length=100)),
                ('url', models.URLField(blank=True, help_text='Their name links to this address.', max_length=500, verbose_name='address')),
                ('text', models.TextField(blank=True, help_text='Describe what they offer. A blank line begins a paragraph; *this* is emphasised, **this** strong, and [words](https://example.org) become a link.')),
                ('text_html', models.TextField(blank=True, editable=False)),
                ('episode', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='sponsor', to='episodes.episode')),
            ],
        ),
        migrations.CreateModel(
            name='Appearance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('role', models.CharField(default='guest', help_text='Podcast apps show it: guest, co-host, guest host …', max_length=50)),
                ('title', models.CharField(blank=True, help_text='Enter their job at the time: CTO of Example.', max_length=150)),
                ('guest', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appearances', to='guests.guest')),
                ('episode', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='appearances', to='episodes.episode')),
            ],
            options={
                'ordering': ['position'],
                'constraints': [models.UniqueConstraint(fields=('episode', 'guest'), name='appearance_once'), models.UniqueConstraint(deferrable=django.db.models.constraints.Deferrable['DEFERRED'], fields=('episode', 'position'), name='appearance_position')],
            },
        ),
        migrations.CreateModel(
            name='Use',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('episode', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='uses', to='episodes.episode')),
                ('technology', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='uses', to='stack.technology')),
            ],
            options={
                'verbose_name': 'technology',
                'verbose_name_plural': 'technologies',
                'ordering': ['position'],
                'constraints': [models.UniqueConstraint(fields=('episode', 'technology'), name='use_once'), models.UniqueConstraint(deferrable=django.db.models.constraints.Deferrable['DEFERRED'], fields=('episode', 'position'), name='use_position')],
            },
        ),
        migrations.CreateModel(
            name='LibraryUse',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('url', models.CharField(help_text="Enter the address as in the notes. If empty, the library's own counts.", max_length=1000, verbose_name='address')),
                ('label', models.CharField(blank=True, help_text='Enter the words of the link. If empty, the link shows its address.', max_length=300)),
                ('note', models.CharField(blank=True, help_text='The note follows the link in brackets.', max_length=300)),
                ('episode', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='library_uses', to='episodes.episode')),
                ('library', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='uses', to='stack.library')),
            ],
            options={
                'verbose_name': 'library',
                'verbose_name_plural': 'libraries',
                'ordering': ['position'],
                'constraints': [models.UniqueConstraint(fields=('episode', 'library'), name='libraryuse_once'), models.UniqueConstraint(deferrable=django.db.models.constraints.Deferrable['DEFERRED'], fields=('episode', 'position'), name='libraryuse_position')],
            },
        ),
        migrations.CreateModel(
            name='Reference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('url', models.CharField(help_text='Enter a web address: https://example.org/page.', max_length=1000, verbose_name='address')),
                ('label', models.CharField(blank=True, help_text='Enter the words of the link. If empty, the link shows its address.', max_length=300)),
                ('note', models.CharField(blank=True, help_text='The note follows the link in brackets.', max_length=300)),
                ('episode', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='references', to='episodes.episode')),
            ],
            options={
                'ordering': ['position'],
                'constraints': [models.UniqueConstraint(deferrable=django.db.models.constraints.Deferrable['DEFERRED'], fields=('episode', 'position'), name='reference_position')],
            },
        ),
        migrations.CreateModel(
            name='Mention',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('path', models.CharField(max_length=300)),
                ('episode', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mentions', to='episodes.episode')),
                ('target', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='mentioned_by', to='episodes.episode')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('episode', 'path'), name='mention_once'), models.CheckConstraint(condition=models.Q(('episode', models.F('target')), _negated=True), name='mention_other')],
            },
        ),
        migrations.CreateModel(
            name='SocialCard',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=60, unique=True)),
                ('file', models.CharField(max_length=255)),
                ('episode', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='cards', to='episodes.episode')),
                ('technology', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='cards', to='stack.technology')),
            ],
            options={
                'db_table': 'episodes_drawncard',
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('episode', None), ('technology__isnull', False)), models.Q(('episode__isnull', False), ('technology', None)), _connector='OR'), name='drawncard_of_one')],
            },
        ),
        migrations.AddField(
            model_name='episode', name='guests',
            field=models.ManyToManyField(related_name='episodes', through='episodes.Appearance', to='guests.guest'),
        ),
        migrations.AddField(
            model_name='episode', name='technologies',
            field=models.ManyToManyField(related_name='episodes', through='episodes.Use', to='stack.technology'),
        ),
        migrations.AddField(
            model_name='episode', name='libraries',
            field=models.ManyToManyField(related_name='episodes', through='episodes.LibraryUse', to='stack.library'),
        ),
    ]
