-- Whether an episode is published and not in the bin, due or not: precomputed rows cover these, and
-- readers add `published_at <= now()`. EpisodeQuerySet.published() in SQL, but for the date.
CREATE OR REPLACE FUNCTION episodes_is_listed(status text, deleted_at timestamptz) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT status = 'published' AND deleted_at IS NULL
$$;
