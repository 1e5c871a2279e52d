-- After a change of these any page can look different. The tables of stack and guests are listed
-- here, since those packages don't know the content version.
SELECT show_watch('stack_technology');
SELECT show_watch('stack_technologyname');
SELECT show_watch('stack_library');
SELECT show_watch('stack_libraryaddress');
SELECT show_watch('guests_guest');
SELECT show_watch('guests_guestname');
SELECT show_watch('show_show');
SELECT show_watch('show_followlink');
SELECT show_watch('show_promotion');
SELECT show_watch('show_highlight');
SELECT show_watch('show_calltoaction');
SELECT show_watch('show_page');
SELECT show_watch('show_redirect');
