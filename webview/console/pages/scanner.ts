import { onBeforeUnmount, ref } from 'vue'

interface Detector {
  detect(source: HTMLVideoElement): Promise<{ rawValue: string }[]>
}
type DetectorClass = new (options: { formats: string[] }) => Detector

const detectorClass = (): DetectorClass | undefined =>
  (globalThis as { BarcodeDetector?: DetectorClass }).BarcodeDetector

const againMs = 250
/** The same code in front of the camera is one wish for so long. */
const sameMs = 4000

/**
 * Reads QR codes with the camera where the browser can do that by itself; elsewhere a scanner that types, or a hand,
 * does. Every code is told once while it stays in sight.
 */
export function useScanner(found: (text: string) => Promise<void>) {
  const possible = detectorClass() !== undefined && navigator.mediaDevices !== undefined
  const scanning = ref(false)
  const refused = ref(false)
  const video = ref<HTMLVideoElement | null>(null)
  let stream: MediaStream | undefined
  let last = { text: '', at: 0 }

  async function start(): Promise<void> {
    const Class = detectorClass()
    if (!Class || scanning.value) return
    refused.value = false
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } })
    } catch {
      refused.value = true
      return
    }
    scanning.value = true
    const element = video.value
    if (!element) return stop()
    element.srcObject = stream
    await element.play()
    await watch(new Class({ formats: ['qr_code'] }), element)
  }

  async function watch(detector: Detector, element: HTMLVideoElement): Promise<void> {
    while (scanning.value) {
      const [code] = await detector.detect(element).catch(() => [])
      if (code && isNew(code.rawValue)) await found(code.rawValue)
      await new Promise((resolve) => setTimeout(resolve, againMs))
    }
  }

  function isNew(text: string): boolean {
    const now = Date.now()
    const known = text === last.text && now - last.at < sameMs
    last = { text, at: now }
    return !known
  }

  function stop(): void {
    scanning.value = false
    for (const track of stream?.getTracks() ?? []) track.stop()
    stream = undefined
  }

  onBeforeUnmount(stop)
  return { possible, scanning, refused, video, start, stop }
}
