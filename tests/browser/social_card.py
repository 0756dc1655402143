"""Draws the picture that stands beside links to the site, from the home page: `python -m tests.browser.social_card`.

Run it when the home page's picture or the colors change, and commit `theme/images/social-card.png`.
"""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image

from tests.browser.serving import chromium, serving

TARGET = Path("theme/images/social-card.png")
SIZE = (1200, 630)  # what sites that preview links ask for
STYLE = """
  .site-header, .sidebar, .toc, .site-footer, .content > :not(.scan-picture), .scan-picture input,
  .scan-picture figcaption { display: none !important; }
  .site-columns, main { display: block !important; max-width: none; }
  body { zoom: 1.32; border-left: 12px solid var(--accent); }
  main { padding: 2.5rem 5rem 0 !important; }
  .title-block { margin-bottom: 2rem; }
  .title-block > .title { font-size: 3.4rem !important; }
"""


def main(site: Path = Path("_site"), target: Path = TARGET) -> None:
    with serving(site) as address, chromium() as browser:
        context = browser.new_context(
            viewport={"width": SIZE[0], "height": SIZE[1]}, reduced_motion="reduce", bypass_csp=True
        )
        page = context.new_page()
        page.goto(f"{address}/index.html", wait_until="networkidle")
        page.add_style_tag(content=STYLE)
        shot = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
        context.close()
    shot.quantize(128).save(target, optimize=True)
    print(f"{target} ({target.stat().st_size / 1000:.0f} KB)")


if __name__ == "__main__":
    main()
