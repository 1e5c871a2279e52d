"""What crawlers are asked to leave alone: one list, for robots.txt and for links' `nofollow`.

Filters combine without end, and so do searches. Crawled are lists without a filter, with all their
pages, and those with one, which name another page as theirs. `?t=` needs no rule: its page names
the episode's.
"""

import re
from collections.abc import Iterable
from itertools import combinations_with_replacement

LISTS = ("/podcast/", "/interviews/")
# Two filters in one address, whose parameters are sorted.
SEVERAL = tuple(combinations_with_replacement(("guest", "stack", "year"), 2))
# Paths as robots.txt has them, RFC 9309, section 2.2.3: `*` stands for anything.
DISALLOWED = (
    "/admin/",
    "/health",
    "/search",
    "/follow?feed=",
    "/stack/mine?stack=",
    *(f"{path}?*not=" for path in LISTS),
    *(f"{path}?*{one}=*&{other}=" for path in LISTS for one, other in SEVERAL),
)
# Longer than what would forbid them, so that they win: directories read feeds as crawlers do.
ALLOWED = ("/search/feed.xml",)

# Robots that gather texts for AI models, from the lists of ai-robots-txt/ai.robots.txt and of
# their makers in November 2026. None that fetches a page because a person asked for it.
AI_CRAWLERS = (
    "AI2Bot", "Ai2Bot-Dolma", "Amazonbot", "anthropic-ai", "Applebot-Extended", "Bytespider",
    "CCBot", "ChatGLM-Spider", "Claude-SearchBot", "Claude-Web", "ClaudeBot", "CloudVertexBot",
    "cohere-ai", "cohere-training-data-crawler", "Cotoyogi", "DeepSeekBot", "Diffbot",
    "FacebookBot", "Google-CloudVertexBot", "Google-Extended", "GPTBot", "ICC-Crawler",
    "ImagesiftBot", "img2dataset", "Kangaroo Bot", "laion-huggingface-processor",
    "LAIONDownloader", "meta-externalagent", "meta-webindexer", "OAI-SearchBot", "omgili",
    "omgilibot", "PanguBot", "PerplexityBot", "PetalBot", "SBIntuitionsBot", "TikTokSpider",
    "Timpibot", "VelenPublicWebCrawler", "Webzio-Extended", "YandexAdditional",
    "YandexAdditionalBot", "YouBot",
)  # fmt: skip


def is_crawlable(path: str) -> bool:
    """Whether robots.txt lets everybody read this path, with its query. Other sites: yes."""
    return bool(MAY.match(path)) or not MAY_NOT.match(path)


def robots_text(sitemap: str, *, ai_crawlers: bool) -> str:
    """The content of robots.txt; `sitemap` is the whole address of the index."""
    groups = [] if ai_crawlers else [_group(AI_CRAWLERS, ["Disallow: /"])]
    rules = [f"Allow: {path}" for path in ALLOWED] + [f"Disallow: {path}" for path in DISALLOWED]
    return "\n".join([*groups, _group(["*"], rules), f"Sitemap: {sitemap}\n"])


def _group(agents: Iterable[str], rules: list[str]) -> str:
    return "".join(f"{line}\n" for line in [*(f"User-agent: {each}" for each in agents), *rules])


def _matcher(paths: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(".*".join(map(re.escape, path.split("*"))) for path in paths))


MAY, MAY_NOT = _matcher(ALLOWED), _matcher(DISALLOWED)
