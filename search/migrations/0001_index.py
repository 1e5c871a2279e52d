"""The search index: what a word is, and the tables."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.db import migrations, models

from show.versioning import watch_content

# The same as search.words in Python; a test compares them. A stemmer without stop words, so
# that “went down” and “The Who” keep all their words; queries drop what says nothing.
WORDS = r"""
CREATE TEXT SEARCH DICTIONARY search_stem (TEMPLATE = snowball, Language = english);
CREATE TEXT SEARCH CONFIGURATION search_words (COPY = simple);
ALTER TEXT SEARCH CONFIGURATION search_words
    ALTER MAPPING FOR asciiword, word, numword WITH search_stem;

-- Capitals become small by Unicode's rule for each letter, whatever the database's locale.
DO $$ BEGIN
    IF current_setting('server_version_num')::int >= 170000 THEN
        CREATE COLLATION search_letters (provider = builtin, locale = 'C.UTF-8');
    ELSE
        CREATE COLLATION search_letters (provider = libc, locale = 'C.UTF-8');
    END IF;
END $$;

-- Indexes use it, and those are built with an empty search_path: it remembers its own. No index
-- takes a word of thousands of letters, and nobody says one of a hundred.
CREATE FUNCTION search_plain(text) RETURNS text LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path FROM CURRENT AS $$
DECLARE
    letter constant text := '[a-z0-9\u0080-\U0010ffff]';
    plain text := translate(lower(regexp_replace(
        normalize($1, NFKD), '[\u0300-\u036f]', '', 'g') COLLATE search_letters), '’‘ʼ', '''''''');
BEGIN
    plain := regexp_replace(plain, '[\u0080-\u00bf\u00d7\u00f7\u2000-\u206f\u20a0-\u20cf'
        '\u2190-\u2bff\u2e00-\u2e7f\u3000-\u303f\ufe00-\ufe6f\U0001f000-\U0001faff]', ' ', 'g');
    IF plain ~ '[#+.]' THEN
        plain := regexp_replace(plain, '(?<!' || letter || ')c\+\+', ' cplusplus ', 'g');
        plain := regexp_replace(plain, '(?<!' || letter || ')([cf])#', ' \1sharp ', 'g');
        plain := regexp_replace(plain,
            '((?<!' || letter || ')|(?<=asp))\.net(?!' || letter || ')', ' dotnet ', 'g');
    END IF;
    IF plain ~ '[$%,]' THEN
        plain := replace(replace(plain, '$', ' dollar '), '%', ' percent ');
        plain := regexp_replace(plain, '(?<=[0-9]),(?=[0-9]{3}(?![0-9]))', '', 'g');
    END IF;
    IF plain LIKE '%''%' THEN
        plain := regexp_replace(plain, '(?<=' || letter || ')''s(?!' || letter || '|''' || letter || ')', '', 'g');
        plain := regexp_replace(
            plain, '(?<=' || letter || ')''(?=' || letter || ')', '', 'g');
    END IF;
    plain := regexp_replace(plain, '[^a-z0-9\u0080-\U0010ffff]+', ' ', 'g');
    IF plain ~ '[^ ]{101}' THEN
        plain := regexp_replace(plain, '[^ ]{101,} ?', '', 'g');
    END IF;
    RETURN btrim(plain);
END $$;

CREATE FUNCTION search_vector(text) RETURNS tsvector LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT to_tsvector('search_words', search_plain($1))
$$;

-- Texts side by side, with a gap between, so that no phrase reaches from one into the next.
CREATE FUNCTION search_vector(text[]) RETURNS tsvector LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT ts_delete(
        search_vector('searchgap ' || coalesce(array_to_string($1, ' searchgap '), '')),
        'searchgap')
$$;

-- The stems of a text's words, in their order.
CREATE FUNCTION search_stems(text) RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT array_agg(coalesce((ts_lexize('search_stem', word))[1], word) ORDER BY place)
    FROM string_to_table(search_plain($1), ' ') WITH ORDINALITY AS said (word, place)
$$;

