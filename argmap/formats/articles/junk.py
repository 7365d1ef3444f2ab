"""What websites put between an author's paragraphs, known by its words or by the names of its elements."""

import re

from argmap.formats.articles.paragraphs import Why

_LONGEST = 160  # letters of a line that can be known by its words

_WORDS: dict[Why, tuple[str, ...]] = {
    Why.ADVERTISEMENT: (
        r"advertise?ments?", r"ads?", r"(sponsored|promoted)( content)?", r"anzeige", r"werbung", r"publicité",
        r"(story|article) continues (below|after) (this )?(ad|advert|advertisement)", r"scroll to continue( reading)?",
    ),
    Why.SHARE: (
        r"share( (this|on|via)\b.{0,60})?", r"tweet( this)?", r"facebook", r"twitter", r"x", r"whatsapp", r"linkedin",
        r"reddit", r"pinterest", r"telegram", r"bluesky", r"threads", r"e-?mail( this)?( article)?", r"copy link",
        r"print( this)?( article| page)?", r"save( article| for later)?", r"teilen", r"partager", r"compartir",
        r"listen( to this article)?", r"gift( this)? article", r"bookmark", r"(like|follow) us( on .{1,60})?",
    ),
    Why.NAVIGATION: (
        r"menu", r"search", r"home", r"skip to (main )?content", r"back to top", r"log ?in", r"sign ?in", r"register",
        r"my account", r"subscribe", r"close", r"next", r"previous", r"categor(y|ies)", r"tags?", r"topics?", r"more",
        r"sections?", r"opinions?", r"columnists?", r"editorials?", r"letters", r"news", r"sport",
        r"(tags?|categor(y|ies)|topics?|filed under|posted in)\s?:.{0,140}",
    ),
    Why.RELATED: (
        r"read (more|next|also|on)(\s?:.{0,140})?",
        r"related( (articles|stories|content|topics|posts))?(\s?:.{0,140})?",
        r"(you )?(may|might) also like", r"more (from|on|in) .{1,60}", r"most (read|popular|viewed|shared)",
        r"trending( now)?", r"recommended( for you)?", r"see also(\s?:.{0,140})?", r"up next", r"don.t miss",
        r"lesen sie auch", r"mehr zum thema", r"lire aussi", r"editors?.? picks?",
    ),
    Why.COMMENTS: (
        r"(\d{1,6} )?comments?( \(\d{1,6}\))?", r"leave a (comment|reply)", r"join the (conversation|discussion)",
        r"(view|show) (all )?comments", r"post a comment", r"kommentare",
    ),
    Why.NEWSLETTER: (
        r"sign(ed)? up (for|to|here|now)\b.{0,120}", r"newsletters?", r"get our .{1,60} newsletter.{0,60}",
        r"enter your e-?mail.{0,60}", r"subscribe (now|today|to)\b.{0,80}", r"thank you for subscribing.{0,60}",
        r"already a subscriber.{0,60}", r"unlock this article.{0,60}", r"start your free trial.{0,60}",
    ),
    Why.COOKIE: (
        r"accept( all)?( cookies)?", r"reject all", r"manage (cookies|preferences|consent)", r"privacy( policy)?",
        r"cookie (policy|settings|preferences)", r"terms( (of (use|service)|and conditions))?",
    ),
    Why.BOILERPLATE: (
        r"(©|\(c\)|copyright\b).{0,120}", r".{0,80}all rights reserved", r"\d{1,3} min(ute)?s? read", r"loading",
        r"reading time.{0,30}", r"(view|read) in (browser|app)",
        r"this article (was|is) (originally )?published .{1,100}",
    ),
    Why.CAPTION: (
        r"(photo(graph)?|image|picture|credit|illustration|foto|bild)( by| credit| courtesy)?\s?[:/|].{0,140}",
        r"photo(graph)? by .{1,80}", r".{0,120}(getty images|associated press|/reuters|/afp|shutterstock|istock)",
    ),
}  # fmt: skip
_KNOWN = [
    (why, re.compile(rf"(?:{'|'.join(words)})\W{{0,3}}", re.IGNORECASE))
    for why, words in _WORDS.items()
]
_COOKIES = re.compile(
    r"\b(?:(?:we|this (?:web)?site|our partners) uses?|use of|accept(?:ing)?) (?:of )?cookies\b"
    r"|\byour (?:consent|privacy) (?:choices|preferences)\b",
    re.IGNORECASE,
)

# The words of class names and ids, and what their elements hold.
_NAMES = {
    name: why
    for why, names in {
        Why.ADVERTISEMENT: "ad ads advert adverts advertisement adslot sponsor sponsored promo",
        Why.SHARE: "share sharing social sharebar sharetools addthis",
        Why.NAVIGATION: "nav navigation navbar menu breadcrumb breadcrumbs sidebar pagination tags categories taglist",
        Why.COOKIE: "cookie cookies consent gdpr privacy",
        Why.NEWSLETTER: "newsletter subscribe subscription signup paywall mailinglist",
        Why.RELATED: "related recommended recommendations trending mostread readmore teaser teasers promoted",
        Why.CAPTION: "caption figcaption credit",
        Why.COMMENTS: "comment comments disqus respond",
        Why.BOILERPLATE: "footer copyright disclaimer colophon",
        Why.BYLINE: "byline author authors",
        Why.DATE: "dateline timestamp pubdate published datetime",
    }.items()
    for name in names.split()
}
_ELEMENTS = {
    "nav": Why.NAVIGATION,
    "aside": Why.RELATED,
    "footer": Why.BOILERPLATE,
    "form": Why.NEWSLETTER,
    "button": Why.NAVIGATION,
    "figcaption": Why.CAPTION,
    "time": Why.DATE,
    "address": Why.BYLINE,
    "select": Why.NAVIGATION,
    "dialog": Why.COOKIE,
}
_SPLIT = re.compile(r"[^A-Za-z0-9]+|(?<=[a-z])(?=[A-Z])")


def by_words(text: str) -> Why | None:
    """Say what a paragraph is by its words, or none for what may be the author's."""
    if len(text) <= _LONGEST:
        for why, pattern in _KNOWN:
            if pattern.fullmatch(text):
                return why
    if len(text) <= 600 and _COOKIES.search(text):
        return Why.COOKIE
    return None


def by_element(tag: str, names: str) -> Why | None:
    """Say what an element holds by its tag, or by its class names and id."""
    if tag in ("html", "body", "main", "article"):
        return None  # whose names speak of the page as a whole
    for name in _SPLIT.split(names[:400]):
        if (why := _NAMES.get(name.lower())) is not None:
            return why
    return _ELEMENTS.get(tag)
