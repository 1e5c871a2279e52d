-- How words are stemmed: without stop words, so that “went down” and “The Who” keep all of
-- theirs. Queries leave stop words out instead.
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_ts_dict WHERE dictname = 'search_stem') THEN
        CREATE TEXT SEARCH DICTIONARY search_stem (TEMPLATE = snowball, Language = english);
    END IF;
    IF NOT EXISTS (SELECT FROM pg_ts_config WHERE cfgname = 'search_words') THEN
        CREATE TEXT SEARCH CONFIGURATION search_words (COPY = simple);
        ALTER TEXT SEARCH CONFIGURATION search_words
            ALTER MAPPING FOR asciiword, word, numword WITH search_stem;
    END IF;
    -- Lower case by Unicode's rule for each letter, whatever the database's locale.
    IF EXISTS (SELECT FROM pg_collation WHERE collname = 'search_letters') THEN
        RETURN;
    END IF;
    IF current_setting('server_version_num')::int >= 170000 THEN
        CREATE COLLATION search_letters (provider = builtin, locale = 'C.UTF-8');
    ELSE
        CREATE COLLATION search_letters (provider = libc, locale = 'C.UTF-8');
    END IF;
END $$;
