/** Shapes of a picture, as text. Colours are classes, so that they follow the reader's theme. */

const THEME = `
    text { font: 13px system-ui, -apple-system, "Segoe UI", sans-serif; fill: #1f2328; }
    .head { font-weight: 600; font-size: 15px; }
    .quiet { fill: #59636e; }
    .page { fill: #ffffff; stroke: #d1d9e0; }
    .line { stroke: #59636e; stroke-dasharray: 3 3; }
    .native { fill: #0969da; }
    .browser { fill: #bf8700; }
    .engine { fill: #818b98; }
    .interpreter { fill: #1a7f37; }
    .peer { fill: #818b98; }
    @media (prefers-color-scheme: dark) {
      text { fill: #f0f6fc; }
      .quiet { fill: #9198a1; }
      .page { fill: #0d1117; stroke: #3d444d; }
      .line { stroke: #9198a1; }
      .native { fill: #4493f8; }
      .browser { fill: #d29922; }
      .engine { fill: #656c76; }
      .interpreter { fill: #3fb950; }
      .peer { fill: #656c76; }
    }`

export type Colour = 'native' | 'browser' | 'engine' | 'interpreter' | 'peer'

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
const short = (number: number): string => String(Math.round(10 * number) / 10)

export const label = (x: number, y: number, text: string, style: '' | 'head' | 'quiet' = ''): string =>
  `<text x="${short(x)}" y="${short(y)}"${style === '' ? '' : ` class="${style}"`}>${escaped(text)}</text>`

/** Ends at x. */
export const labelBefore = (x: number, y: number, text: string): string =>
  `<text x="${short(x)}" y="${short(y)}" text-anchor="end">${escaped(text)}</text>`

export const bar = (x: number, y: number, width: number, height: number, colour: Colour): string =>
  `<rect x="${short(x)}" y="${short(y)}" width="${short(Math.max(1, width))}" height="${height}" rx="2" class="${colour}"/>`

export const upright = (x: number, from: number, to: number): string =>
  `<line x1="${short(x)}" x2="${short(x)}" y1="${short(from)}" y2="${short(to)}" class="line"/>`

/** A picture that says in words what it shows. */
export const picture = (width: number, height: number, title: string, shapes: readonly string[]): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title">
  <title id="title">${escaped(title)}</title>
  <style>${THEME}
  </style>
  <rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="6" class="page"/>
  ${shapes.join('\n  ')}
</svg>
`
