const SIDE = 720
const MARGIN = 56
const LINE = 52

export interface QrPicture {
  /** Of a PNG, so that a long press in any browser saves it as one. */
  url: string
  file: Blob
}

/** The QR as a picture of its own: a quiet zone on white, and under it what it is for. */
export async function drawQr(from: {
  payload: string | undefined
  image: string
  lines: string[]
}): Promise<QrPicture> {
  const canvas = document.createElement('canvas')
  canvas.width = SIDE + 2 * MARGIN
  canvas.height = canvas.width
  const pen = canvas.getContext('2d')
  if (!pen) throw new Error('This browser cannot draw')
  pen.fillStyle = '#fff'
  pen.fillRect(0, 0, canvas.width, canvas.height)
  if (from.payload) await drawModules(pen, from.payload)
  // The gateway's picture has its quiet zone already.
  else pen.drawImage(await loadImage(from.image), 0, 0, canvas.width, canvas.height)
  const shown = canvas.toDataURL('image/png')
  return { url: shown, file: await toFile(withLines(canvas, from.lines)) }
}

async function drawModules(pen: CanvasRenderingContext2D, payload: string): Promise<void> {
  const { encode } = await import('uqr')
  const { data, size } = encode(payload, { border: 0, ecc: 'M' })
  const step = SIDE / size
  pen.fillStyle = '#000'
  for (const [row, cells] of data.entries()) {
    for (const [column, dark] of cells.entries()) {
      if (dark) pen.fillRect(MARGIN + column * step, MARGIN + row * step, Math.ceil(step), Math.ceil(step))
    }
  }
}

function loadImage(address: string): Promise<HTMLImageElement> {
  return new Promise((resolve, reject) => {
    const image = new Image()
    image.onload = () => resolve(image)
    image.onerror = () => reject(new Error('The QR could not be loaded'))
    image.src = address
  })
}

/** The saved picture outlives the page, so it says by itself whom it pays, how much and for what. */
function withLines(qr: HTMLCanvasElement, lines: string[]): HTMLCanvasElement {
  const canvas = document.createElement('canvas')
  canvas.width = qr.width
  canvas.height = qr.height + lines.length * LINE + MARGIN / 2
  const pen = canvas.getContext('2d')
  if (!pen) return qr
  pen.fillStyle = '#fff'
  pen.fillRect(0, 0, canvas.width, canvas.height)
  pen.drawImage(qr, 0, 0)
  pen.fillStyle = '#1a1f1c'
  pen.textAlign = 'center'
  for (const [index, line] of lines.entries()) {
    pen.font = `${index === 1 ? 700 : 400} 36px system-ui, sans-serif`
    pen.fillText(line, canvas.width / 2, qr.height + index * LINE + 10, canvas.width - MARGIN)
  }
  return canvas
}

function toFile(canvas: HTMLCanvasElement): Promise<Blob> {
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('No picture came out'))), 'image/png')
  })
}

/**
 * Saves the picture: through the phone's own sheet where there is one, else as a download. False where the browser
 * allows neither; a long press on the picture still works there.
 */
export async function saveImage(picture: QrPicture, name: string): Promise<boolean> {
  const file = new File([picture.file], name, { type: 'image/png' })
  if (/Android|iPhone|iPad/.test(navigator.userAgent) && navigator.canShare?.({ files: [file] })) {
    try {
      await navigator.share({ files: [file] })
      return true
    } catch {
      return false
    }
  }
  const link = document.createElement('a')
  link.href = URL.createObjectURL(picture.file)
  link.download = name
  document.body.append(link)
  link.click()
  link.remove()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
  return true
}
