"""How often each episode is downloaded, counted from nginx's log by the rules of the IAB.

IAB Tech Lab, Podcast Technical Measurement Guidelines 2.1: a download is one listener (address and
program) who got at least a minute of an episode's sound, counted once in 24 hours; robots, HEAD and
what is fetched ahead don't count. What tells listeners apart is kept as keyed digests only, for as
long as the 24 hours last.
"""
