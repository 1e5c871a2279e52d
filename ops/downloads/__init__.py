"""Each episode's downloads, counted from nginx's log by the rules of the IAB.

IAB Tech Lab, Podcast Technical Measurement Guidelines 2.1: a download is a listener (address and
user agent) who received at least a minute of an episode's audio, counted once in 24 hours. Bots,
HEAD and prefetching don't count. Listeners are stored only as keyed digests, and for 24 hours.
"""
