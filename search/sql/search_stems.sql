-- The stems of a text's words, in their order.
CREATE OR REPLACE FUNCTION search_stems(text) RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT array_agg(coalesce((ts_lexize('search_stem', word))[1], word) ORDER BY place)
    FROM string_to_table(search_normalize($1), ' ') WITH ORDINALITY AS said (word, place)
$$;
