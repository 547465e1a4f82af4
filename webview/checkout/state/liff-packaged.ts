// LINE's own SDK in its pluggable form: the core and the five parts that the page uses. Loaded only inside LINE.
import CloseWindow from '@line/liff/close-window'
import { liff } from '@line/liff/core'
import GetIDToken from '@line/liff/get-id-token'
import IsInClient from '@line/liff/is-in-client'
import OpenWindow from '@line/liff/open-window'

liff.use(new GetIDToken())
liff.use(new IsInClient())
liff.use(new CloseWindow())
liff.use(new OpenWindow())

export { liff }
