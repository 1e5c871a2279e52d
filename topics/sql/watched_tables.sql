-- An episode's own pages show its topics and transcript, and pages that belong to no episode do.
SELECT episodes_watch('topics_topic', 'SELECT episode_id FROM changed', 'own pages');
SELECT episodes_watch('topics_transcript', 'SELECT episode_id FROM changed', 'own pages');
SELECT episodes_watch(
    'topics_cue',
    'SELECT episode_id FROM topics_transcript WHERE id IN (SELECT transcript_id FROM changed)',
    'own pages');
