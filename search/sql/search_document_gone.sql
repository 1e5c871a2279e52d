-- Subtracts the words of deleted documents.
CREATE OR REPLACE FUNCTION search_document_gone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- In the order in which search_refresh takes them, lest two wait for each other.
    PERFORM FROM search_word WHERE word IN (SELECT unnest(words) FROM gone)
    ORDER BY word FOR NO KEY UPDATE;
    UPDATE search_word SET documents = search_word.documents - said.documents
    FROM (SELECT word, count(*) AS documents FROM gone, unnest(words) AS word GROUP BY word)
         AS said
    WHERE search_word.word = said.word;
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER search_document_gone AFTER DELETE ON search_document
    REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION search_document_gone();
