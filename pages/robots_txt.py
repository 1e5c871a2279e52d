"""What crawlers may read: one list, for robots.txt and for `nofollow` on links.

Filters and searches combine without end. Crawlers may read lists without a filter, page by page,
and those with one filter, whose canonical URL is another page. `?t=` needs no rule: the canonical
URL is the episode's.
"""

import re
from collections.abc import Iterable
from itertools import combinations_with_replacement

LISTS = ("/podcast/", "/interviews/")
# Two filters in one address; parameters are sorted.
FILTER_PAIRS = tuple(combinations_with_replacement(("guest", "stack", "year"), 2))
# Paths in robots.txt, RFC 9309, section 2.2.3: `*` matches anything.
DISALLOWED = (
    "/admin/",
    "/health",
    "/search",
    "/follow?feed=",
    "/stack/mine?stack=",
    *(f"{path}?*not=" for path in LISTS),
    *(f"{path}?*{one}=*&{other}=" for path in LISTS for one, other in FILTER_PAIRS),
)
# The longer rule wins, so these do: directories read feeds as crawlers.
ALLOWED = ("/search/feed.xml",)

# Bots that gather training data for AI models, from ai-robots-txt/ai.robots.txt and their makers'
# lists of November 2026. None that fetches a page because a person asked for it.
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
    """Whether robots.txt allows this path, with its query. True for other sites."""
    return bool(ALLOWED_PATHS.match(path)) or not DISALLOWED_PATHS.match(path)


def robots_text(sitemap: str, *, ai_crawlers: bool) -> str:
    """The content of robots.txt; `sitemap` is the URL of the sitemap index."""
    groups = [] if ai_crawlers else [_group(AI_CRAWLERS, ["Disallow: /"])]
    rules = [f"Allow: {path}" for path in ALLOWED] + [f"Disallow: {path}" for path in DISALLOWED]
    return "\n".join([*groups, _group(["*"], rules), f"Sitemap: {sitemap}\n"])


def _group(agents: Iterable[str], rules: list[str]) -> str:
    return "".join(f"{line}\n" for line in [*(f"User-agent: {each}" for each in agents), *rules])


def _matcher(paths: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(".*".join(map(re.escape, path.split("*"))) for path in paths))


ALLOWED_PATHS, DISALLOWED_PATHS = _matcher(ALLOWED), _matcher(DISALLOWED)
