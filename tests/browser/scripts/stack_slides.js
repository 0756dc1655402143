// Shows the slides of a deck one below the other, all fragments shown, those on a ground of their own left out.
() => {
  const slides = Reveal.getSlides().filter((slide) => !slide.matches('#title-slide, .section-slide'));
  const sections = [...document.querySelectorAll('.slides section')];
  const kept = sections.map((section) => ['style', 'hidden', 'aria-hidden', 'class'].map((name) => [name, section.getAttribute(name)]));
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    .reveal .slides { position: static !important; overflow: visible !important; transform: none !important; zoom: 1 !important; }
    .reveal .slides section { display: block !important; position: static !important; visibility: visible !important;
      transform: none !important; opacity: 1 !important; height: auto !important; min-height: 0 !important; }
    .reveal .slides section:is(#title-slide, .section-slide) { display: none !important; }
    .reveal .slides .fragment { visibility: visible !important; opacity: 1 !important; }
    .reveal .slides aside.notes { display: none !important; }`);
  document.adoptedStyleSheets.push(sheet);
  for (const section of sections) {
    section.removeAttribute('hidden');
    section.removeAttribute('aria-hidden');
  }
  window.unstackSlides = () => {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((other) => other !== sheet);
    sections.forEach((section, place) => kept[place].forEach(([name, value]) => (
      value === null ? section.removeAttribute(name) : section.setAttribute(name, value))));
  };
  return slides.filter((slide) => slide.getBoundingClientRect().height > 20).length;
}
