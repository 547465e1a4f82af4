/** Text made safe for HTML, also within a quoted attribute. */
export const escapeHtml = (text: string): string =>
  text.replace(
    /[&<>"']/g,
    (character) =>
      ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' })[character] as string,
  )

/** A plain page of the sandbox, in the look that all of them share. `body` is HTML. */
export const page = (title: string, body: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/__sim/pages/pages.css">
</head>
<body>
${body}
</body>
</html>
`

/** A table on a phone: every row a block of its own, as wide as the screen. */
export const tablesOnPhones = `
  @media (max-width: 48rem) { thead { display: none } tbody, tr, td { display: block }
  tr { padding: .5rem 0; border-top: 1px solid #dde2ea } td { padding: .1rem 0; border: 0; overflow-wrap: anywhere } }`
