// Returns the page's main headings, the places where heading levels jump, and ids that are given twice.
() => {
  const headings = [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')];
  const level = (heading) => Number(heading.tagName[1]);
  const before = (place) => (place === 0 ? 0 : level(headings[place - 1]));
  const ids = [...document.querySelectorAll('[id]')].map((element) => element.id);
  return {
    main: headings.filter((heading) => level(heading) === 1).map((heading) => heading.textContent.trim()),
    jumps: headings.filter((heading, place) => level(heading) > before(place) + 1).map((heading) => heading.outerHTML.slice(0, 120)),
    empty: headings.filter((heading) => !heading.textContent.trim()).map((heading) => heading.outerHTML.slice(0, 120)),
    twice: ids.filter((id, place) => ids.indexOf(id) !== place),
  };
}
