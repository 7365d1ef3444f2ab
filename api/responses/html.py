"""Templates as answers, with the policy that browsers enforce on them."""

from typing import Any

from fastapi import Request, Response
from fastapi.templating import Jinja2Templates

from api.responses.texts import text
from api.settings import CHECKOUT
from argmap.store.records import Asker

_templates = Jinja2Templates(CHECKOUT / "web" / "templates")
_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; script-src 'self';"
    " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors "
)


def html_page(
    request: Request,
    template: str,
    asker: Asker,
    *,
    status: int = 200,
    framed: bool = False,
    trusted: bool = False,
    **values: Any,
) -> Response:
    """Fill in a template; `root` leads its addresses; `framed`: pages of other sites may show it in a frame.

    `trusted`: none of its scripts makes markup of a string, and the browser refuses to let them; on other pages only
    the component that shows a map does, by its policy of Trusted Types.
    """
    given = {
        "signed_in": asker.account_id is not None,
        "root": request.scope["root_path"],
        "t": text,
        **values,
    }
    response = _templates.TemplateResponse(request, template, given, status)
    response.headers["Content-Security-Policy"] = _POLICY + ("*" if framed else "'self'")
    makers = "'none'" if trusted else "argument-map"
    response.headers["Content-Security-Policy"] += (
        f"; require-trusted-types-for 'script'; trusted-types {makers}"
    )
    if framed:
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Vary"] = "Cookie"
    return response
