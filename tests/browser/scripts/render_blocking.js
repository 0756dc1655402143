// What the browser fetches before it paints anything.
() => performance.getEntriesByType('resource')
  .filter((entry) => entry.renderBlockingStatus === 'blocking')
  .map((entry) => ({ name: entry.name, kind: entry.initiatorType, bytes: entry.encodedBodySize }))
