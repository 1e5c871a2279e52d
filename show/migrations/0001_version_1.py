"""The schema of version 1. A database with its migrations, listed in `replaces`, has it already."""

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import show.models.feed
import show.models.show
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ('show', '0001_initial'), ('show', '0002_content_version'), ('show', '0003_help_texts'),
        ('show', '0004_feed_fields'), ('show', '0005_second_step'), ('show', '0006_touched'),
        ('show', '0007_everywhere'), ('show', '0008_language_codes'),
    ]
    initial = True
    dependencies = [('guests', '0001_version_1')]

    operations = [
        migrations.CreateModel(
            name='Page',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.CharField(help_text='“thanks” puts the page at /thanks. If you change it, add a redirect from the old address.', max_length=100, unique=True, validators=[django.core.validators.RegexValidator('^[a-z0-9][-a-z0-9]*$', 'Lower-case letters, digits, hyphens.')], verbose_name='address')),
                ('title', models.CharField(help_text="The page has this heading.", max_length=150)),
                ('description', models.CharField(blank=True, help_text='Write one sentence for search engines.', max_length=300)),
                ('body', models.TextField(blank=True, help_text='A blank line begins a paragraph; *this* is emphasised, **this** strong, and [words](https://example.org) become a link.')),
                ('body_html', models.TextField(blank=True, editable=False)),
                ('published', models.BooleanField(default=True, help_text='Visitors can see it.')),
                ('indexed', models.BooleanField(default=True, help_text='Let search engines list it.')),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('renderer', models.PositiveSmallIntegerField(default=0, editable=False)),
            ],
            options={'ordering': ['title']},
        ),
        migrations.CreateModel(
            name='FollowLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(default=0, help_text='Lower numbers come first.')),
                ('name', models.CharField(help_text="Enter the app's name: Overcast.", max_length=60)),
                ('url', models.URLField(help_text="Enter the address of the show's page in that app.", max_length=1000, verbose_name='address')),
                ('closed', models.BooleanField(default=False, help_text='The service has shut down; the link is hidden.')),
            ],
            options={'ordering': ['position', 'pk']},
        ),
        migrations.CreateModel(
            name='Promotion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(default=0, help_text='Lower numbers come first.')),
                ('title', models.CharField(help_text='The link has this text.', max_length=150)),
                ('url', models.URLField(help_text='{episode} in it is replaced by the address of the episode above it, so that you can see which one brought visitors.', max_length=500, verbose_name='address')),
                ('text', models.TextField(blank=True, help_text='The page shows this below the link. A blank line begins a paragraph; *this* is emphasised, **this** strong, and [words](https://example.org) become a link.')),
                ('text_html', models.TextField(blank=True, editable=False)),
                ('active', models.BooleanField(default=True, help_text='Episodes show it.')),
                ('renderer', models.PositiveSmallIntegerField(default=0, editable=False)),
            ],
            options={'ordering': ['position', 'pk']},
        ),
        migrations.CreateModel(
            name='CallToAction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('purpose', models.CharField(choices=[('become-guest', 'Become a guest'), ('get-interviewed', 'Be interviewed in writing'), ('recommend-guest', 'Recommend a guest'), ('support', 'Support the show'), ('correct', 'Report a mistake')], help_text='The purpose decides where it appears: all but the last on the home page, the first also on technologies and searches without results, the last below episodes and guests.', max_length=20, unique=True)),
                ('label', models.CharField(help_text='The link has this text.', max_length=80)),
                ('text', models.CharField(blank=True, help_text='The page shows this sentence below the link.', max_length=300)),
                ('url', models.CharField(help_text='Enter a web address, or mailto:me@example.org.', max_length=500, verbose_name='address')),
            ],
            options={'verbose_name_plural': 'calls to action', 'ordering': ['purpose']},
        ),
        migrations.CreateModel(
            name='Redirect',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('old_path', models.CharField(help_text='Enter the former path, without the domain: /podcast/an-old-name.', max_length=300, unique=True, verbose_name='old address')),
                ('new_path', models.CharField(blank=True, help_text='Enter a path such as /podcast/the-new-name, or an address on another site. If empty, visitors are told that the page is gone.', max_length=300, verbose_name='new address')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'ordering': ['old_path'],
                'constraints': [models.CheckConstraint(condition=models.Q(('old_path__startswith', '/')), name='redirect_from_path'), models.CheckConstraint(condition=models.Q(('old_path', models.F('new_path')), _negated=True), name='redirect_moves')],
            },
        ),
        migrations.CreateModel(
            name='Show',
            fields=[
                ('id', models.SmallIntegerField(default=1, editable=False, primary_key=True, serialize=False)),
                ('title', models.CharField(default='Our podcast', help_text='Podcast apps list the show under this title.', max_length=150)),
                ('tagline', models.CharField(blank=True, help_text='The home page begins with this sentence.', max_length=150)),
                ('description', models.TextField(blank=True, help_text='Say in plain text what the show is about, for apps and search engines.', max_length=4000)),
                ('website', models.URLField(blank=True, help_text="Enter the show's former or other website. Links to it in notes become links within this site.", max_length=300)),
                ('author', models.CharField(blank=True, help_text='Apps show this below the title.', max_length=150)),
                ('owner_name', models.CharField(blank=True, help_text='Podcast directories contact this person.', max_length=150)),
                ('owner_email', models.EmailField(blank=True, help_text='Directories send a code here to verify that the show is yours. It is public in the feed.', max_length=254)),
                ('copyright', models.CharField(blank=True, help_text='The feed and the foot of every page show this.', max_length=200)),
                ('language', models.CharField(default='en', help_text='Enter a language code such as en, en-US or de.', max_length=20, validators=[django.core.validators.RegexValidator('^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*\\Z', "“%(value)s” isn’t a language code such as en or en-US.")])),
                ('timezone', models.CharField(default='UTC', help_text='Enter a name such as America/New_York. All dates are entered and shown in it.', max_length=50, validators=[show.models.show.validate_timezone])),
                ('explicit', models.BooleanField(default=False, help_text='Podcast apps mark the show as not suitable for children.')),
                ('type', models.CharField(choices=[('episodic', 'Episodic: newest first'), ('serial', 'Serial: oldest first')], default='episodic', help_text='Choose which episode apps suggest to new listeners.', max_length=10)),
                ('categories', models.JSONField(blank=True, default=list, validators=[show.models.show.validate_categories])),
                ('keywords', models.CharField(blank=True, help_text='Separate them by commas. Few apps use them.', max_length=255)),
                ('artwork', models.ImageField(blank=True, help_text='Upload a square JPEG or PNG, 1400 to 3000 pixels wide.', upload_to='show/')),
                ('artwork_url', models.URLField(blank=True, help_text="Enter the artwork's URL if you don't upload a file.", max_length=500, verbose_name="artwork's address")),
                ('podcast_guid', models.UUIDField(default=uuid.uuid4, help_text="It identifies the show when its feed moves. Don't change it.", verbose_name='podcast GUID')),
                ('interviews_title', models.CharField(blank=True, help_text='Their list and feed have this title. If empty, it is “Written interviews”.', max_length=150)),
                ('interviews_description', models.TextField(blank=True, help_text='Feed readers show this.', max_length=4000)),
                ('repository', models.URLField(blank=True, help_text='Enter the address of this site\'s source code. Every page links to it at its foot.', max_length=300, verbose_name='source code')),
                ('support_text', models.TextField(blank=True, help_text='Episodes without a sponsor show this above the promotions. A blank line begins a paragraph; *this* is emphasised, **this** strong, and [words](https://example.org) become a link.')),
                ('support_html', models.TextField(blank=True, editable=False)),
                ('renderer', models.PositiveSmallIntegerField(default=0, editable=False)),
                ('host', models.ForeignKey(blank=True, help_text='The home page introduces the host. The list of guests has the host only for episodes about them.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='guests.guest')),
                ('ai_crawlers', models.BooleanField(default=True, help_text='Allow crawlers that collect text for AI models. Well-behaved ones respect this.', verbose_name='AI crawlers welcome')),
                ('complete', models.BooleanField(default=False, help_text='There will be no more episodes. Apps stop checking the feed.')),
                ('enclosure_prefix', models.CharField(blank=True, help_text="Feeds put this before each recording's URL, for services that count downloads: https://op3.dev/e/", max_length=300, validators=[show.models.feed.validate_prefix])),
                ('further_tags', models.TextField(blank=True, help_text='Paste rarely used tags of the Podcasting 2.0 namespace, as services hand them out: license, location, podroll, publisher, txt, socialInteract, block, funding, chat, podping, value. Such as &lt;podcast:txt purpose="verify"&gt;code&lt;/podcast:txt&gt;', max_length=20000, validators=[show.models.feed.validate_tags])),
                ('hidden', models.BooleanField(default=False, help_text='This removes the show from directories such as Apple Podcasts. Subscribers keep it.', verbose_name='hide from directories')),
                ('hub', models.URLField(blank=True, help_text='The hub notifies apps of new episodes at once: https://pubsubhubbub.appspot.com/. If empty, apps find them at their next check.', max_length=300, verbose_name='WebSub hub')),
                ('locked', models.BooleanField(default=True, help_text='Other podcast hosts may not import the feed. They ask the owner by e-mail.')),
                ('new_feed_url', models.URLField(blank=True, help_text='Fill this in only if the feed moves to another site: apps follow it there.', max_length=500, verbose_name='new address of the feed')),
                ('update_frequency', models.CharField(blank=True, help_text='Write it in words: every Monday.', max_length=128)),
                ('update_rule', models.CharField(blank=True, help_text='Enter the same as a calendar rule (RRULE): FREQ=WEEKLY;BYDAY=MO.', max_length=255, validators=[show.models.feed.validate_rrule])),
                ('verifications', models.TextField(blank=True, help_text='Enter the codes that prove your ownership to search engines, one to a line: google-site-verification: code', max_length=2000, validators=[show.models.feed.validate_verifications], verbose_name='verification codes')),
                ('second_step_required', models.BooleanField(default=False, help_text='Everyone needs a code from an app on their phone to sign in. Users without one set it up at their next visit.', verbose_name='require a code at sign-in')),
            ],
            options={
                'verbose_name_plural': 'show',
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='show_is_one_row')],
            },
        ),
        migrations.CreateModel(
            name='ContentVersion',
            fields=[
                ('id', models.SmallIntegerField(default=1, editable=False, primary_key=True, serialize=False)),
                ('number', models.BigIntegerField(default=0)),
                ('changed_at', models.DateTimeField(null=True)),
                ('everywhere_at', models.DateTimeField(help_text='When a commit last changed what any page may show, not single episodes alone.', null=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='contentversion_is_one_row')],
            },
        ),
        migrations.CreateModel(
            name='VersionBump',
            fields=[
                ('transaction', models.BigIntegerField(primary_key=True, serialize=False)),
                ('touched', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), help_text='Keys of the episodes whose own pages alone can look different; null: any page.', null=True, size=None)),
            ],
        ),
    ]
