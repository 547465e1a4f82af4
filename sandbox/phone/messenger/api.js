// What the phone asks of the simulated Messenger.
import { askAt } from '../ask.js'

const messenger = askAt('/__sim/messenger')

export const listPeople = async () => (await messenger.request('/people')).people
export const createPerson = (about) => messenger.post('/people', about)
export const write = (psid, message) => messenger.post(`/people/${psid}/messages`, message)
/** One small thing that a person does: postback, start, react, unsend, read, block … */
export const act = (psid, what, about = {}) => messenger.post(`/people/${psid}/${what}`, about)
export const context = (psid) => messenger.post(`/people/${psid}/context`)

export const sendFile = (psid, file) => messenger.postFile(`/people/${psid}/messages`, file)

export const watch = (psid, onView, onConnection) =>
  messenger.watch(`/people/${psid}/stream`, onView, onConnection)