-- A word, and the word less each one of its letters: two words with one of these in common
-- are a letter apart, or two neighbours swapped.
CREATE FUNCTION search_near(word text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT array_agg(DISTINCT variant) FROM (
        SELECT word AS variant
        UNION ALL SELECT overlay(word PLACING '' FROM place FOR 1)
        FROM generate_series(1, CASE WHEN length(word) BETWEEN 4 AND 30 THEN length(word) END)
             AS place
    ) AS variants
$$;
"""
DROP_WORDS = """
DROP FUNCTION search_near(text);
DROP FUNCTION search_stems(text);
DROP FUNCTION search_vector(text[]);
DROP FUNCTION search_vector(text);
DROP FUNCTION search_plain(text);
DROP COLLATION search_letters;
DROP TEXT SEARCH CONFIGURATION search_words;
DROP TEXT SEARCH DICTIONARY search_stem;
"""


# Beside the row, so that rows stay narrow, but not compressed: they are read at each search.
STORAGE = """
ALTER TABLE search_document ALTER vector SET STORAGE EXTERNAL;
ALTER TABLE search_document ALTER words SET STORAGE EXTERNAL;
"""
GROUPS = """
CREATE FUNCTION search_group_queries() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.queries := ARRAY(
        SELECT phraseto_tsquery('search_words', search_plain(phrase))::text
        FROM string_to_table(NEW.words, ',') AS phrase WHERE search_plain(phrase) <> '');
    RETURN NEW;
END $$;
CREATE TRIGGER search_wordgroup_queries BEFORE INSERT OR UPDATE ON search_wordgroup
    FOR EACH ROW EXECUTE FUNCTION search_group_queries();
"""
DROP_GROUPS = """
DROP TRIGGER search_wordgroup_queries ON search_wordgroup;
DROP FUNCTION search_group_queries();
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [("episodes", "0002_content_version"), ("show", "0002_content_version")]

    operations = [
        migrations.RunSQL(WORDS, DROP_WORDS),
        migrations.CreateModel(
            name="WordGroup",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "words",
                    models.CharField(
                        help_text="Words or short phrases that mean the same to a listener, with "
                        "commas between: outage, downtime, went down.",
                        max_length=500,
                        unique=True,
                    ),
                ),
                (
                    "queries",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(),
                        default=list,
                        editable=False,
                        help_text="Each phrase as a tsquery; kept by a trigger, which loaddata "
                        "passes too.",
                        size=None,
                    ),
                ),
            ],
            options={"ordering": ["words"]},
        ),
        migrations.CreateModel(
            name="Document",
            fields=[
                (
                    "episode",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        serialize=False,
                        to="episodes.episode",
                    ),
                ),
                ("published_at", models.DateTimeField(db_index=True)),
                ("vector", django.contrib.postgres.search.SearchVectorField()),
                (
                    "words",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(),
                        help_text="Its distinct words, not stemmed.",
                        size=None,
                    ),
                ),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["vector"], name="search_document_vector"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Passage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("topic", "Topic"),
                            ("cue", "Cue"),
                            ("text", "Text"),
                            ("link", "Link"),
                            ("title", "Title"),
                            ("stack", "Stack"),
                        ],
                        max_length=5,
                    ),
                ),
                (
                    "seconds",
                    models.PositiveIntegerField(help_text="Null where it isn't heard.", null=True),
                ),
                ("text", models.TextField()),
                ("vector", django.contrib.postgres.search.SearchVectorField()),
                (
                    "episode",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="passages",
                        to="episodes.episode",
                    ),
                ),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["vector"], name="search_passage_vector"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        condition=models.Q(("source", "cue")),
                        fields=["vector"],
                        name="search_passage_cues",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Word",
            fields=[
                ("word", models.TextField(primary_key=True, serialize=False)),
                ("stem", models.TextField(db_index=True)),
                ("documents", models.IntegerField()),
                (
                    "near",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(),
                        help_text="Itself, whole and less each one letter.",
                        size=None,
                    ),
                ),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["near"], name="search_word_near"
                    )
                ],
            },
        ),
        migrations.RunSQL(STORAGE, migrations.RunSQL.noop),
        migrations.RunSQL(GROUPS, DROP_GROUPS),
        watch_content("search_wordgroup"),
    ]
