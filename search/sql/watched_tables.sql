-- Saved questions have pages of their own and stand on the home page; synonyms and wanted guests
-- change what searches show. Counting a zero-result query changes nothing that a visitor sees.
SELECT show_watch('search_question');
SELECT show_watch('search_wordgroup');
SELECT show_watch('search_wanted');
