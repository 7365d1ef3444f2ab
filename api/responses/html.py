"""Templates as answers, with the policy that browsers enforce on them."""

from typing import Any

from fastapi import Request, Response
from fastapi.templating import Jinja2Templates

from api.settings import CHECKOUT
from argmap.store.records import Asker

_templates = Jinja2Templates(CHECKOUT / "web" / "templates")
_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; connect-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors "
)


def html_page(
    request: Request,
    template: str,
    asker: Asker,
    *,
    status: int = 200,
    framed: bool = False,
    **values: Any,
) -> Response:
    """Fill in a template; `root` leads its addresses; `framed`: pages of other sites may show it in a frame."""
    given = {
        "signed_in": asker.account_id is not None,
        "root": request.scope["root_path"],
        **values,
    }
    response = _templates.TemplateResponse(request, template, given, status)
    response.headers["Content-Security-Policy"] = _POLICY + ("*" if framed else "'self'")
    if framed:
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Vary"] = "Cookie"
    return response
