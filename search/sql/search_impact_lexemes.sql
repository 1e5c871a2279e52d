-- Lexemes of impact levels: `+3django` stands in a document that says much of django, so that the
-- documents with the most of a frequent term are found without reading all that hold it.
CREATE OR REPLACE FUNCTION search_impact_lexemes(vector tsvector) RETURNS tsvector
LANGUAGE sql STABLE AS $$
    SELECT array_to_tsvector(coalesce(array_agg('+' || level || lexeme), '{}'))
    FROM (
        SELECT lexeme, ts_rank('{0.1, 0.6, 0.8, 1.0}', vector, quote_literal(lexeme)::tsquery)
               AS rank
        FROM unnest(vector) WHERE weights && '{A,B}' OR cardinality(positions) > 1
    ) AS said
    JOIN (VALUES (1, 0.43), (2, 0.49), (3, 0.54), (4, 0.6), (5, 0.66), (6, 0.72), (7, 0.78),
                 (8, 0.84)) AS levels (level, least)
        ON rank >= least
$$;
