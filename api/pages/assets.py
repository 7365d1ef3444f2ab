"""Files for pages: style sheets, scripts and the web component, which pages of other sites may load too."""

import os

from fastapi import Response
from fastapi.staticfiles import StaticFiles
from starlette.types import Scope


class Assets(StaticFiles):
    """Static files that any page may use and that browsers ask after each time."""

    def file_response(
        self,
        full_path: str | os.PathLike[str],
        stat_result: os.stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        """Return a file, or that it has not changed."""
        response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        response.headers["Cache-Control"] = "public, no-cache"
        return response
