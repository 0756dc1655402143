// Returns the controls of the playground that are smaller than 44 pixels (half a pixel is forgiven).
() => {
  const controls = 'button, select, input:not([type=checkbox], [type=radio]), summary, .pg-check, .pg-set';
  return [...document.querySelectorAll('.playground, .pg-more')].flatMap((part) => [...part.querySelectorAll(controls)])
    .filter((element) => element.checkVisibility())
    .map((element) => [element.getBoundingClientRect(), element.outerHTML.slice(0, 80)])
    .filter(([box]) => box.width < 43.5 || box.height < 43.5)
    .map(([box, html]) => `${box.width} x ${box.height} ${html}`);
}
