-- Cards, neighbours and similar episodes show guests and technologies; the other rows stand on
-- their episode's own pages, and on pages that belong to no episode. For the episodes themselves,
-- see episodes_note_change.sql.
SELECT episodes_watch('episodes_appearance', 'SELECT episode_id FROM changed', 'any page');
SELECT episodes_watch('episodes_use', 'SELECT episode_id FROM changed', 'any page');
SELECT episodes_watch('episodes_enclosure', 'SELECT episode_id FROM changed', 'own pages');
SELECT episodes_watch('episodes_sponsor', 'SELECT episode_id FROM changed', 'own pages');
SELECT episodes_watch('episodes_libraryuse', 'SELECT episode_id FROM changed', 'own pages');
SELECT episodes_watch('episodes_reference', 'SELECT episode_id FROM changed', 'own pages');
SELECT episodes_watch('episodes_mention', 'SELECT episode_id FROM changed', 'own pages');
