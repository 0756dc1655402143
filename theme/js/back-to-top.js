// The way back to the top is there once the first screen is out of sight.
export function setUpBackToTop(link) {
  new IntersectionObserver(([entry]) => { link.hidden = entry.isIntersecting; }).observe(document.querySelector('.first-screen'));
}
