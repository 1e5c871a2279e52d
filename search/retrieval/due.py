"""Document frequencies without scheduled episodes, whose words nobody may guess from a search."""

# `candidate` (word, stem, documents) comes before it; `due` is the same without scheduled ones.
DUE = """
scheduled AS MATERIALIZED (
    SELECT held.word, count(*) AS documents
    FROM search_document, unnest(words) AS held (word)
    WHERE published_at > %(now)s AND held.word IN (SELECT word FROM candidate) GROUP BY held.word
), due AS MATERIALIZED (
    SELECT word, stem, candidate.documents - coalesce(scheduled.documents, 0) AS documents
    FROM candidate LEFT JOIN scheduled USING (word)
    WHERE candidate.documents > coalesce(scheduled.documents, 0)
)"""
