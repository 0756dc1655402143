// Returns what scrolls inside its box, and which of these boxes the keyboard cannot scroll.
() => {
  const scrolls = (element) => {
    const style = getComputedStyle(element);
    const sideways = /auto|scroll/.test(style.overflowX) && element.scrollWidth > element.clientWidth + 1;
    const down = /auto|scroll/.test(style.overflowY) && element.scrollHeight > element.clientHeight + 1;
    return element.checkVisibility({ visibilityProperty: true }) && (sideways || down);
  };
  const boxes = [...document.querySelectorAll('body *')].filter(scrolls);
  const isReached = (box) => box.tabIndex >= 0 || [...box.querySelectorAll('a[href], button, input, summary, [tabindex="0"]')].length > 0;
  return {
    count: boxes.length,
    stuck: boxes.filter((box) => !isReached(box)).map((box) => box.outerHTML.slice(0, 120)),
    wide: boxes.filter((box) => box.tabIndex === 0 && box.scrollWidth > box.clientWidth + 60 && box.closest('.content')).length,
  };
}
