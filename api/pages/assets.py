"""Browser code of the folder web/: style sheets, scripts and the web component, which pages of other sites may load."""

import os

from fastapi import Response
from fastapi.staticfiles import StaticFiles
from starlette.types import Scope


class Assets(StaticFiles):
    """Static files that any page may use and that browsers ask after each time; templates are not among them."""

    def lookup_path(self, path: str) -> tuple[str, os.stat_result | None]:
        """Find a file; the templates of pages are read by the service alone."""
        return ("", None) if path.partition(os.sep)[0] == "templates" else super().lookup_path(path)

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
