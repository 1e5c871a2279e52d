-- A text's words in lower case with single spaces between, the same as in search/query/tokenizer.py;
-- a test compares them. Indexes are built with an empty search_path, so the function sets its own.
-- It drops words of more than 100 letters: no index takes one of thousands. Most texts are ASCII
-- alone, which takes a third of the time.
CREATE OR REPLACE FUNCTION search_normalize(text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path FROM CURRENT AS $$
DECLARE
    letter constant text := '[a-z0-9\u0080-\U0010ffff]';
    ascii constant boolean := octet_length($1) = length($1);
    plain text;
BEGIN
    IF ascii THEN
        plain := lower($1 COLLATE search_letters);
    ELSE
        plain := translate(
            lower(regexp_replace(normalize($1, NFKD), '[\u0300-\u036f]', '', 'g')
                  COLLATE search_letters), '’‘ʼ', '''''''');
        plain := regexp_replace(plain, '[\u0080-\u00bf\u00d7\u00f7\u2000-\u206f\u20a0-\u20cf'
            '\u2190-\u2bff\u2e00-\u2e7f\u3000-\u303f\ufe00-\ufe6f\U0001f000-\U0001faff]', ' ', 'g');
    END IF;
    IF plain LIKE '%://%' THEN
        plain := regexp_replace(plain, '(?<!' || letter || '|'')https?://', ' ', 'g');
    END IF;
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
        plain := regexp_replace(plain,
            '(?<=' || letter || ')''s(?!' || letter || '|''' || letter || ')', '', 'g');
        plain := regexp_replace(plain, '(?<=' || letter || ')''(?=' || letter || ')', '', 'g');
    END IF;
    plain := regexp_replace(plain,
        CASE WHEN ascii THEN '[^a-z0-9]+' ELSE '[^a-z0-9\u0080-\U0010ffff]+' END, ' ', 'g');
    IF length(plain) > 100 AND plain ~ '[^ ]{101}' THEN
        plain := regexp_replace(plain, '[^ ]{101,} ?', '', 'g');
    END IF;
    RETURN btrim(plain);
END $$;
