-- Whoever replaces or deletes a recording or a social card, and however: `tick` removes its file.
CREATE OR REPLACE FUNCTION episodes_discard_file() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO episodes_discardedfile (name) VALUES (OLD.file);
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER episodes_enclosure_replaced AFTER UPDATE ON episodes_enclosure
FOR EACH ROW WHEN (OLD.file <> '' AND OLD.file <> NEW.file)
EXECUTE FUNCTION episodes_discard_file();

CREATE OR REPLACE TRIGGER episodes_enclosure_deleted AFTER DELETE ON episodes_enclosure
FOR EACH ROW WHEN (OLD.file <> '') EXECUTE FUNCTION episodes_discard_file();

CREATE OR REPLACE TRIGGER episodes_drawncard_deleted AFTER DELETE ON episodes_drawncard
FOR EACH ROW EXECUTE FUNCTION episodes_discard_file();
