import { ref } from 'vue'
import type { MessageView } from '../api/conversations.ts'
import { useLive } from '../stores/live.ts'
import { t } from '../words.ts'

const KEPT_AS = 'console.alerts'

/** Whether new messages make a sound, and a notification while the window is hidden. */
export const alerts = ref(localStorage.getItem(KEPT_AS) === 'on')

export async function allowAlerts(on: boolean): Promise<void> {
  alerts.value = on
  localStorage.setItem(KEPT_AS, on ? 'on' : 'off')
  // The browser asks only when a person has just clicked.
  if (on && 'Notification' in window && Notification.permission === 'default')
    await Notification.requestPermission()
}

/** Listens for what customers write, as long as the console is open. */
export function startAlerts(): void {
  useLive().on('message', (message) => {
    if (!alerts.value || message.direction !== 'in') return
    if (document.visibilityState === 'visible') ring()
    else show(message)
  })
}

function show(message: MessageView): void {
  if (!('Notification' in window) || Notification.permission !== 'granted') {
    ring()
    return
  }
  const notification = new Notification(t('thread.newFrom'), {
    body: message.text,
    tag: message.conversationId,
  })
  notification.onclick = () => window.focus()
}

/** Two short tones, made here: no file to fetch. */
function ring(): void {
  const context = new AudioContext()
  for (const [pitch, start] of [
    [660, 0],
    [880, 0.12],
  ] as const) {
    const tone = context.createOscillator()
    const loudness = context.createGain()
    tone.frequency.value = pitch
    loudness.gain.setValueAtTime(0.08, context.currentTime + start)
    loudness.gain.exponentialRampToValueAtTime(0.001, context.currentTime + start + 0.2)
    tone.connect(loudness).connect(context.destination)
    tone.start(context.currentTime + start)
    tone.stop(context.currentTime + start + 0.25)
  }
  setTimeout(() => void context.close(), 600)
}
