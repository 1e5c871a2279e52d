-- A text's stems with their places.
CREATE OR REPLACE FUNCTION search_vector(text) RETURNS tsvector
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT to_tsvector('search_words', search_normalize($1))
$$;

-- Several texts, with a gap between, so that no phrase reaches from one into the next.
CREATE OR REPLACE FUNCTION search_vector(text[]) RETURNS tsvector
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT ts_delete(
        search_vector('searchgap ' || coalesce(array_to_string($1, ' searchgap '), '')),
        'searchgap')
$$;
