"""Where the site will live, if `website: site-url` says so: canonical addresses and the map for search engines."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from site_builder.errors import CourseError
from site_builder.project import Project

SITEMAP = "sitemap.xml"
#: What a web host shows for an address at which there is nothing. It has no address of its own.
MISSING_PAGE = "404.html"
NO_ADDRESS = "  no sitemap.xml and no canonical links: `site-url` is not set under `website` in _quarto.yml"


def site_url(project: Project) -> str | None:
    """Return the address of the site with a slash at its end, or None if it is not known."""
    url = str(project.website.get("site-url") or "")
    if not url:
        return None
    if not url.startswith(("https://", "http://")):
        raise CourseError(f"site-url: {url!r} does not begin with https://", project.where("website", "site-url"))
    return url.rstrip("/") + "/"


def canonical(project: Project, page: str) -> str | None:
    """Return the one address of a page; a folder's `index.html` is the folder itself."""
    base = site_url(project)
    if base is None or page == MISSING_PAGE:
        return None
    return base + (page[: -len("index.html")] if page == "index.html" or page.endswith("/index.html") else page)


def sitemap(project: Project, pages: Iterable[str]) -> str | None:
    """Return the map of the site in the format of sitemaps.org, or None if the site's address is not known."""
    found = [address for page in sorted(pages) if (address := canonical(project, page))]
    if not found:
        return None
    entries = "".join(f"  <url><loc>{escape(address)}</loc></url>\n" for address in found)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{entries}</urlset>\n'
    )
