// Scrolls down the page in steps and back, so that lazy images load.
async () => {
  for (let y = 0; y < document.body.scrollHeight; y += 600) {
    scrollTo(0, y);
    await new Promise((done) => setTimeout(done, 10));
  }
  scrollTo(0, 0);
}
