// What the phone asks of the simulated LINE.
import { askAt } from './ask.js'

const line = askAt('/__sim/line')

export const listUsers = async () => (await line.request('/users')).users
export const createUser = (about) => line.post('/users', about)
export const write = (userId, message) => line.post(`/users/${userId}/messages`, message)
export const postback = (userId, body) => line.post(`/users/${userId}/postback`, body)
export const follow = (userId) => line.post(`/users/${userId}/follow`)
export const unfollow = (userId) => line.post(`/users/${userId}/unfollow`)
export const unsend = (userId, messageId) => line.post(`/users/${userId}/unsend`, { messageId })
export const switchMenu = (userId, body) => line.post(`/users/${userId}/switch-menu`, body)

export const sendFile = (userId, file) =>
  line.postFile(`/users/${userId}/messages`, file, { 'x-file-name': encodeURIComponent(file.name) })

export const watch = (userId, onView, onConnection) =>
  line.watch(`/users/${userId}/stream`, onView, onConnection)
