"""Upper bounds of the model: every string and list of an article or a map has one."""

ID_PATTERN = r"[A-Za-z][A-Za-z0-9_-]{0,63}"

CLAIM_TEXT = 2_000
LABEL = 120
TITLE = 300
NAME = 200  # a speaker, an author, a publication, a scheme
URL = 2_000
NOTE = 20_000
TAG = 60
RIGHTS = 1_000
ARTICLE_TEXT = 500_000
QUOTE_EXACT = 5_000
QUOTE_CONTEXT = 32  # prefix and suffix, each
ORIGIN_EXTRA_BYTES = 4_096

AUTHORS = 50
TAGS = 30
QUOTES_PER_CLAIM = 100
SOURCES_PER_RELATION = 500
CLAIMS = 50_000
RELATIONS = 100_000
