-- Derives a synonym group's queries from its words, for loaddata too, which saves no model.
CREATE OR REPLACE FUNCTION search_synonym_queries() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.queries := ARRAY(
        SELECT phraseto_tsquery('search_words', search_normalize(phrase))::text
        FROM string_to_table(NEW.words, ',') AS phrase WHERE search_normalize(phrase) <> '');
    RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER search_wordgroup_queries BEFORE INSERT OR UPDATE ON search_wordgroup
    FOR EACH ROW EXECUTE FUNCTION search_synonym_queries();
