-- The keys of a SymSpell index: a word, and the word less each one of its letters. Two words with
-- one of these in common are a letter apart, or have two neighbours swapped.
CREATE OR REPLACE FUNCTION search_deletes(word text) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT array_agg(DISTINCT variant) FROM (
        SELECT word AS variant
        UNION ALL SELECT overlay(word PLACING '' FROM place FOR 1)
        FROM generate_series(1, CASE WHEN length(word) BETWEEN 4 AND 30 THEN length(word) END)
             AS place
    ) AS variants
$$;
