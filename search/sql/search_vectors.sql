-- Vectors of words and passages, by which a question finds an answer in other words. They are
-- optional: rebuild_search makes their tables where an administrator has created the extension
-- pgvector. So no function here names one of its types in its head, and each does nothing without.

-- The extension may be missing or too old. Its library may be gone with the server's programs, such as
-- after a way back to an image without it: edits must go on then.
CREATE OR REPLACE FUNCTION search_knows_vectors() RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    EXECUTE 'SELECT ''[0]''::halfvec';
    RETURN TRUE;
EXCEPTION WHEN undefined_object OR undefined_file THEN
    RETURN FALSE;
END $$;

CREATE OR REPLACE FUNCTION search_has_vectors() RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT search_knows_vectors() AND EXISTS (
        SELECT FROM pg_attribute WHERE attrelid = to_regclass('search_vectors.passages')
        AND attname = 'vector' AND NOT attisdropped)  -- as with the extension, by CASCADE
$$;

-- Gives each new passage of these episodes its vector: the direction of its words' sum. A transcript
-- has none: among an hour's sentences, some come near any question.
CREATE OR REPLACE FUNCTION search_refresh_vectors(episodes bigint[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF NOT search_has_vectors() THEN
        RETURN;
    END IF;
    INSERT INTO search_vectors.passages (passage_id, episode_id, vector)
    SELECT passage.id, passage.episode_id, l2_normalize(avg(words.vector))
    FROM search_passage AS passage CROSS JOIN unnest(tsvector_to_array(passage.vector)) AS stem
    JOIN search_vectors.words USING (stem)
    WHERE passage.episode_id = ANY (episodes) AND passage.source <> 'cue'
    AND NOT EXISTS (SELECT FROM search_vectors.passages WHERE passage_id = passage.id)
    GROUP BY passage.id;
END $$;

-- Those of the stems that have a vector; NULL if none has one.
CREATE OR REPLACE FUNCTION search_with_vector(stems text[]) RETURNS text[]
LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF NOT search_has_vectors() THEN
        RETURN NULL;
    END IF;
    RETURN (SELECT array_agg(stem) FROM search_vectors.words WHERE stem = ANY (stems));
END $$;
